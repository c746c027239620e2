"""The database: opened, migrated, and lent out for one short transaction at a time."""

from __future__ import annotations

import logging
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from core.errors import RecordsError
from core.records.failures import NOT_OPENED, records_error
from core.records.schema import bring_up_to_date

FILE_NAME = "mien.db"
BUSY_TIMEOUT_S = 2.0
"""How long a transaction waits for another's before it is refused as busy."""

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # in WAL, only FULL keeps a committed alert through a power loss
    "PRAGMA secure_delete = ON",  # an expired picture is gone from the file, too
)
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "mien",
    "options": f"-c lock_timeout={BUSY_TIMEOUT_S:.0f}s -c idle_in_transaction_session_timeout=60s",
}

_FOR_ALL: dict[str, Any] = {
    "pool_size": 8,
    "max_overflow": 24,  # pages, workers and deliveries at once
    "pool_timeout": BUSY_TIMEOUT_S,
    "hide_parameters": True,  # addresses of recipients are among them
}

_ONE_MOMENT: dict[str, dict[str, Any]] = {  # as every transaction of SQLite does already
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}

_log = logging.getLogger(__name__)


class Database:
    """Any thread may use it; each transaction has a connection of its own.

    Attributes:
        owner: names this server in leases; another one at each start.
    """

    def __init__(self, engine: Engine) -> None:
        self.owner = uuid.uuid4().hex
        self._reading = engine.execution_options(**_ONE_MOMENT.get(engine.name, {}))
        self._writing = engine.execution_options(writes=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment and changes nothing; RecordsError."""
        with _translated(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed in the end, or leaves nothing; RecordsError."""
        with _translated(), self._writing.begin() as connection:
            yield connection

    def truncate_log(self) -> bool:
        """SQLite: empty the log beside the file, which may hold what was erased.

        Returns:
            False where somebody has been reading it all the time; the next one who tries may.
        """
        if self._reading.name != "sqlite":
            return True
        with _translated(), closing(self._reading.raw_connection()) as connection:
            cursor = connection.cursor()
            # Trap: while it waits for readers it keeps writers waiting, so not as long as they do.
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 250:.0f}")
            try:
                busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")
        return not busy

    def close(self) -> None:
        """Let go of all connections; what is under way ends as it can."""
        self._reading.dispose()


def open_database(url: str | None, data_dir: Path) -> Database:
    """The database at this URL, or in the data folder, brought up to this version.

    Args:
        url: `postgresql://…` or `sqlite:///…`; None or "" for `mien.db` in `data_dir`.
        data_dir: made where it is missing.

    Raises:
        RecordsError: it cannot be used; nothing was changed then.
    """
    address = _address(url, data_dir)
    engine = _engine_of_file(address) if address.drivername == "sqlite" else _engine(address)
    database = Database(engine)
    try:
        with database.write() as connection:
            bring_up_to_date(connection)
        if engine.name == "sqlite":
            _use_wal(engine)
    except RecordsError:
        database.close()
        raise
    return database


def _address(url: str | None, data_dir: Path) -> URL:
    if not url:
        return URL.create("sqlite", database=str(data_dir / FILE_NAME))
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError) as error:  # its text may quote a password
        raise RecordsError(_NO_URL, type(error).__name__) from None
    if address.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address
    raise RecordsError(_NO_URL, f"driver {address.drivername}")


_NO_URL = (
    "MIEN_DATABASE_URL is not understood. It should look like "
    "postgresql://user:password@host/name or sqlite:////folder/mien.db."
)


def _engine(address: URL) -> Engine:
    own = {key: value for key, value in _POSTGRESQL.items() if key not in address.query}
    return create_engine(address, connect_args=own, pool_pre_ping=True, **_FOR_ALL)


def _engine_of_file(address: URL) -> Engine:
    _prepare_file(Path(address.database or ""))
    connect_args = {"timeout": BUSY_TIMEOUT_S, "isolation_level": None}
    engine = create_engine(address, connect_args=connect_args, **_FOR_ALL)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_file(path: Path) -> None:
    """Only this user may read it: it holds pictures of people."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise RecordsError(NOT_OPENED, f"{type(error).__name__}: {error}") from error


def _use_wal(engine: Engine) -> None:
    """Readers and the writer do not wait for each other; it is kept in the file."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for _ in range(20):
            # Trap: changing the mode does not wait for others as transactions do.
            with suppress(sqlite3.OperationalError):
                cursor.execute("PRAGMA journal_mode = WAL")
                break
            time.sleep(0.05)
        if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            _log.warning("The database works without WAL: its disk does not allow it.")


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # Trap: a transaction that reads first and writes later fails at once when another one wrote in
    # between, without waiting. One that will write says so at its start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        raise records_error(error) from None
