"""Alerts, recipients, deliveries, settings, and the seconds that cameras saw."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.records.columns import UtcTime

revision = "0001"
down_revision = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TELLS = sa.text("kind IN ('alert', 'reminder')")


def upgrade() -> None:
    """From an empty database."""
    op.create_table(
        "alert",
        sa.Column("number", _ROW_ID, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("camera_id", sa.Text(), nullable=False),
        sa.Column("camera_name", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer()),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("fired_utc", UtcTime(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("digested_utc", UtcTime()),
        sa.Column("over_utc", UtcTime()),
        sa.Column("ending", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("answered_utc", UtcTime()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alert")),
        sa.UniqueConstraint("id", name=op.f("uq_alert_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_alert_open",
        "alert",
        ["camera_id", sa.text("coalesce(person, 0)"), "rule_key"],
        unique=True,
        sqlite_where=sa.text("over_utc IS NULL"),
        postgresql_where=sa.text("over_utc IS NULL"),
    )
    op.create_index(op.f("ix_alert_fired_utc"), "alert", ["fired_utc"])
    op.create_table(
        "label_set",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_set")),
        sa.UniqueConstraint("labels", name=op.f("uq_label_set_labels")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("taken_utc", UtcTime(), nullable=False),
        sa.Column("until_utc", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "link_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("expires_utc", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_link_code")),
    )
    op.create_table(
        "link_try",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("at_utc", UtcTime(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_try")),
    )
    op.create_index(op.f("ix_link_try_at_utc"), "link_try", ["at_utc"])
    op.create_table(
        "recipient",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("muted_until_utc", UtcTime()),
        sa.Column("disabled_why", sa.Text()),
        sa.Column("removed_utc", UtcTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_recipient_channel_address",
        "recipient",
        ["channel", "address"],
        unique=True,
        sqlite_where=sa.text("removed_utc IS NULL"),
        postgresql_where=sa.text("removed_utc IS NULL"),
    )
    op.create_table(
        "session",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("camera_id", sa.Text(), nullable=False),
        sa.Column("camera_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("camera_id", name=op.f("uq_session_camera_id")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "snooze",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("camera_id", sa.Text()),
        sa.Column("rule_key", sa.Text()),
        sa.Column("person", sa.Integer()),
        sa.Column("until_utc", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    op.create_table(
        "alert_picture",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("taken_utc", UtcTime(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_picture_alert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alert_picture")),
    )
    op.create_index(op.f("ix_alert_picture_taken_utc"), "alert_picture", ["taken_utc"])
    op.create_table(
        "delivery",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("alert_id", sa.Text()),
        sa.Column("recipient_id", _ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("reminder", sa.Integer(), nullable=False),
        sa.Column("not_before_utc", UtcTime(), nullable=False),
        sa.Column("deadline_utc", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("maybe_repeat", sa.Boolean(), nullable=False),
        sa.Column("message_ref", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_utc", UtcTime(), nullable=False),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("leased_until_utc", UtcTime()),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_delivery_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_delivery_recipient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_delivery_alert_id"), "delivery", ["alert_id"])
    op.create_index("ix_delivery_due", "delivery", ["state", "rank", "id"])
    op.create_index(op.f("ix_delivery_recipient_id"), "delivery", ["recipient_id"])
    op.create_index(
        "uq_delivery_once",
        "delivery",
        ["alert_id", "recipient_id", "reminder"],
        unique=True,
        sqlite_where=_TELLS,
        postgresql_where=_TELLS,
    )
    op.create_table(
        "reading",
        sa.Column("session_id", _ROW_ID, nullable=False),
        sa.Column("at_utc", UtcTime(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("readings", sa.SmallInteger(), nullable=False),
        sa.Column("shown_labels", _ROW_ID, nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("watched_labels", _ROW_ID),
        sa.Column("watched", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_reading_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shown_labels"], ["label_set.id"], name=op.f("fk_reading_shown_labels")
        ),
        sa.ForeignKeyConstraint(
            ["watched_labels"], ["label_set.id"], name=op.f("fk_reading_watched_labels")
        ),
        sa.PrimaryKeyConstraint("session_id", "at_utc", "track_id", name=op.f("pk_reading")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "second",
        sa.Column("session_id", _ROW_ID, nullable=False),
        sa.Column("at_utc", UtcTime(), nullable=False),
        sa.Column("at_s", sa.Double(), nullable=False),
        sa.Column("frames", sa.SmallInteger(), nullable=False),
        sa.Column("faces", sa.SmallInteger(), nullable=False),
        sa.Column("brightness", sa.Double(), nullable=False),
        sa.Column("motion", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_second_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "at_utc", name=op.f("pk_second")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempt",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("delivery_id", _ROW_ID, nullable=False),
        sa.Column("at_utc", UtcTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_attempt_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_delivery_id"), "attempt", ["delivery_id"])
