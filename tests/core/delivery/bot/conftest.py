"""A database with one carer in it, and time that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.delivery.bot.door import Door
from core.delivery.stores import Stores
from core.records.alert_store import AlertStore
from core.records.database import Database, open_database
from core.records.leases import Leases
from core.records.link_codes import LinkCodes
from core.records.outbox import Outbox
from core.records.policy_store import PolicyStore
from core.records.recipient import ChannelKind, Recipient
from core.records.recipients import Recipients
from core.records.snoozes import Snoozes
from tests.support.clock import FakeClock
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
    return Stores(
        AlertStore(database, clock),
        Outbox(database, clock),
        Recipients(database, clock),
        LinkCodes(database, clock),
        Snoozes(database, clock),
        PolicyStore(database),
        Leases(database, clock),
    )


@pytest.fixture
def anna(stores: Stores) -> Recipient:
    """Linked."""
    return stores.recipients.add("Anna", ChannelKind.TELEGRAM, str(ANNA))


@pytest.fixture
def door(stores: Stores, clock: FakeClock) -> Door:
    """Of that database."""
    return Door(stores, clock)
