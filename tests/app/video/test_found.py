from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.video.found import Found, copy_into, found_in
from app.video.shelf import Work
from core.batch.video import VideoOptions
from core.monitoring.settings import AnalysisSettings
from core.records.database import Database, open_database
from core.records.second_store import SecondStore
from core.records.session import SessionSource
from core.records.session_store import SessionStore
from core.timeline.span import Span
from tests.support.video_works import BEGAN_UTC, FakeJob

LOOKS = ("hhhs h", " hhss ")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A video of two people that was read."""
    folder = tmp_path / "job"
    folder.mkdir()
    job = FakeJob(tmp_path / "party.mp4", folder, VideoOptions(AnalysisSettings()))
    job.finish(LOOKS)
    return Work("id", job.path, 5, 0.0, job=job)  # type: ignore[arg-type]


@pytest.fixture
def found(work: Work) -> Found:
    found = found_in(work)
    assert found is not None
    return found


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """The server's own."""
    with closing(open_database(None, tmp_path / "server")) as database:
        yield database


def test_time_runs_from_the_first_picture(found: Found) -> None:
    assert found.span == Span(BEGAN_UTC, BEGAN_UTC + timedelta(seconds=6))
    assert found.tally.seconds.sum() == 9
    assert found.tally.width_s == 1


def test_a_part_has_only_its_seconds(found: Found) -> None:
    began_utc = BEGAN_UTC.replace(microsecond=0)
    part = found.part(Span(began_utc + timedelta(seconds=3), began_utc + timedelta(seconds=5)))
    assert part.seconds.sum() == 3


def test_before_it_was_read_nothing_is_found(work: Work) -> None:
    work.job = None
    assert found_in(work) is None


def test_the_copy_is_of_the_time_that_was_asked_for(found: Found, database: Database) -> None:
    began_utc = BEGAN_UTC - timedelta(days=3)
    camera_id = copy_into(SecondStore(database), found, began_utc)
    session = SessionStore(database).by_camera_id(camera_id)
    assert session is not None
    assert (session.source, session.title, session.model) == (
        SessionSource.VIDEO,
        "party.mp4",
        "mien7",
    )
    assert (session.began_utc, session.length) == (began_utc, timedelta(seconds=6))


def test_copied_twice_nothing_is_there_twice(found: Found, database: Database) -> None:
    for _ in range(2):
        copy_into(SecondStore(database), found, BEGAN_UTC)
    stored = SecondStore(database).between(BEGAN_UTC, BEGAN_UTC + timedelta(days=1))
    assert [len(list(seconds)) for _, seconds in stored] == [6]
