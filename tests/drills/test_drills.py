"""Whatever fails on its way, an alert arrives, and nobody is told twice without being told so."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest

from tests.support.drilling import Tally, household
from tests.support.drills import DRILLS, ON_POSTGRESQL
from tests.support.postgresql import url_of

AT_ONCE = 6
"""Drills wait for most of their time, each in a household of its own."""


def tally_of(name: str) -> Tally:
    with household() as home:
        DRILLS[name](home)
        return home.tally()


@pytest.fixture(scope="session")
def drilled(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Tally]]]:
    """Of all drills that were asked for, which begin together."""
    asked = [
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "drilled" in item.fixturenames
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(tally_of, name) for name in asked}


@pytest.mark.parametrize("name", DRILLS)
def test_no_alert_is_lost_or_doubled(name: str, drilled: dict[str, Future[Tally]]) -> None:
    tally = drilled[name].result()
    assert tally.is_clean, tally


@pytest.mark.parametrize("name", ON_POSTGRESQL)
def test_no_alert_is_lost_or_doubled_on_postgresql(name: str, postgresql: str) -> None:
    with psycopg.connect(url_of(postgresql, "postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with household(url_of(postgresql, name.replace(" ", "%20"))) as home:
        ON_POSTGRESQL[name](home)
        assert home.tally().is_clean
