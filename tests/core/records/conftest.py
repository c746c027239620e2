"""Both databases, and the stores on them."""

from __future__ import annotations

import pytest

from core.records.alert_store import AlertStore
from core.records.database import Database
from core.records.outbox import Outbox
from core.records.recipients import Recipients
from tests.support.clock import FakeClock
from tests.support.databases import (
    alters_tables,
    database,
    database_url,
    migrated_file,
    postgresql,
)

__all__ = ["alters_tables", "database", "database_url", "migrated_file", "postgresql"]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def alerts(database: Database, clock: FakeClock) -> AlertStore:
    return AlertStore(database, clock)


@pytest.fixture
def outbox(database: Database, clock: FakeClock) -> Outbox:
    return Outbox(database, clock)


@pytest.fixture
def recipients(database: Database, clock: FakeClock) -> Recipients:
    return Recipients(database, clock)
