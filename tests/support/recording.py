"""Recording drilled with a real process: killed while it records a camera."""

from __future__ import annotations

import random
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from core.clock import SystemClock
from core.monitoring.second import Second
from core.records.database import Database, open_database
from core.records.second_store import SecondStore
from tests.support.drilling import AlertServer
from tests.support.waiting import eventually

WITHIN_S = 1.5
"""Of one beat of recording, with some room: the moment of the kill is drawn from it."""

_DAY = timedelta(days=1)
_CLOCK = SystemClock()


@dataclass(frozen=True)
class Killed:
    """What was there after a kill.

    Attributes:
        kept: seconds in the database.
        lost_s: from the end of the last one to the kill: what was seen then is gone.
        has_gaps: whether one is missing before that, or its face.
    """

    kept: int
    lost_s: float
    has_gaps: bool


def killed_while_recording(folder: Path, random_: random.Random) -> Killed:
    """A server with one camera at the pace of a live one, killed at any moment.

    Everything from the watch to the disk is the product's; what the camera sees is made up.
    """
    with closing(open_database(None, folder)) as database:
        server = AlertServer(folder, {}, folder / "server.log")
        try:
            server.ask("film", 600.0, 0.0)
            eventually(lambda: len(_kept(database)) >= 3, within_s=60)
            time.sleep(random_.uniform(0.0, WITHIN_S))
            killed_utc = _CLOCK.now_utc()
        finally:
            server.kill()
        seconds = _kept(database)
    gaps_s = [
        (later.at_utc - earlier.at_utc).total_seconds() for earlier, later in pairwise(seconds)
    ]
    return Killed(
        kept=len(seconds),
        lost_s=(killed_utc - seconds[-1].at_utc).total_seconds(),
        has_gaps=any(gap_s > 1.5 for gap_s in gaps_s)
        or any(len(each.people) != 1 for each in seconds),
    )


def _kept(database: Database) -> list[Second]:
    now_utc = _CLOCK.now_utc()
    found = SecondStore(database).between(now_utc - _DAY, now_utc + _DAY)
    return [second for _, seconds in found for second in seconds]
