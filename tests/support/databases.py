"""Databases for tests: each test that asks for one runs on SQLite and on a real PostgreSQL.

To use them, a `conftest.py` imports the fixtures. A test that changes tables by hand also uses the
fixture `alters_tables`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from core.records.database import FILE_NAME, Database, open_database
from tests.support.postgresql import NoPostgresqlError, running_postgresql, url_of

_NAME = "mien"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of this version, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    open_database(None, folder).close()
    return folder / FILE_NAME


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of a server's socket; skips by name where none can be started."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(running_postgresql())
        except NoPostgresqlError as error:
            pytest.skip(f"PostgreSQL cannot be started here: {error}")
        with psycopg.connect(url_of(folder, "postgres"), autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(_NAME)))
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of an empty database of this version, for this test alone."""
    if request.param == "sqlite":
        path = tmp_path / FILE_NAME
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    url = url_of(request.getfixturevalue("postgresql"), _NAME)
    open_database(url, tmp_path).close()
    yield url
    _empty(url)


@pytest.fixture
def alters_tables(database_url: str) -> Iterator[None]:
    """The next test gets new ones."""
    yield
    drop_tables(database_url)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """Open and empty."""
    opened = open_database(database_url, tmp_path)
    yield opened
    opened.close()


def drop_tables(url: str) -> None:
    """A database without any; a file goes altogether."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _empty(url: str) -> None:
    """Much faster than a new database for each test. What a test left open ends here."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = connection.execute(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        if tables:
            names = SQL(", ").join(Identifier(name) for (name,) in tables)
            connection.execute(SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
