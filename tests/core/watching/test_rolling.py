from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import RecordsError
from core.records.database import Database, open_database
from core.records.leases import Leases
from core.watching.rolling import EVERY_S, Rolling
from tests.support.clock import FakeClock


class FakeRoller:
    """With so much to do."""

    def __init__(self) -> None:
        self.pages = [0]
        self.calls = 0
        self.error: RecordsError | None = None

    def roll(self) -> int:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.pages.pop(0) if self.pages else 0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(None, tmp_path)
    yield made
    made.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def rolling_of(roller: FakeRoller, database: Database, clock: FakeClock, owner: str) -> Rolling:
    return Rolling(roller, Leases(database, clock), owner, clock)  # type: ignore[arg-type]


def test_comes_again_when_it_is_time_to(database: Database, clock: FakeClock) -> None:
    roller = FakeRoller()
    rolling = rolling_of(roller, database, clock, "server")
    for _ in range(3):
        rolling.keep()
    assert roller.calls == 1
    clock.advance(EVERY_S)
    rolling.keep()
    assert roller.calls == 2


def test_a_backlog_goes_on_at_once(database: Database, clock: FakeClock) -> None:
    roller = FakeRoller()
    roller.pages = [50, 50, 3, 0]
    rolling = rolling_of(roller, database, clock, "server")
    for _ in range(9):
        rolling.keep()
    assert roller.calls == 4


def test_what_failed_is_tried_again_at_once(database: Database, clock: FakeClock) -> None:
    roller = FakeRoller()
    roller.error = RecordsError("The disk is full.")
    rolling = rolling_of(roller, database, clock, "server")
    for _ in range(2):
        with pytest.raises(RecordsError):
            rolling.keep()
    roller.error = None
    rolling.keep()
    assert roller.calls == 3


def test_of_two_servers_one_does_it(database: Database, clock: FakeClock) -> None:
    one, two = FakeRoller(), FakeRoller()
    servers = [
        rolling_of(roller, database, clock, name) for roller, name in ((one, "one"), (two, "two"))
    ]
    for server in servers:
        server.keep()
    assert (one.calls, two.calls) == (1, 0)
