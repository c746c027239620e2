"""What recording costs, and what it loses when the server is killed or the disk is full.

    python -m benchmarks.recorder --json [--short]

SQLite with its FULL synchronisation, on the disk that holds the temporary files. `--short` only
shows that everything works.
"""

from __future__ import annotations

import argparse
import logging
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from benchmarks.report import print_figures
from core.records.camera_row import CameraRow
from core.records.database import Database, open_database
from core.records.recorder import Recorder
from core.records.roller import Roller
from core.records.second_store import SecondStore
from tests.support.clock import FakeClock
from tests.support.recording import killed_while_recording
from tests.support.seconds import BEGIN_UTC, person, second

_CAMERA = CameraRow("kitchen", "Kitchen")
_WARM_UP = 20
_ROLL_EVERY = 20


def cost(faces: int, seconds: int) -> dict[str, Any]:
    """Of one camera that sees so many faces, at one write a second, sums per minute included.

    Processor time as a share of one core, and how long one write takes, in ms.
    """
    with _new_database() as database:
        clock = FakeClock(BEGIN_UTC)
        recorder, roller = Recorder(SecondStore(database)), Roller(database, clock)
        writes_s: list[float] = []

        def one_second(index: int) -> None:
            clock.advance(1.0)
            recorder.add(_CAMERA, second(index, *map(person, range(1, faces + 1))))
            began_s = time.perf_counter()
            recorder.flush()
            writes_s.append(time.perf_counter() - began_s)
            if index % _ROLL_EVERY == 0:
                roller.roll()

        for index in range(_WARM_UP):
            one_second(index)
        before_s = time.process_time()
        for index in range(_WARM_UP, _WARM_UP + seconds):
            one_second(index)
        spent_s = time.process_time() - before_s
    return {
        f"cpu_share_per_camera_{faces}_faces": round(spent_s / seconds, 4),
        f"write_ms_{faces}_faces": round(median(writes_s) * 1e3, 2),
    }


def kills(rounds: int) -> dict[str, Any]:
    """A real server with one camera, killed at any moment."""
    random_ = random.Random(5)
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            found.append(killed_while_recording(Path(name), random_))
    return {
        "kills": len(found),
        "lost_s_most": round(max(each.lost_s for each in found), 2),
        "lost_s_median": round(median(each.lost_s for each in found), 2),
        "kills_with_gaps": sum(each.has_gaps for each in found),
    }


def full_disk(seconds: int) -> dict[str, Any]:
    """So many seconds of six people while the disk is full, and some space after that."""
    with _new_database() as database:
        store = SecondStore(database)
        recorder = Recorder(store)
        _bound(database, pages := [1])
        for index in range(seconds):
            recorder.add(_CAMERA, second(index, *map(person, range(1, 7))))
            recorder.flush()
        waiting, sentence = recorder.waiting, recorder.trouble
        pages[0] = 1_000_000
        recorder.flush()
        found = store.between(BEGIN_UTC, second(seconds).at_utc)
        kept = sum(1 for _, of_camera in found for _ in of_camera)
    return {
        "full_disk_seconds": seconds,
        "full_disk_waiting": waiting,
        "full_disk_says": sentence,
        "full_disk_lost": seconds - kept,
    }


@contextmanager
def _new_database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as name:
        database = open_database(None, Path(name))
        yield database
        database.close()


def _bound(database: Database, pages: list[int]) -> None:
    """SQLite's own bound of the file's size stands for the disk's."""

    def set_bound(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    event.listen(database._reading.pool, "checkout", set_bound)


def main() -> None:
    """Prints one figure a line, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recorder", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--short", action="store_true", help="some seconds instead of minutes")
    options = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    short = options.short
    figures = {
        **cost(1, 30 if short else 600),
        **cost(6, 30 if short else 600),
        **kills(1 if short else 10),
        **full_disk(200 if short else 600),
    }
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
