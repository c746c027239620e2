"""What carers have asked not to be told for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from core.clock import Clock
from core.records.database import Database
from core.records.tables import snooze


@dataclass(frozen=True)
class Snooze:
    """Alerts of these are not opened until then; None stands for all.

    Attributes:
        id: to lift it by.
        camera_id, rule_key, person: which alerts.
        until_utc: its end.
        by: a recipient's name, or "the dashboard".
    """

    id: int
    camera_id: str | None
    rule_key: str | None
    person: int | None
    until_utc: datetime
    by: str

    def covers(self, camera_id: str, rule_key: str, person: int | None) -> bool:
        """Whether it means this one."""
        return (
            self.camera_id in {None, camera_id}
            and self.rule_key in {None, rule_key}
            and self.person in {None, person}
        )


class Snoozes:
    """Those of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(
        self,
        camera_id: str | None,
        rule_key: str | None,
        person: int | None,
        until_utc: datetime,
        by: str,
    ) -> Snooze:
        """One more; the longest counts where several cover the same."""
        values = {
            "camera_id": camera_id,
            "rule_key": rule_key,
            "person": person,
            "until_utc": until_utc,
            "by": by,
        }
        with self._database.write() as connection:
            ended = snooze.c.until_utc <= self._clock.now_utc()
            connection.execute(delete(snooze).where(ended))
            row = connection.execute(insert(snooze).values(values).returning(snooze.c.id)).one()
        return Snooze(row.id, camera_id, rule_key, person, until_utc, by)

    def active(self) -> tuple[Snooze, ...]:
        """Those that have not ended, the soonest to end first."""
        query = select(snooze).where(snooze.c.until_utc > self._clock.now_utc())
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(snooze.c.until_utc, snooze.c.id)).all()
        return tuple(
            Snooze(row.id, row.camera_id, row.rule_key, row.person, row.until_utc, row.by)
            for row in rows
        )

    def lift(self, snooze_id: int) -> None:
        """End it now; nothing where it has ended."""
        with self._database.write() as connection:
            connection.execute(delete(snooze).where(snooze.c.id == snooze_id))
