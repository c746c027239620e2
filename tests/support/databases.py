"""Databases for tests: each test that asks for one runs on SQLite and on a real PostgreSQL.

To use them, a `conftest.py` imports the fixtures `postgresql`, `database_url` and `database`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.records.database import Database, open_database
from tests.support.postgresql import NoPostgresqlError, running_postgresql, url_of

_TEMPLATE = "mien_template"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The socket's folder of a server with a migrated template; skips where it can't start."""
    running = running_postgresql()
    try:
        folder = running.__enter__()
    except NoPostgresqlError as error:
        pytest.skip(f"PostgreSQL can't be started here: {error}")
    try:
        _administer(folder, f"CREATE DATABASE {_TEMPLATE}")
        open_database(url_of(folder, _TEMPLATE), Path()).close()
        yield folder
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database of this test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mien.db'}"
        return
    folder = request.getfixturevalue("postgresql")
    name = f"mien_{uuid.uuid4().hex}"
    _administer(folder, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield url_of(folder, name)
    _administer(folder, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """Open and empty."""
    opened = open_database(database_url, tmp_path)
    yield opened
    opened.close()


def _administer(folder: str, statement: str) -> None:
    with psycopg.connect(url_of(folder, "postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]
