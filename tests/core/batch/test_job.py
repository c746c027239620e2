"""Videos that a person waits for, read in real processes."""

from __future__ import annotations

import logging
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.batch.job import JobState, VideoJob
from core.batch.jobs import VideoJobs
from core.batch.progress import Progress, Stage
from core.batch.video import VideoOptions
from core.monitoring.settings import AnalysisSettings
from core.vision.video import probe
from tests.support.readers import is_there, readers_of
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "models"
CLIP = ROOT / "app/assets/demo_face.mp4"
QUICK = VideoOptions(AnalysisSettings(), samples_per_s=0.5)
LONG = VideoOptions(AnalysisSettings(), samples_per_s=25)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


@pytest.fixture
def upload(folder: Path) -> Path:
    """A video that lies in its job's folder."""
    return Path(shutil.copy(CLIP, folder / "video"))


def running(job: VideoJob) -> int:
    """Starts it and waits until it reads; the process that does."""
    job.start()
    eventually(lambda: job.progress is not None)
    (reader,) = readers_of(os.getpid())
    return reader


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_video_is_read_and_then_marked(folder: Path, upload: Path) -> None:
    job = VideoJob(upload, folder, QUICK, MODELS)
    assert (job.state, job.left_s) == (JobState.WAITING, None)
    job.start()
    assert job.join(60)
    assert (job.state, job.trouble) == (JobState.DONE, None)
    assert isinstance(job.progress, Progress)
    assert job.progress.stage is Stage.READING
    assert job.summary is not None
    assert (job.summary.faces_most, job.summary.broke_off) == (1, None)
    assert {"mien.db", "readings.parquet", "moments", "summary.json"} <= set(names_in(folder))

    job.annotate()
    assert job.state is not JobState.DONE
    assert job.join(60)
    assert (job.state, job.trouble, job.remark) == (JobState.DONE, None, "")
    assert job.annotated == folder / "annotated.mp4"
    assert probe(job.annotated).duration_s == pytest.approx(20, abs=0.2)
    assert readers_of(os.getpid()) == []


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        pytest.param(b"", QUICK, "is empty", id="empty file"),
        pytest.param(b"Dear diary,", QUICK, "is not a video", id="text"),
        pytest.param(
            None,
            replace(QUICK, settings=AnalysisSettings(model="gone")),
            "The model “gone” is not installed.",
            id="no model",
        ),
    ],
)
def test_what_fails_says_why_and_leaves_only_the_video(
    folder: Path, upload: Path, content: bytes | None, options: VideoOptions, said: str
) -> None:
    if content is not None:
        upload.write_bytes(content)
    job = VideoJob(upload, folder, options, MODELS)
    job.start()
    assert job.join(60)
    assert job.state is JobState.FAILED
    assert job.trouble is not None
    assert said in job.trouble
    assert job.summary is None
    assert names_in(folder) == ["video"]


def test_a_process_that_is_told_nothing_it_need_not_know(
    folder: Path, upload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MIEN_TELEGRAM_TOKEN", "MIEN_SMTP_PASSWORD", "MIEN_DATABASE_URL", "PGPASSWORD"):
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    job = VideoJob(upload, folder, LONG, MODELS)
    reader = running(job)
    environment = Path(f"/proc/{reader}/environ").read_text().split("\0")
    assert not any("hidden" in one for one in environment)
    assert {"LC_ALL=C.UTF-8", "OMP_NUM_THREADS=1"} <= set(environment)
    assert Path(f"/proc/{reader}/oom_score_adj").read_text() == "1000\n"
    limits = Path(f"/proc/{reader}/limits").read_text().splitlines()
    assert next(line for line in limits if "core file" in line).split()[4:6] == ["0", "0"]
    assert os.getpriority(os.PRIO_PROCESS, reader) >= min(19, os.getpriority(0, 0) + 10)
    job.cancel()
    assert job.join(10)


def test_cancelled_it_ends_soon_and_leaves_only_the_video(folder: Path, upload: Path) -> None:
    job = VideoJob(upload, folder, LONG, MODELS)
    reader = running(job)
    assert "mien.db" in names_in(folder)
    job.cancel()
    assert job.join(10)
    assert (job.state, job.trouble, job.left_s) == (JobState.CANCELLED, None, None)
    assert not is_there(reader)
    assert names_in(folder) == ["video"]

    job.options = QUICK
    job.start()
    assert job.join(60)
    assert job.state is JobState.DONE


def test_a_process_that_does_not_listen_is_ended_all_the_same(folder: Path, upload: Path) -> None:
    job = VideoJob(upload, folder, LONG, MODELS)
    reader = running(job)
    os.kill(reader, signal.SIGSTOP)
    job.cancel()
    assert job.join(10)
    assert job.state is JobState.CANCELLED
    assert not is_there(reader)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        pytest.param(signal.SIGSEGV, "crashed; the file may be damaged", id="crash"),
        pytest.param(signal.SIGKILL, "ran out of memory", id="out of memory"),
    ],
)
def test_a_reader_that_dies_is_said(
    folder: Path, upload: Path, how: signal.Signals, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = VideoJob(upload, folder, LONG, MODELS)
    with caplog.at_level(logging.ERROR):
        os.kill(running(job), how)
        assert job.join(10)
    assert job.state is JobState.FAILED
    assert job.trouble is not None
    assert said in job.trouble
    assert f"exit status {-how}" in caplog.text
    assert names_in(folder) == ["video"]


def test_what_was_read_stays_when_marking_fails(folder: Path, upload: Path) -> None:
    job = VideoJob(upload, folder, QUICK, MODELS)
    job.start()
    assert job.join(60)
    upload.write_bytes(b"another file by now")
    job.annotate()
    assert job.join(60)
    assert job.state is JobState.FAILED
    assert job.trouble is not None
    assert job.summary is not None
    assert "annotated.mp4" not in names_in(folder)
    assert "readings.parquet" in names_in(folder)


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[VideoJobs]:
    jobs = VideoJobs(tmp_path / "work", MODELS)
    jobs.start()
    yield jobs
    jobs.stop()


def test_one_video_after_the_other(jobs: VideoJobs) -> None:
    first = jobs.add(CLIP, jobs.new_folder(), LONG)
    second, third = (jobs.add(CLIP, jobs.new_folder(), QUICK) for _ in range(2))
    eventually(lambda: first.progress is not None)
    assert [job.state for job in (first, second, third)] == ["running", "waiting", "waiting"]
    assert [jobs.before(job) for job in (first, second, third)] == [0, 1, 2]
    assert len(readers_of(os.getpid())) == 1

    second.cancel()
    assert second.state is JobState.CANCELLED
    jobs.dismiss(first)
    assert not first.folder.exists()
    assert CLIP.exists()
    assert third.join(60)
    assert third.state is JobState.DONE
    assert second.state is JobState.CANCELLED
    fourth = jobs.add(CLIP, jobs.new_folder(), QUICK)
    third.annotate()
    assert [jobs.before(job) for job in (fourth, third)] == [0, 1]


def test_with_the_server_all_ends(tmp_path: Path) -> None:
    jobs = VideoJobs(tmp_path, MODELS)
    jobs.start()
    running_job, waiting_job = (jobs.add(CLIP, jobs.new_folder(), LONG) for _ in range(2))
    eventually(lambda: running_job.progress is not None)
    (reader,) = readers_of(os.getpid())
    jobs.stop()
    assert not is_there(reader)
    assert {running_job.state, waiting_job.state} == {JobState.CANCELLED}
    assert names_in(tmp_path) == [".lock"]
