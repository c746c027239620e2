"""What a failing database is said to mean. The common cases are provoked in test_database.py."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import exc

from core.records import failures
from core.records.failures import ClashError, records_error


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorcode = code
    error.sqlite_errorname = "SQLITE_NAME"
    return error


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        pytest.param(sqlite_error(sqlite3.SQLITE_FULL), failures.FULL, id="sqlite full"),
        pytest.param(
            sqlite_error(sqlite3.SQLITE_IOERR_WRITE), failures.DISK, id="sqlite cannot write"
        ),
        pytest.param(
            sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), failures.READ_ONLY, id="sqlite moved"
        ),
        pytest.param(sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), failures.BUSY, id="sqlite busy"),
        pytest.param(sqlite_error(sqlite3.SQLITE_ERROR), failures.OTHER, id="sqlite anything"),
        pytest.param(errors.DiskFull(), failures.FULL, id="postgresql full"),
        pytest.param(errors.TooManyConnections(), failures.UNREACHABLE, id="too many"),
        pytest.param(errors.DeadlockDetected(), failures.BUSY, id="deadlock"),
        pytest.param(errors.LockNotAvailable(), failures.BUSY, id="lock"),
        pytest.param(errors.AdminShutdown(), failures.UNREACHABLE, id="shutdown"),
        pytest.param(errors.InvalidPassword(), failures.REFUSED, id="password"),
        pytest.param(errors.ReadOnlySqlTransaction(), failures.READ_ONLY, id="standby"),
        pytest.param(errors.UndefinedTable(), failures.OTHER, id="postgresql anything"),
        pytest.param(psycopg.OperationalError("refused"), failures.UNREACHABLE, id="no answer"),
    ],
)
def test_each_has_its_sentence(origin: Exception, sentence: str) -> None:
    error = records_error(exc.OperationalError("SELECT", None, origin))
    assert error.sentence == sentence
    assert type(origin).__name__ in error.cause


def test_a_pool_without_a_free_connection_is_busy() -> None:
    assert records_error(exc.TimeoutError()).sentence == failures.BUSY


def test_a_clash_is_told_apart() -> None:
    origin = errors.UniqueViolation("Key (address)=(4815162342) already exists.")
    error = records_error(exc.IntegrityError("INSERT", None, origin))
    assert isinstance(error, ClashError)
    assert "4815162342" not in error.sentence + error.cause
