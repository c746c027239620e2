"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    cast,
    extract,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC to the microsecond: `timestamptz`, or on SQLite microseconds since 1970.

    Trap: SQLite has no type for time, and SQLAlchemy's text for it drops the zone.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        on_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if on_sqlite else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("Times are kept as aware UTC.")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(
        self, value: int | datetime | None, dialect: Dialect
    ) -> datetime | None:
        if isinstance(value, int):
            return _EPOCH + value * _MICROSECOND
        return value if value is None else value.astimezone(UTC)


def microseconds(connection: Connection, column: ColumnElement[datetime]) -> ColumnElement[int]:
    """Of a time since 1970, as a whole number: much faster for many rows than as objects."""
    if connection.dialect.name == "sqlite":
        return type_coerce(column, BigInteger)
    return cast(extract("epoch", column) * 1_000_000, BigInteger)


def storable(text: str) -> str:
    """Without NUL, which PostgreSQL's `text` does not take and a pasted text may have."""
    return text.replace("\0", "")
