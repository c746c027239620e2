"""What is looked back on: sessions with a name and a time, roll-ups, and notes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.records.columns import UtcTime

revision = "0002"
down_revision = "0001"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# On SQLite a column is added with a value for the rows that are there, or not at all. Trap: making
# the table anew instead would erase the seconds, which go with their session.
_ADDED: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("name", sa.Text(), "''"),
    ("source", sa.Text(), "'camera'"),
    ("model", sa.Text(), "''"),
    ("sure_from", sa.Double(), "0.45"),
    ("began_utc", UtcTime(), "{epoch}"),
    ("last_utc", UtcTime(), "{epoch}"),
    ("rolled_until_utc", UtcTime(), "{epoch}"),
)

# A second is stored by its end.
_TIMES_ON_SQLITE = (
    "UPDATE session SET began_utc = first.began_utc, last_utc = first.last_utc,"
    " rolled_until_utc = first.began_utc - first.began_utc % 60000000"
    " FROM (SELECT session_id, min(at_utc) - 1000000 AS began_utc, max(at_utc) AS last_utc"
    " FROM second GROUP BY session_id) AS first WHERE first.session_id = session.id"
)
_TIMES_ON_POSTGRESQL = (
    "UPDATE session SET began_utc = first.began_utc, last_utc = first.last_utc,"
    " rolled_until_utc = date_trunc('minute', first.began_utc, 'UTC')"
    " FROM (SELECT session_id, min(at_utc) - interval '1 second' AS began_utc,"
    " max(at_utc) AS last_utc"
    " FROM second GROUP BY session_id) AS first WHERE first.session_id = session.id"
)


def upgrade() -> None:
    """Sessions get the times of their seconds; their roll-ups are made later, bit by bit."""
    _widen_session(on_postgresql=op.get_context().dialect.name == "postgresql")
    op.create_table(
        "rollup",
        sa.Column("width_s", sa.SmallInteger(), nullable=False),
        sa.Column("at_utc", UtcTime(), nullable=False),
        sa.Column("session_id", _ROW_ID, nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("labels", _ROW_ID, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("probabilities", sa.LargeBinary(), nullable=False),
        sa.Column("top", sa.LargeBinary(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.Column("pain_seconds", sa.Integer(), nullable=False),
        sa.Column("pain", sa.Integer(), nullable=False),
        sa.Column("pain_most", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_rollup_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["labels"], ["label_set.id"], name=op.f("fk_rollup_labels")),
        sa.PrimaryKeyConstraint(
            "width_s", "at_utc", "session_id", "track_id", name=op.f("pk_rollup")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rollup_session_id", "rollup", ["session_id", "width_s", "at_utc"])
    op.create_table(
        "note",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("at_utc", UtcTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("session_id", _ROW_ID),
        sa.Column("made_utc", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_note_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_note_at_utc"), "note", ["at_utc"])
    op.create_index(op.f("ix_note_session_id"), "note", ["session_id"])


def _widen_session(*, on_postgresql: bool) -> None:
    epoch = "'epoch'" if on_postgresql else "0"
    for name, kind, value in _ADDED:
        default = sa.text(value.format(epoch=epoch))
        op.add_column("session", sa.Column(name, kind, nullable=False, server_default=default))
    op.execute("DELETE FROM session WHERE id NOT IN (SELECT session_id FROM second)")
    op.execute(_TIMES_ON_POSTGRESQL if on_postgresql else _TIMES_ON_SQLITE)
    if on_postgresql:
        for name, _, _ in _ADDED:
            op.alter_column("session", name, server_default=None)
    op.create_index(op.f("ix_session_began_utc"), "session", ["began_utc"])
