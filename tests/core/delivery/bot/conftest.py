"""A database with one carer in it, and time that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.delivery.bot.door import Door
from core.delivery.stores import Stores
from core.records.database import FILE_NAME, Database, open_database
from core.records.recipient import ChannelKind, Recipient
from tests.support.clock import FakeClock
from tests.support.delivering import stores_on
from tests.support.updates import ANNA, NOON


@pytest.fixture
def clock() -> FakeClock:
    """It is when messages are sent."""
    return FakeClock(NOON)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making the tables takes longer than most tests."""
    folder = tmp_path_factory.mktemp("empty")
    open_database(None, folder).close()
    return folder / FILE_NAME


@pytest.fixture
def database(tmp_path: Path, empty_file: Path) -> Iterator[Database]:
    """Empty."""
    shutil.copy(empty_file, tmp_path)
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
