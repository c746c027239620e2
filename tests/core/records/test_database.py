"""Opening a database: a new one, an older one, and everything that is none."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import re
import shutil
import sqlite3
import stat
import tempfile
import threading
import time
import uuid
from contextlib import closing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from core.errors import RecordsError
from core.records.alert_store import AlertStore
from core.records.database import FILE_NAME, Database, open_database
from core.records.tables import metadata, setting
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.databases import drop_tables
from tests.support.postgresql import url_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database lies by default."""
    return tmp_path / FILE_NAME


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


class TestNew:
    def test_has_all_tables(self, database: Database) -> None:
        assert names(database) == {*metadata.tables, "alembic_version"}

    @pytest.mark.filterwarnings("ignore:autogenerate skipping:UserWarning")
    @pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
    def test_the_migrations_lead_to_what_the_code_expects(self, database: Database) -> None:
        with database.read() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []

    def test_one_open_alert_is_the_databases_own_rule(self, database: Database) -> None:
        # an index over an expression, which the comparison leaves out on SQLite
        with database.read() as connection:
            catalogue = "sqlite_master" if connection.dialect.name == "sqlite" else "pg_indexes"
            column = "name" if connection.dialect.name == "sqlite" else "indexname"
            query = f"SELECT count(*) FROM {catalogue} WHERE {column} = 'uq_alert_open'"
            assert connection.scalar(text(query)) == 1

    def test_opening_it_again_keeps_all(
        self, database: Database, database_url: str, tmp_path: Path
    ) -> None:
        keep(database, "a value")
        again = open_database(database_url, tmp_path)
        assert kept(again) == ["a value"]
        again.close()

    def test_of_the_data_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "not" / "yet there"
        for url in (None, ""):
            open_database(url, folder).close()
        assert (folder / FILE_NAME).exists()

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_of_postgresql_by_any_of_its_names(
        self, scheme: str, postgresql: str, tmp_path: Path
    ) -> None:
        url = url_of(postgresql, "mien").replace("postgresql", scheme, 1)
        open_database(url, tmp_path).close()

    def test_nobody_else_may_read_the_file(self, tmp_path: Path, path: Path) -> None:
        database = open_database(None, tmp_path)
        keep(database, "a value")
        for file in (path, Path(f"{path}-wal")):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        database.close()

    def test_of_sqlite_is_safe_from_power_loss(self, tmp_path: Path) -> None:
        database = open_database(None, tmp_path)
        pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
        with database.write() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas
            }
        database.close()
        assert found == pragmas

    def test_is_made_once_by_servers_that_start_together(
        self, database_url: str, tmp_path: Path
    ) -> None:
        drop_tables(database_url)
        context = multiprocessing.get_context("spawn")
        arguments = (database_url, tmp_path)
        processes = [context.Process(target=open_and_close, args=arguments) for _ in range(3)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0, 0]
        made = open_database(database_url, tmp_path)
        assert names(made) == {*metadata.tables, "alembic_version"}
        made.close()


def open_and_close(url: str, data_dir: Path) -> None:
    """What a server's start does."""
    open_database(url, data_dir).close()


def keep(database: Database, value: str) -> None:
    with database.write() as connection:
        connection.execute(setting.insert().values(key=value, value=value))


def kept(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(setting.select()))


class TestTransactions:
    def test_that_fail_leave_nothing(self, database: Database) -> None:
        def fail() -> None:
            with database.write() as connection:
                connection.execute(setting.insert().values(key="a", value="a"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert kept(database) == []

    def test_that_read_see_one_moment(
        self, database: Database, database_url: str, tmp_path: Path
    ) -> None:
        other = open_database(database_url, tmp_path)
        with database.read() as connection:
            for _ in range(2):
                assert connection.scalars(setting.select()).all() == []
                keep(other, uuid.uuid4().hex)
        assert len(kept(database)) == 2
        other.close()

    def test_what_was_committed_outlives_a_kill(
        self, database: Database, database_url: str, tmp_path: Path
    ) -> None:
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        process = context.Process(target=commit_and_hang, args=(database_url, tmp_path, ready))
        process.start()
        assert ready.wait(60)
        process.kill()
        process.join()
        keep(database, "afterwards")  # nothing is locked
        assert sorted(kept(database)) == ["afterwards", "committed"]

    def test_of_many_threads_all_arrive(self, database: Database) -> None:
        def count_up() -> None:
            for _ in range(10):
                with database.write() as connection:
                    value = connection.scalar(
                        setting.select().with_for_update().with_only_columns(setting.c.value)
                    )
                    connection.execute(setting.update().values(value=str(int(value) + 1)))

        with database.write() as connection:
            connection.execute(setting.insert().values(key="count", value="0"))
        threads = [threading.Thread(target=count_up) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as connection:
            assert connection.scalar(setting.select().with_only_columns(setting.c.value)) == "80"


def commit_and_hang(url: str, data_dir: Path, ready: Event) -> None:
    """A server that is in the middle of a second transaction."""
    database = open_database(url, data_dir)
    keep(database, "committed")
    with database.write() as connection:
        connection.execute(setting.insert().values(key="half", value="half"))
        ready.set()
        time.sleep(600)


@pytest.mark.usefixtures("alters_tables")
class TestNewer:
    def test_is_left_as_it_is(self, database: Database, database_url: str, tmp_path: Path) -> None:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(RecordsError, match="newer version of Mien; it was left as it is"):
            open_database(database_url, tmp_path)
        with database.read() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


class TestForeign:
    def test_tables_of_another_program_are_left_alone(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE recipe (name TEXT)")
            connection.commit()
        before = path.read_bytes()
        with pytest.raises(RecordsError, match="another program's tables; it was left as it is"):
            open_database(None, path.parent)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"Dear diary, today I was happy.\n" * 200, id="a text"),
            pytest.param(b"hello", id="a short text"),
            pytest.param(b"SQLite format 3\0" + b"\xff" * 5000, id="a header that lies"),
        ],
    )
    def test_a_file_that_is_no_database_is_left_alone(self, content: bytes, path: Path) -> None:
        path.write_bytes(content)
        with pytest.raises(RecordsError, match="no database of Mien's"):
            open_database(None, path.parent)
        assert path.read_bytes() == content
        assert [file.name for file in path.parent.iterdir()] == [FILE_NAME]

    def test_a_damaged_database_is_said_to_be(self, tmp_path: Path, path: Path) -> None:
        database = open_database(None, tmp_path)
        keep(database, "a value")
        database.close()
        content = bytearray(path.read_bytes())
        content[4096:] = b"\x07" * (len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(RecordsError, match=r"damaged|no database of Mien's"):
            open_database(None, tmp_path)
        assert path.read_bytes() == content


class TestUnusable:
    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("a file")
        with pytest.raises(RecordsError, match="cannot be opened; nothing was changed"):
            open_database(None, tmp_path / "data")

    def test_a_folder_where_the_file_should_be(self, path: Path) -> None:
        path.mkdir()
        with pytest.raises(RecordsError, match="cannot be opened"):
            open_database(None, path.parent)

    @pytest.mark.parametrize(
        ("folder_mode", "file_mode", "sentence"),
        [
            pytest.param(0o555, None, "cannot be opened; nothing was", id="folder"),
            pytest.param(0o777, 0o444, "cannot be (opened|written)", id="file"),
        ],
    )
    def test_what_may_not_be_written(
        self, folder_mode: int, file_mode: int | None, sentence: str, migrated_file: Path
    ) -> None:
        # pytest's own folders are closed to the unprivileged user
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            if file_mode is not None:
                shutil.copy(migrated_file, folder)
                (Path(folder) / FILE_NAME).chmod(file_mode)
            Path(folder).chmod(folder_mode)
            context = multiprocessing.get_context("spawn")
            said: Queue[str] = context.Queue()
            process = context.Process(target=open_unprivileged, args=(Path(folder), said))
            process.start()
            assert re.search(sentence, said.get(timeout=60))
            process.join()

    @pytest.mark.parametrize(
        "url",
        [
            pytest.param("my database", id="no URL"),
            pytest.param("postgresql://user:hunter2@host:port/name", id="port that is a word"),
            pytest.param("mysql://user:hunter2@host/name", id="another database"),
            pytest.param("sqlite://", id="memory"),
        ],
    )
    def test_a_url_that_makes_no_sense(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(RecordsError, match="MIEN_DATABASE_URL is not understood") as caught:
            open_database(url, tmp_path)
        assert "hunter2" not in caught.value.sentence + caught.value.cause

    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            pytest.param("{there}", "refuses the user", id="no such database"),
            pytest.param("postgresql://u:hunter2@127.0.0.1:1/name", "be reached", id="nobody"),
            pytest.param(
                "postgresql://u:hunter2@/name?host=/nowhere", "be reached", id="no socket"
            ),
        ],
    )
    def test_a_server_that_is_not_there(
        self, url: str, sentence: str, tmp_path: Path, postgresql: str
    ) -> None:
        there = f"postgresql://mien:hunter2@/nothing?host={postgresql}"
        with pytest.raises(RecordsError, match=sentence) as caught:
            open_database(url.format(there=there), tmp_path)
        assert "hunter2" not in caught.value.sentence + caught.value.cause


def open_unprivileged(data_dir: Path, said: Queue[str]) -> None:
    """Who runs the tests may be allowed everything."""
    if os.geteuid() == 0:
        os.setuid(pwd.getpwnam("nobody").pw_uid)
    try:
        open_database(None, data_dir).close()
    except RecordsError as error:
        said.put(error.sentence)
    else:
        said.put("It was opened.")


class TestFailing:
    """Of a database that was fine when it was opened."""

    def test_locked_by_another_program(self, tmp_path: Path, path: Path, clock: FakeClock) -> None:
        database = open_database(None, tmp_path)
        alerts = AlertStore(database, clock)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RecordsError, match="busy; nothing was changed"):
                alerts.open(new_alert(), 3600)
            assert alerts.held() == ()  # reading goes on
            other.execute("ROLLBACK")
        assert alerts.open(new_alert(), 3600).is_open
        database.close()

    def test_locked_on_the_server(
        self, database: Database, database_url: str, tmp_path: Path, clock: FakeClock
    ) -> None:
        other = open_database(database_url, tmp_path)
        with other.write() as connection:
            connection.execute(setting.insert().values(key="a", value="a"))
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE alert"))
            with pytest.raises(RecordsError, match="busy"):
                AlertStore(database, clock).open(new_alert(), 3600)
        other.close()
        assert AlertStore(database, clock).open(new_alert(), 3600).is_open

    def test_full_disk(self, tmp_path: Path, clock: FakeClock) -> None:
        # SQLite's own bound of the file's size stands for the disk's
        database = open_database(None, tmp_path)
        alerts = AlertStore(database, clock)
        first = alerts.open(new_alert(), 3600)
        limit_size(database)
        large = new_alert(person=2, picture_jpeg=b"\xff" * 1_000_000)
        with pytest.raises(RecordsError, match="full; what was kept stays"):
            alerts.open(large, 3600)
        assert alerts.by_id(large.id) is None
        assert alerts.by_id(first.id) == first
        limit_size(database, 1_000_000)
        assert alerts.open(large, 3600).has_picture
        database.close()

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_a_connection_that_was_cut(self, database: Database) -> None:
        keep(database, "before")
        cut = "SELECT pg_terminate_backend(pg_backend_pid())"
        with pytest.raises(RecordsError, match="cannot be reached"), database.write() as connection:
            connection.execute(text(cut))
        assert kept(database) == ["before"]


def limit_size(database: Database, pages: int | None = None) -> None:
    """Of each connection of the pool: there is one, as nobody used two at once."""
    with database.write() as connection:
        size = pages or connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {size}")
