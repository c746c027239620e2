from __future__ import annotations

from pathlib import Path

import pytest

from app.video.arrivals import Arrival
from app.video.shelf import KEPT_S, UNCLAIMED_S, Shelf, Work
from core.batch.video import VideoOptions
from core.errors import VideoError
from core.monitoring.settings import AnalysisSettings
from tests.support.clock import FakeClock
from tests.support.video_works import FakeJobs

OPTIONS = VideoOptions(AnalysisSettings())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def jobs(tmp_path: Path) -> FakeJobs:
    return FakeJobs(tmp_path / "work")


@pytest.fixture
def shelf(jobs: FakeJobs, clock: FakeClock) -> Shelf:
    return Shelf(jobs, clock)


def _arrival(shelf: Shelf) -> Arrival:
    folder = shelf.arrivals.new_folder()
    (folder / "a.mp4").write_bytes(b"video")
    return Arrival(folder, folder / "a.mp4", 5)


def _uploaded(shelf: Shelf) -> Work:
    return shelf.take_in(_arrival(shelf))


def _files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "work").rglob("*") if path.name != ".lock"]


def test_a_video_is_found_by_its_id_and_no_other(shelf: Shelf) -> None:
    work = _uploaded(shelf)
    assert len(work.id) >= 20
    assert shelf.find(work.id) is work
    assert shelf.find("") is shelf.find(work.id[:-1]) is None


def test_removed_is_erased_with_all_that_was_read(shelf: Shelf, tmp_path: Path) -> None:
    work = _uploaded(shelf)
    shelf.read(work, OPTIONS)
    assert len(_files(tmp_path)) == 3
    shelf.remove(work)
    assert shelf.find(work.id) is None
    assert _files(tmp_path) == []


def test_a_video_of_the_server_stays_where_it_lies(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"video")
    work = shelf.look_at(path)
    shelf.read(work, OPTIONS)
    shelf.remove(work)
    assert path.exists()
    assert _files(tmp_path) == []


def test_to_be_read_again_the_upload_stays(shelf: Shelf, jobs: FakeJobs) -> None:
    work = _uploaded(shelf)
    shelf.read(work, OPTIONS)
    shelf.read(work, OPTIONS)
    first, second = (job.folder for job in jobs.jobs)
    assert not first.exists()
    assert second.exists()
    assert work.path.exists()


def test_it_goes_a_day_after_somebody_looked_at_it(shelf: Shelf, clock: FakeClock) -> None:
    work = _uploaded(shelf)
    clock.advance(KEPT_S - 1)
    assert shelf.find(work.id) is work
    clock.advance(KEPT_S - 1)
    shelf.tidy()
    assert work.path.exists()
    clock.advance(2)
    shelf.tidy()
    assert not work.path.exists()


def test_what_is_being_read_does_not_go(shelf: Shelf, clock: FakeClock, jobs: FakeJobs) -> None:
    work = _uploaded(shelf)
    shelf.read(work, OPTIONS)
    clock.advance(KEPT_S + 1)
    shelf.tidy()
    assert work.path.exists()
    jobs.jobs[0].cancel()
    shelf.tidy()
    assert not work.path.exists()


def test_an_upload_whose_page_is_gone_goes_after_an_hour(shelf: Shelf, clock: FakeClock) -> None:
    arrival = _arrival(shelf)
    ticket = shelf.arrivals.wait(arrival)
    clock.advance(UNCLAIMED_S + 1)
    shelf.tidy()
    assert not arrival.path.exists()
    assert shelf.arrivals.claim(ticket) is None


def test_with_the_server_all_goes(shelf: Shelf, tmp_path: Path) -> None:
    shelf.start()
    shelf.read(_uploaded(shelf), OPTIONS)
    shelf.arrivals.wait(_arrival(shelf))
    shelf.stop()
    assert _files(tmp_path) == []


def test_what_the_disk_refused_is_said(shelf: Shelf) -> None:
    with pytest.raises(VideoError, match="no room"):
        shelf.take_in(Arrival(None, Path("a.mp4"), 5, "There is no room."))
