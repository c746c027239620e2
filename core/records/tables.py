"""What the database holds. How older databases get here stands in `migrations`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)

from core.records.columns import UtcTime

# Every constraint has a name, so that a later migration can change it on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RowId = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself there

recipient = Table(
    "recipient",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("muted_until_utc", UtcTime),
    Column("disabled_why", Text),
    Column("removed_utc", UtcTime),
    sqlite_autoincrement=True,
)
Index(
    "uq_recipient_channel_address",
    recipient.c.channel,
    recipient.c.address,
    unique=True,
    sqlite_where=recipient.c.removed_utc.is_(None),
    postgresql_where=recipient.c.removed_utc.is_(None),
)

alert = Table(
    "alert",
    metadata,
    Column("number", RowId, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("server", Text, nullable=False),
    Column("camera_id", Text, nullable=False),
    Column("camera_name", Text, nullable=False),
    Column("person", Integer),
    Column("rule_key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("signal", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("fired_utc", UtcTime, nullable=False, index=True),
    Column("score", Double, nullable=False),
    Column("why", JSON, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("digested_utc", UtcTime),
    Column("over_utc", UtcTime),
    Column("ending", Text),
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_utc", UtcTime),
    sqlite_autoincrement=True,  # the number of an erased alert is never given again
)
Index(
    "uq_alert_open",
    alert.c.camera_id,
    func.coalesce(alert.c.person, 0),  # track ids count from 1
    alert.c.rule_key,
    unique=True,
    sqlite_where=alert.c.over_utc.is_(None),
    postgresql_where=alert.c.over_utc.is_(None),
)

alert_picture = Table(
    "alert_picture",
    metadata,
    Column(
        "alert_id",
        Text,
        ForeignKey("alert.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("taken_utc", UtcTime, nullable=False, index=True),
    Column("jpeg", LargeBinary, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("alert_id", Text, ForeignKey("alert.id", ondelete="CASCADE"), index=True),
    Column("recipient_id", RowId, ForeignKey("recipient.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("reminder", Integer, nullable=False),
    Column("not_before_utc", UtcTime, nullable=False),
    Column("deadline_utc", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("maybe_repeat", Boolean, nullable=False),
    Column("message_ref", Text),
    Column("text", Text, nullable=False),
    Column("changed_utc", UtcTime, nullable=False),
    Column("lease_owner", Text),
    Column("leased_until_utc", UtcTime),
    sqlite_autoincrement=True,
)
Index("ix_delivery_due", delivery.c.state, delivery.c.rank, delivery.c.id)
_TELLS = text("kind IN ('alert', 'reminder')")
Index(
    "uq_delivery_once",
    delivery.c.alert_id,
    delivery.c.recipient_id,
    delivery.c.reminder,
    unique=True,
    sqlite_where=_TELLS,
    postgresql_where=_TELLS,
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "delivery_id",
        RowId,
        ForeignKey("delivery.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("at_utc", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("sentence", Text, nullable=False),
)

link_code = Table(
    "link_code",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("expires_utc", UtcTime, nullable=False),
)

link_try = Table(
    "link_try",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at_utc", UtcTime, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
)

snooze = Table(
    "snooze",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("camera_id", Text),
    Column("rule_key", Text),
    Column("person", Integer),
    Column("until_utc", UtcTime, nullable=False),
    Column("by", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("taken_utc", UtcTime, nullable=False),
    Column("until_utc", UtcTime, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("camera_id", Text, nullable=False, unique=True),
    Column("camera_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("sure_from", Double, nullable=False),
    Column("began_utc", UtcTime, nullable=False, index=True),
    Column("last_utc", UtcTime, nullable=False),
    # a whole minute: what began earlier is in the roll-ups, and nothing later is
    Column("rolled_until_utc", UtcTime, nullable=False),
)

label_set = Table(
    "label_set",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("labels", Text, nullable=False, unique=True),
)

second = Table(
    "second",
    metadata,
    Column("session_id", RowId, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("at_utc", UtcTime, primary_key=True),
    Column("at_s", Double, nullable=False),
    Column("frames", SmallInteger, nullable=False),
    Column("faces", SmallInteger, nullable=False),
    Column("brightness", Double, nullable=False),
    Column("motion", Double, nullable=False),
    sqlite_with_rowid=False,  # rows lie in the order of the key, which is stored once
)

reading = Table(
    "reading",
    metadata,
    Column("session_id", RowId, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("at_utc", UtcTime, primary_key=True),
    Column("track_id", Integer, primary_key=True),
    Column("readings", SmallInteger, nullable=False),
    Column("shown_labels", RowId, ForeignKey("label_set.id"), nullable=False),
    Column("shown", LargeBinary, nullable=False),
    Column("watched_labels", RowId, ForeignKey("label_set.id")),
    Column("watched", LargeBinary),
    sqlite_with_rowid=False,
)

# Sums of one person over a piece of time that begins at `at_utc`; hours are the sums of their
# minutes. How `Tally` goes into the columns stands in `tally_rows`.
rollup = Table(
    "rollup",
    metadata,
    Column("width_s", SmallInteger, primary_key=True),
    Column("at_utc", UtcTime, primary_key=True),
    Column("session_id", RowId, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("track_id", Integer, primary_key=True),
    Column("labels", RowId, ForeignKey("label_set.id"), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("probabilities", LargeBinary, nullable=False),
    Column("top", LargeBinary, nullable=False),
    Column("changes", LargeBinary, nullable=False),
    Column("pain_seconds", Integer, nullable=False),
    Column("pain", Integer, nullable=False),
    Column("pain_most", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_rollup_session_id", rollup.c.session_id, rollup.c.width_s, rollup.c.at_utc)

note = Table(
    "note",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at_utc", UtcTime, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("session_id", RowId, ForeignKey("session.id", ondelete="CASCADE"), index=True),
    Column("made_utc", UtcTime, nullable=False),
    sqlite_autoincrement=True,  # an address of an erased note never leads to another
)
