from __future__ import annotations

from concurrent.futures import Future

from benchmarks.alert_drills import Outcome, summary
from tests.support.drilling import Tally
from tests.support.postgresql import NoPostgresqlError


def ended(outcome: Outcome | Exception) -> Future[Outcome]:
    future: Future[Outcome] = Future()
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return future


def test_what_fails_is_named_and_what_it_lost_is_counted() -> None:
    figures = summary(
        [
            ("well", ended(Outcome(Tally(alerts=8, marked_repeats=1)))),
            ("lost", ended(Outcome(Tally(alerts=1, lost=2), "AssertionError()"))),
            ("doubled", ended(Outcome(Tally(alerts=1, unmarked_duplicates=3)))),
            ("did not start", ended(OSError("no port"))),
            ("on PostgreSQL", ended(NoPostgresqlError("there is none"))),
        ]
    )
    assert (figures["drills"], figures["alerts_in_drills"]) == (4, 10)
    assert figures["failed_drills"] == ["lost", "doubled", "did not start"]
    assert figures["skipped_drills"] == ["on PostgreSQL"]
    assert (figures["lost"], figures["unmarked_duplicates"], figures["marked_repeats"]) == (2, 3, 1)
