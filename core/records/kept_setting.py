"""One setting of all servers of a database: a text under a name."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from core.records.database import Database
from core.records.failures import ClashError
from core.records.tables import setting


class KeptSetting:
    """Read from the database each time, so that servers see each other's changes; RecordsError."""

    def __init__(self, database: Database, key: str) -> None:
        self._database = database
        self._key = key

    def text(self) -> str | None:
        """None while nobody has put one."""
        query = select(setting.c.value).where(setting.c.key == self._key)
        with self._database.read() as connection:
            return connection.scalar(query)

    def put(self, text: str) -> None:
        """In place of the one before."""
        try:
            self._put(text)
        except ClashError:  # another server was the first to put one
            self._put(text)

    def _put(self, text: str) -> None:
        change = update(setting).where(setting.c.key == self._key).values(value=text)
        with self._database.write() as connection:
            if not connection.execute(change).rowcount:
                connection.execute(insert(setting).values(key=self._key, value=text))
