"""The Video page without a browser, with jobs that a test finishes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from app import composition
from app.composition import settings_store, video_shelf
from app.video.arrivals import Arrival
from app.video.shelf import Shelf
from app.words import HONEST_LINE
from core.batch.progress import Progress, Stage
from core.records.database import open_database
from core.records.keeping import KeepingStore
from core.records.second_store import SecondStore
from core.records.session import SessionSource
from core.records.session_store import SessionStore
from tests.support.sources import ROOT
from tests.support.video_works import FakeJob, FakeJobs

# The page links to another one, which must be known to Streamlit.
SCRIPT = f"""
import streamlit as st
pages = [st.Page(f"{ROOT}/pages/{{name}}.py") for name in ("video", "timeline")]
st.navigation(pages).run()
"""


@pytest.fixture
def jobs(tmp_path: Path) -> FakeJobs:
    return FakeJobs(tmp_path / "work")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: FakeJobs) -> Iterator[AppTest]:
    """The page as a new visitor of a new server finds it; the modules ask for its shelf."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(composition, "VideoJobs", lambda *_: jobs)
    for kept in (settings_store, video_shelf):
        kept.cache_clear()
    yield AppTest.from_string(SCRIPT, default_timeout=60).run()
    for kept in (settings_store, video_shelf):
        kept.cache_clear()


def _said(page: AppTest) -> str:
    kinds = ("title", "subheader", "markdown", "caption", "warning", "info", "error", "success")
    shown = "\n".join(element.value for kind in kinds for element in page.get(kind))
    return shown.replace("\\", "")  # what keeps Markdown from reading names and times


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def _uploaded(page: AppTest, name: str = "party.mp4") -> Arrival:
    """A video that has arrived; the uploader holds its ticket."""
    shelf: Shelf = video_shelf()
    folder = shelf.arrivals.new_folder()
    arrival = Arrival(folder, folder / name, 2_500_000)
    arrival.path.write_bytes(b"video")
    page.file_uploader[0].upload(name, shelf.arrivals.wait(arrival).encode(), "video/mp4").run()
    assert not page.exception
    return arrival


def _reading(page: AppTest, jobs: FakeJobs) -> FakeJob:
    _uploaded(page)
    _press(page, "Read the video")
    return jobs.jobs[-1]


def _finished(page: AppTest, jobs: FakeJobs, *looks: str, **other: object) -> FakeJob:
    job = _reading(page, jobs)
    job.finish(looks, **other)
    page.run()
    assert not page.exception
    return job


def test_an_empty_page_says_what_would_be_here(page: AppTest) -> None:
    assert not page.exception
    said = _said(page)
    assert "Nothing here yet" in said
    assert "erased when you remove it" in said
    assert HONEST_LINE in said


def test_an_upload_waits_for_its_start(page: AppTest, jobs: FakeJobs) -> None:
    arrival = _uploaded(page)
    assert "party.mp4" in _said(page)
    assert "2.5 MB" in _said(page)
    assert "the model “Mien, seven expressions”" in _said(page)
    page.slider(key="video-samples").set_value(8)
    _press(page, "Read the video")
    job = jobs.jobs[0]
    assert (job.path, job.options.samples_per_s) == (arrival.path, 8.0)
    assert job.options.source == "party.mp4"


def test_an_upload_that_got_lost_is_said(page: AppTest) -> None:
    page.file_uploader[0].upload("party.mp4", b"no ticket", "video/mp4").run()
    assert not page.exception
    assert "The upload got lost" in page.error[0].value
    assert page.file_uploader[0].value is None


def test_the_address_finds_it_again(page: AppTest, jobs: FakeJobs) -> None:
    _reading(page, jobs)
    again = AppTest.from_string(SCRIPT, default_timeout=60)
    again.query_params["video"] = page.query_params["video"]
    again.run()
    assert "party.mp4" in _said(again)
    assert any(button.label == "Cancel" for button in again.button)


def test_an_address_of_something_gone_says_so(page: AppTest) -> None:
    page.query_params["video"] = "gone"
    page.run()
    assert "not here any more" in page.info[0].value
    assert "video" not in page.query_params


def test_progress_is_shown_and_can_be_cancelled(page: AppTest, jobs: FakeJobs) -> None:
    job = _reading(page, jobs)
    job.progress, job.left_s = Progress(Stage.READING, 65, 270, 12), 40.0
    page.run()
    assert "12 faces so far · about 40 s left" in _said(page)
    _press(page, "Cancel")
    page.run()
    assert "You stopped it" in _said(page)
    assert any(button.label == "Read the video" for button in page.button)


def test_a_video_that_cannot_be_read_gets_its_sentence(page: AppTest, jobs: FakeJobs) -> None:
    _reading(page, jobs).fail("“party.mp4” is no video.")
    page.run()
    assert page.error[0].value == "“party.mp4” is no video."


def test_a_result_of_one_person(page: AppTest, jobs: FakeJobs) -> None:
    _finished(page, jobs, "hhhhhss")
    headings = [heading.value for heading in page.main.subheader]
    assert headings[:3] == ["party.mp4", "Strongest moments", "Timeline"]
    assert "Everybody together" not in headings
    assert len(page.get("plotly_chart")) == 2
    assert "0:07 · 640 × 480 · with sound · 2.5 MB · 1 face · 35 pictures" in _said(page)


def test_several_people_are_told_of_together(page: AppTest, jobs: FakeJobs) -> None:
    _finished(page, jobs, "hhhssh ", "shhss h", " hhss  ")
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Looking happy"] == "56%"
    assert figures["Most shared moment"] == "3 of 3 at 0:01"
    assert "not how funny or moving they found it" in _said(page)


def test_no_faces_is_said_with_what_helps(page: AppTest, jobs: FakeJobs) -> None:
    _finished(page, jobs, "    ", moments=(), problem="No face was found.")
    assert "No face was found" in page.info[0].value
    assert "Smallest face" in page.info[0].value
    assert len(page.get("plotly_chart")) == 0


def test_a_video_that_broke_off_says_where(page: AppTest, jobs: FakeJobs) -> None:
    _finished(page, jobs, "hhh", broke_off="The file ends at 0:03.")
    assert "The file ends at 0:03." in _said(page)


def test_removed_nothing_of_it_stays(page: AppTest, jobs: FakeJobs, tmp_path: Path) -> None:
    _finished(page, jobs, "hhh")
    _press(page, "Remove this video")
    assert "Nothing here yet" in _said(page)
    assert [path.name for path in (tmp_path / "work").iterdir()] in ([], [".lock"])


def test_without_a_database_only_keeping_is_out_of_order(page: AppTest, jobs: FakeJobs) -> None:
    _finished(page, jobs, "hhh")
    _press(page, "Keep")
    assert "The database is not open" in page.warning[0].value
    assert len(page.get("plotly_chart")) == 2


def test_only_videos_of_the_folder_can_be_chosen(
    page: AppTest, jobs: FakeJobs, tmp_path: Path
) -> None:
    page.segmented_control[0].set_value("From the server").run()
    assert "No videos there yet" in _said(page)
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "garden.webm").write_bytes(b"video")
    page.run()
    assert page.selectbox(key="video-on-server").options == ["garden.webm"]
    assert "Only videos inside this one folder" in _said(page)
    _press(page, "Take this one")
    _press(page, "Read the video")
    _press(page, "Remove this video")
    assert (tmp_path / "videos" / "garden.webm").exists()


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Of the server's own database, as far as the page needs them."""
    with closing(open_database(None, tmp_path)) as database:
        stores = SimpleNamespace(
            seconds=SecondStore(database),
            sessions=SessionStore(database),
            keeping=KeepingStore(database),
        )
        monkeypatch.setattr("app.video.keep.looking_back", lambda: stores)
        yield stores


def test_kept_it_is_a_session_of_the_timeline(
    page: AppTest, jobs: FakeJobs, records: SimpleNamespace
) -> None:
    _finished(page, jobs, "hhh")
    page.text_input[0].set_value("Grandma’s birthday")
    page.date_input[0].set_value(datetime.now(UTC).date() - timedelta(days=2))
    _press(page, "Keep")
    (session,) = records.sessions.list()
    assert (session.title, session.source) == ("Grandma’s birthday", SessionSource.VIDEO)
    age = datetime.now(UTC) - session.began_utc
    assert timedelta(days=1) < age < timedelta(days=3)
    assert "kept on the Timeline" in page.success[0].value
    assert not any(button.label == "Keep" for button in page.button)


@pytest.mark.parametrize(
    ("days_ago", "sentence"),
    [
        pytest.param(31, "would be erased at once", id="old"),
        pytest.param(-2, "to come", id="ahead"),
    ],
)
def test_a_time_at_which_it_cannot_be_kept_is_said(
    page: AppTest, jobs: FakeJobs, records: SimpleNamespace, days_ago: int, sentence: str
) -> None:
    _finished(page, jobs, "hhh")
    page.date_input[0].set_value(datetime.now(UTC).date() - timedelta(days=days_ago))
    _press(page, "Keep")
    assert sentence in page.error[0].value
    assert records.sessions.list() == ()
