"""What the pages ask of the server's alert parts, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app import composition
from app.alerts.forecast import Forecaster
from core.clock import SystemClock
from core.errors import RecordsError

if TYPE_CHECKING:
    from core.delivery.service import DeliveryService
    from core.delivery.settings import DeliverySettings
    from core.delivery.stores import Stores
    from core.records.second_store import SecondStore
    from core.watching.tower import WatchTower


@dataclass(frozen=True)
class AlertServices:
    """One of each for this process; thread-safe."""

    stores: Stores
    forecaster: Forecaster
    delivery: DeliveryService
    settings: DeliverySettings
    tower: WatchTower


def alert_services() -> AlertServices:
    """Raises RecordsError where the database cannot be used."""
    return AlertServices(
        composition.stores(),
        _forecaster(composition.second_store()),
        composition.delivery_service(),
        composition.delivery_settings(),
        composition.watch_tower(),
    )


def database_is_open() -> bool:
    """Whether `alert_services` gives anything; troubles tell why not."""
    try:
        alert_services()
    except RecordsError:
        return False
    return True


@cache
def _forecaster(seconds: SecondStore) -> Forecaster:
    return Forecaster(seconds, SystemClock())
