"""How much is kept, told without counting every reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, func, select, text

from core.records.database import Database
from core.records.tables import alert, alert_picture, note, rollup
from core.timeline.tally import HOUR_S


@dataclass(frozen=True)
class Amounts:
    """Of everything together.

    Attributes:
        size_bytes: of the database, with the room that it keeps for later.
        readings: about how many seconds of single people are kept.
        sums: per minute and per hour.
        alerts, pictures, notes: how many.
    """

    size_bytes: int
    readings: int
    sums: int
    alerts: int
    pictures: int
    notes: int


class AmountStore:
    """Of a database; RecordsError where it fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, kept_from_utc: datetime) -> Amounts:
        """As it is now.

        Args:
            kept_from_utc: older readings are not kept any more. Traps: counting millions of them
                takes a second, so they are told from the sums; the last minute is in none yet.
        """
        readings = select(func.coalesce(func.sum(rollup.c.seconds), 0)).where(
            rollup.c.width_s == HOUR_S, rollup.c.at_utc >= kept_from_utc
        )
        with self._database.read() as connection:
            return Amounts(
                size_bytes=_size_bytes(connection),
                readings=int(connection.scalar(readings) or 0),
                sums=_rows(connection, rollup),
                alerts=_rows(connection, alert),
                pictures=_rows(connection, alert_picture),
                notes=_rows(connection, note),
            )


def _rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _size_bytes(connection: Connection) -> int:
    if connection.dialect.name != "sqlite":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = connection.scalar(text("PRAGMA page_count")) or 0
    return int(pages) * int(connection.scalar(text("PRAGMA page_size")) or 0)
