"""How many drills were run, and what they lost or doubled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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
    asked: list[tuple[str, Callable[[], Tally]]] = []
    for _ in range(rounds):
        asked += [(name, partial(_tally, drill)) for name, drill in DRILLS.items()]
        asked += [
            (f"{name} on PostgreSQL", partial(_tally_on_postgresql, drill))
            for name, drill in ON_POSTGRESQL.items()
        ]
    for seed in range(-(-kills // KILLS_A_DRILL)):
        soak = partial(killed_again_and_again, kills=min(kills, KILLS_A_DRILL), seed=seed)
        asked.append((f"killed again and again, seed {seed}", partial(_tally, soak)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [(name, pool.submit(call)) for name, call in asked]
    return _summary(running)


def _tally(drill: Drill, url: str | None = None) -> Tally:
    with household(url) as home:
        drill(home)
        return home.tally()


def _tally_on_postgresql(drill: Drill) -> Tally:
    with running_postgresql() as folder:
        return _tally(drill, url_of(folder, "postgres"))


def _summary(ended: list[tuple[str, Future[Tally]]]) -> dict[str, Any]:
    total, failed, skipped = Tally(), [], []
    for name, future in ended:
        try:
            tally = future.result()
        except NoPostgresqlError:
            skipped.append(name)
        except Exception as error:  # noqa: BLE001  # a drill that cannot be carried out has failed
            print(f"{name}: {error!r}", file=sys.stderr)
            failed.append(name)
        else:
            total += tally
    return {
        "drills": len(ended) - len(skipped),
        "failed_drills": failed,
        "skipped_drills": skipped,
        "alerts_in_drills": total.alerts,
        "lost": total.lost,
        "unmarked_duplicates": total.unmarked_duplicates,
        "marked_repeats": total.marked_repeats,
        "unrecorded": total.unrecorded,
    }
