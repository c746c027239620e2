"""Everything that was kept, as one file to take away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select

from core.alerts.alert import Alert
from core.clock import Clock
from core.expression.wording import HONEST_LINE
from core.records.alert_export import episode
from core.records.alert_filter import AlertFilter
from core.records.alert_store import AlertStore
from core.records.database import Database
from core.records.note import Note
from core.records.note_store import NoteStore
from core.records.outbox import Outbox
from core.records.second_rows import labels_by_id
from core.records.session import Session
from core.records.session_rows import SessionRows
from core.records.session_store import SessionStore
from core.records.tables import rollup
from core.records.timeline_store import TimelineStore
from core.tables.columns import COLUMN_HELP
from core.tables.csv_table import iso_utc
from core.tables.new_file import new_file
from core.tables.row import SCHEMA_VERSION, ReadingRow
from core.timeline.span import Span
from core.timeline.tally import HOUR_S, MINUTE_S, Tally

Report = Callable[[float, str], None]
"""Told now and then: how much is done, 0 to 1, and what is being written, in words."""

_EVER = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
_PAGE = 200
"""Alerts in memory at once."""
_TELL_EVERY = 10_000
_DAY = timedelta(days=1)
"""So much of the sums is in memory at once; where they are not made yet, the readings of it."""


class Archive:
    """Of a database. What is recorded meanwhile may be in it or not."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sessions = SessionStore(database)
        self._rows = SessionRows(database)
        self._timeline = TimelineStore(database)
        self._notes = NoteStore(database, clock)
        self._alerts = AlertStore(database, clock)
        self._outbox = Outbox(database, clock)

    def write(self, path: Path, report: Report) -> None:
        """One zip, in constant memory; an older file stays until it is whole.

        What `report` raises ends it, and nothing half-written stays.

        Raises:
            TableError: the disk is full, or cannot be written.
            RecordsError: the database cannot be read.
        """
        sessions = self._sessions.list(limit=None)[::-1]
        with new_file(path) as part, ZipFile(part, "w", ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _readme(self._clock.now_utc()))
            report(0.0, "Sessions and notes")
            self._write_list(archive, "sessions.json", map(_session, sessions))
            self._write_list(archive, "notes.json", map(_note, self._notes.between(_EVER)))
            report(0.01, "Alerts")
            self._write_list(archive, "alerts.json", self._episodes())
            self._write_pictures(archive, report)
            self._write_sums(archive, sessions, report)
            self._write_readings(archive, sessions, report)
        report(1.0, "Done")

    def _episodes(self) -> Iterator[dict[str, object]]:
        return (episode(alert, self._outbox.trail(alert.id)) for alert in self._every_alert())

    def _every_alert(self) -> Iterator[Alert]:
        before = None
        while alerts := self._alerts.list(AlertFilter(), _PAGE, before):
            yield from alerts
            before = alerts[-1].number

    def _write_pictures(self, archive: ZipFile, report: Report) -> None:
        for alert in self._every_alert():
            report(0.01, "Pictures of alerts")
            jpeg = self._alerts.picture(alert.id) if alert.has_picture else None
            if jpeg is not None:  # it may expire at any time
                archive.writestr(f"pictures/{alert.number}.jpg", jpeg, ZIP_STORED)

    def _write_sums(self, archive: ZipFile, sessions: Sequence[Session], report: Report) -> None:
        from core.tables.tally_table import write_tallies  # noqa: PLC0415 (see parquet_file)

        labels = self._all_labels(sessions)
        for width_s, name, done in ((HOUR_S, "hours", 0.02), (MINUTE_S, "minutes", 0.04)):
            report(done, f"Sums per {name.removesuffix('s')}")
            with self._opened(archive, f"{name}.parquet") as file:
                write_tallies(self._tallies(width_s, sessions, report, done), labels, file)

    def _tallies(
        self, width_s: int, sessions: Sequence[Session], report: Report, done: float
    ) -> Iterator[Tally]:
        if not sessions:
            return
        since_utc = sessions[0].began_utc.replace(hour=0, minute=0, second=0, microsecond=0)
        until_utc = max(session.last_utc for session in sessions)
        while since_utc < until_utc:
            report(done, f"Sums of {since_utc:%Y-%m-%d}")
            yield self._timeline.tally(Span(since_utc, since_utc + _DAY), width_s, source=None)
            since_utc += _DAY

    def _write_readings(
        self, archive: ZipFile, sessions: Sequence[Session], report: Report
    ) -> None:
        from core.tables.parquet_table import ParquetTable  # noqa: PLC0415 (see parquet_file)

        count, labels = self._rows.count(None, sessions), self._rows.labels(None, sessions)
        rows = counted(self._rows.between(None, sessions), count, report, begin=0.1)
        with (
            self._opened(archive, "readings.parquet") as file,
            ParquetTable(file, labels) as table,
        ):
            table.add(rows)

    def _all_labels(self, sessions: Sequence[Session]) -> tuple[str, ...]:
        with self._database.read() as connection:
            ids = connection.scalars(select(rollup.c.labels).distinct()).all()
            known = labels_by_id(connection)
        of_rollups = (label for each in sorted(ids) for label in known[each])
        return tuple(dict.fromkeys((*of_rollups, *self._rows.labels(None, sessions))))

    def _write_list(self, archive: ZipFile, name: str, items: Iterable[object]) -> None:
        """As JSON, one after the other."""
        with self._opened(archive, name, ZIP_DEFLATED) as file:
            file.write(b"[")
            for index, item in enumerate(items):
                text = json.dumps(item, ensure_ascii=False, indent=1)
                file.write(f"{',' if index else ''}\n{text}".encode())
            file.write(b"\n]\n")

    def _opened(self, archive: ZipFile, name: str, how: int = ZIP_STORED) -> IO[bytes]:
        """To be written; tables are compressed already."""
        about = ZipInfo(name, self._clock.now_utc().timetuple()[:6])
        about.compress_type = how
        return archive.open(about, "w", force_zip64=True)


def counted(
    rows: Iterable[ReadingRow], count: int, report: Report, begin: float = 0.0
) -> Iterator[ReadingRow]:
    """The same rows, telling how many of so many were taken.

    Args:
        rows: as they come.
        count: as far as it is known; there may be more.
        report: told every few thousand rows.
        begin: how much of the whole work was done before.
    """
    for index, row in enumerate(rows):
        if index % _TELL_EVERY == 0:
            done = min(1.0, index / max(1, count))
            report(begin + (1 - begin) * done, f"Readings: {index:,} of {max(index, count):,}")
        yield row


def _session(session: Session) -> dict[str, Any]:
    times = {"began_utc": iso_utc(session.began_utc), "last_utc": iso_utc(session.last_utc)}
    return asdict(session) | times


def _note(note: Note) -> dict[str, Any]:
    return asdict(note) | {"at_utc": iso_utc(note.at_utc)}


def _readme(now_utc: datetime) -> str:
    columns = "\n".join(f"  {name:15} {text}" for name, text in COLUMN_HELP.items())
    return f"""Everything that Mien had kept on {now_utc:%Y-%m-%d at %H:%M} UTC.
Schema version {SCHEMA_VERSION}. All times are UTC, in ISO 8601.

{HONEST_LINE}

readings.parquet  One row for each second and person, as long as seconds are kept. Its columns are
                  below. pandas.read_parquet("readings.parquet") reads it.
minutes.parquet   Sums of these per minute and person, kept for longer.
hours.parquet     The same per hour. The files themselves tell what their columns mean, under
                  "mien_column_help".
sessions.json     One entry for each connection of a camera and each video that was kept.
notes.json        What people wrote beside moments.
alerts.json       Every alert: why it fired, the score before it, who was told, who answered. Names
                  are in it; addresses are in none of these files.
pictures/         The alerts' pictures that have not expired, by the alert's number.

Columns of readings.parquet:
{columns}
"""
