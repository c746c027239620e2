"""A database with one carer in it, and time that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.delivery.bot.door import Door
from core.delivery.stores import Stores
from core.records.database import Database, open_database
from core.records.recipient import ChannelKind, Recipient
from tests.support.clock import FakeClock
from tests.support.delivering import stores_on
from tests.support.updates import ANNA, NOON


@pytest.fixture
def clock() -> FakeClock:
    """It is when messages are sent."""
    return FakeClock(NOON)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Empty."""
    database = open_database(None, tmp_path)
    yield database
    database.close()


@pytest.fixture
def stores(database: Database, clock: FakeClock) -> Stores:
    """On that database."""
    return stores_on(database, clock)


@pytest.fixture
def anna(stores: Stores) -> Recipient:
    """Linked."""
    return stores.recipients.add("Anna", ChannelKind.TELEGRAM, str(ANNA))


@pytest.fixture
def door(stores: Stores, clock: FakeClock) -> Door:
    """Of that database."""
    return Door(stores, clock)
