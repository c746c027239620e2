"""What was read of a video, from the database that lies in its job's folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.video.shelf import Work
from core.batch.video_summary import VideoSummary
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.database import Database, open_database
from core.records.second_store import SecondStore
from core.records.session import Session
from core.records.session_store import SessionStore
from core.records.timeline_store import TimelineStore
from core.timeline.grain import width_for
from core.timeline.span import Span
from core.timeline.tally import Tally

MOST_PIECES = 750
"""Of the chart, as on the Timeline: they all go to the browser."""

_LEAST = timedelta(seconds=1)
_BATCH = 500
"""Seconds that are copied in one transaction: the cameras write into the same database."""


@dataclass(frozen=True, eq=False)
class Found:
    """Of one video.

    Attributes:
        folder: of the job.
        summary: of the job.
        session: the one in the job's database.
        began_utc: when the video's first picture was taken, or takes its place.
        tally: of each person, over the whole video.
    """

    folder: Path
    summary: VideoSummary
    session: Session
    began_utc: datetime
    tally: Tally

    @property
    def span(self) -> Span:
        """All that was read."""
        return Span(self.began_utc, max(self.session.last_utc, self.began_utc + _LEAST))

    def part(self, span: Span) -> Tally:
        """Finer, of a part of it; RecordsError."""
        with _database(self.folder) as database:
            return _tally(database, self.session, span)


def found_in(work: Work) -> Found | None:
    """None where nothing could be told of any second; RecordsError."""
    job = work.job
    if job is None or job.summary is None:
        return None
    if work.found is None or work.found.folder != job.folder:
        work.found = _read(job.folder, job.summary)
    return work.found


def copy_into(target: SecondStore, found: Found, began_utc: datetime) -> str:
    """All seconds into another database, as if the video had begun then.

    Returns:
        The `camera_id` of the new session.

    Raises:
        RecordsError: the other database fails; what was copied before stays.
    """
    shift = began_utc - found.began_utc
    session = found.session
    camera = CameraRow(
        session.camera_id, session.camera_name, session.model, session.sure_from, session.source
    )
    with _database(found.folder) as database:
        batch: list[Second] = []
        for second in _seconds(database, session):
            batch.append(replace(second, at_utc=second.at_utc + shift))
            if len(batch) == _BATCH:
                target.add(camera, batch)
                batch = []
        target.add(camera, batch)
    return camera.id


def _read(folder: Path, summary: VideoSummary) -> Found | None:
    with _database(folder) as database:
        session = SessionStore(database).by_camera_id(summary.session_camera_id)
        if session is None:
            return None
        first = next(_seconds(database, session))
        began_utc = first.at_utc - timedelta(seconds=first.at_s)
        tally = _tally(database, session, Span(began_utc, session.last_utc))
    return Found(folder, summary, session, began_utc, tally)


def _tally(database: Database, session: Session, span: Span) -> Tally:
    return TimelineStore(database).tally(span, width_for(span, MOST_PIECES), [session.id])


def _seconds(database: Database, session: Session) -> Iterator[Second]:
    all_of_it = session.began_utc, session.last_utc + _LEAST
    for _, seconds in SecondStore(database).between(*all_of_it):
        yield from seconds


@contextmanager
def _database(folder: Path) -> Iterator[Database]:
    with closing(open_database(None, folder)) as database:
        yield database
