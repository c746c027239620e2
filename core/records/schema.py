"""Bringing a database to this version's tables, or saying why that cannot be."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from core.errors import RecordsError

_LOCK = 0x4D49454E  # "MIEN": of all that may run on this PostgreSQL server

_NEWER = (
    "The database was made by a newer version of Mien; it was left as it is. "
    "Please use that version, or another database."
)
_FOREIGN = (
    "The database holds another program's tables; it was left as it is. "
    "Please name another one in MIEN_DATABASE_URL, or another folder in MIEN_DATA_DIR."
)


def bring_up_to_date(connection: Connection) -> None:
    """Within the connection's transaction: all of the missing steps, or none.

    Raises:
        RecordsError: a newer version's database, or another program's.
    """
    if connection.dialect.name == "postgresql":  # SQLite's transaction is alone already
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = config_for(connection)
    script = ScriptDirectory.from_config(config)
    known = {step.revision for step in script.walk_revisions()}
    current = set(MigrationContext.configure(connection).get_current_heads())
    if not current and inspect(connection).get_table_names():
        raise RecordsError(_FOREIGN, "it has tables and no revision")
    if not current <= known:
        raise RecordsError(_NEWER, f"unknown revision {current - known}")
    if current != {script.get_current_head()}:
        command.upgrade(config, "head")


def config_for(connection: Connection) -> Config:
    """Alembic's, of this project's steps, which run within the connection's transaction."""
    config = Config()
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
