"""Whatever fails on its way, an alert arrives, and nobody is told twice without being told so."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.support.drilling import Tally, household
from tests.support.drills import DRILLS, two_servers
from tests.support.postgresql import url_of

AT_ONCE = 4
"""Drills wait for most of their time, each in a household of its own."""


def tally_of(name: str) -> Tally:
    with household() as home:
        DRILLS[name](home)
        return home.tally()


@pytest.fixture(scope="session")
def tallies(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Tally]]]:
    """Of all drills that were asked for, which begin together."""
    asked = [
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "tallies" in item.fixturenames
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(tally_of, name) for name in asked}


@pytest.mark.parametrize("name", DRILLS)
def test_no_alert_is_lost_or_doubled(name: str, tallies: dict[str, Future[Tally]]) -> None:
    tally = tallies[name].result()
    assert (tally.lost, tally.unmarked_duplicates, tally.unrecorded) == (0, 0, 0)


def test_two_servers_on_postgresql(postgresql: str) -> None:
    with household(url_of(postgresql, "mien")) as home:
        two_servers(home)
        assert home.tally() == Tally(alerts=8)
