"""How many drills were run, and what they lost or doubled."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.drilling import Tally, household
from tests.support.drills import DRILLS, ON_POSTGRESQL, Drill, killed_again_and_again
from tests.support.postgresql import NoPostgresqlError, running_postgresql, url_of

AT_ONCE = 3
"""Drills wait for most of their time."""
KILLS_A_DRILL = 10


def measure(rounds: int, kills: int) -> dict[str, Any]:
    """Every drill in each round, some on PostgreSQL as well where there is one, and a server under
    a stream of alerts killed so many times. A drill that fails, or whose files hold the bot's
    token, is named in `failed_drills`.
    """
    asked: list[tuple[str, Callable[[], Outcome]]] = []
    for _ in range(rounds):
        asked += [(name, partial(_outcome, drill)) for name, drill in DRILLS.items()]
        asked += [
            (f"{name} on PostgreSQL", partial(_outcome_on_postgresql, drill))
            for name, drill in ON_POSTGRESQL.items()
        ]
    for seed in range(-(-kills // KILLS_A_DRILL)):
        soak = partial(
            killed_again_and_again, kills=min(kills, KILLS_A_DRILL), seed=seed, failures=seed % 3
        )
        asked.append((f"killed again and again, seed {seed}", partial(_outcome, soak)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [(name, pool.submit(call)) for name, call in asked]
    return summary(running)


@dataclass(frozen=True)
class Outcome:
    """What was counted after a drill, also where it failed, and why it did."""

    tally: Tally
    failure: str = ""


def _outcome(drill: Drill, url: str | None = None) -> Outcome:
    failure = ""
    with household(url) as home:
        try:
            drill(home)
        except AssertionError:
            failure = traceback.format_exc()
        return Outcome(home.tally(), failure)


def _outcome_on_postgresql(drill: Drill) -> Outcome:
    with running_postgresql() as folder:
        return _outcome(drill, url_of(folder, "postgres"))


def summary(ended: Iterable[tuple[str, Future[Outcome]]]) -> dict[str, Any]:
    """The figures, by name."""
    outcomes, failed, skipped = [], [], []
    for name, future in ended:
        try:
            outcome = future.result()
        except NoPostgresqlError:
            skipped.append(name)
            continue
        except Exception as error:  # noqa: BLE001  # a drill that cannot be carried out has failed
            outcome = Outcome(Tally(), repr(error))
        outcomes.append(outcome)
        if outcome.failure or not outcome.tally.is_clean:
            print(f"{name}: {outcome}", file=sys.stderr)
            failed.append(name)
    total = sum((outcome.tally for outcome in outcomes), Tally())
    return {
        "drills": len(outcomes),
        "failed_drills": failed,
        "skipped_drills": skipped,
        "alerts_in_drills": total.alerts,
        "lost": total.lost,
        "only_reminded": total.only_reminded,
        "unmarked_duplicates": total.unmarked_duplicates,
        "marked_repeats": total.marked_repeats,
        "unrecorded": total.unrecorded,
    }
