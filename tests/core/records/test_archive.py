"""Everything that was kept, as one file."""

from __future__ import annotations

import json
import resource
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest

from core.alerts.alert import Answer
from core.errors import TableError
from core.records.alert_store import AlertStore
from core.records.archive import Archive
from core.records.database import Database
from core.records.note_store import NoteStore
from core.records.recipient import ChannelKind
from core.records.recipients import Recipients
from core.records.roller import Roller
from core.records.second_store import CameraRow, SecondStore
from core.records.session import SessionSource
from core.records.session_store import SessionStore
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

KITCHEN = CameraRow("camera-1", "Kitchen", "mien7")
CLIP = CameraRow("video-1", "party.mp4", "mien7", source=SessionSource.VIDEO)
ADDRESS = "anna@example.org"


def _quiet(done: float, what: str) -> None:
    assert 0.0 <= done <= 1.0
    assert what


@pytest.fixture
def filled(database: Database, clock: FakeClock, recipients: Recipients) -> Database:
    """Ten minutes of a camera, of which the last is not rolled up, and a video; two alerts."""
    seconds = SecondStore(database)
    seconds.add(KITCHEN, [second(index, person(1), person(2, 9000)) for index in range(600)])
    seconds.add(CLIP, [second(0, person(1))])
    clock.advance((second(600).at_utc - clock.now_utc()).total_seconds() + 1)
    assert Roller(database, clock).roll() > 0
    seconds.add(KITCHEN, [second(600, person(1))])
    recipients.add("Anna", ChannelKind.EMAIL, ADDRESS)
    alerts = AlertStore(database, clock)
    alerts.open(new_alert(picture_jpeg=b"jpeg of the first"), 3600.0)
    alerts.open(new_alert(id="b" * 32, camera_id="other", picture_jpeg=None), 3600.0)
    alerts.answer(1, Answer.ACKNOWLEDGED, "Anna")
    session = SessionStore(database).by_camera_id("camera-1")
    assert session is not None
    notes = NoteStore(database, clock)
    notes.add(BEGIN_UTC, "Breakfast, with Anna’s cake", session.id)
    notes.add(BEGIN_UTC + timedelta(hours=1), "")
    return database


@pytest.fixture
def archive(filled: Database, clock: FakeClock, tmp_path: Path) -> ZipFile:
    path = tmp_path / "all.zip"
    Archive(filled, clock).write(path, _quiet)
    return ZipFile(path)


def _json(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def _table(archive: ZipFile, name: str) -> pd.DataFrame:
    with archive.open(name) as file:
        return pd.read_parquet(file)


def test_it_is_whole_and_says_what_it_is(archive: ZipFile) -> None:
    assert archive.testzip() is None
    assert set(archive.namelist()) == {
        *("README.txt", "sessions.json", "notes.json", "alerts.json", "pictures/1.jpg"),
        *("readings.parquet", "minutes.parquet", "hours.parquet"),
    }
    readme = archive.read("README.txt").decode()
    assert "Schema version 1" in readme
    assert "not a medical device" in readme
    files = {name.replace("1.jpg", "") for name in archive.namelist()} - {"README.txt"}
    assert {line.split()[0] for line in readme.splitlines() if line.strip()} > files


def test_every_second_of_every_session_is_in_it(archive: ZipFile) -> None:
    readings = _table(archive, "readings.parquet")
    assert readings.groupby("source", observed=True).size().to_dict() == {
        "Kitchen": 1201,
        "party.mp4": 1,
    }
    assert list(readings.kind.unique()) == ["camera", "video"]


@pytest.mark.parametrize("name", ["minutes", "hours"])
def test_the_sums_hold_all_seconds_also_those_not_rolled_up_yet(
    archive: ZipFile, name: str
) -> None:
    sums = _table(archive, f"{name}.parquet")
    assert sums.seconds.sum() == 1202
    assert set(sums.length_s) == {60 if name == "minutes" else 3600}
    likeliest = sums.filter(regex="^s_|not_sure_seconds").sum(axis=1)
    assert likeliest.sum() == 1202


def test_sessions_and_notes(archive: ZipFile) -> None:
    kitchen, clip = _json(archive, "sessions.json")
    assert (kitchen["camera_name"], kitchen["model"]) == ("Kitchen", "mien7")
    assert (clip["source"], clip["began_utc"]) == ("video", "2026-01-01T11:59:59.000Z")
    breakfast, marker = _json(archive, "notes.json")
    assert breakfast["text"] == "Breakfast, with Anna’s cake"
    assert breakfast["session_id"] == kitchen["id"]
    assert (marker["text"], marker["session_id"]) == ("", None)


def test_alerts_with_their_trails_and_pictures_but_without_addresses(archive: ZipFile) -> None:
    other, first = _json(archive, "alerts.json")
    assert (first["number"], first["answer"], first["answered_by"]) == (1, "acknowledged", "Anna")
    assert first["trail"]
    assert [step["to"] for step in first["deliveries"]] == ["Anna"]
    assert other["number"] == 2
    assert archive.read("pictures/1.jpg") == b"jpeg of the first"
    everything = b"".join(map(archive.read, archive.namelist()))
    assert b"Anna" in everything
    assert ADDRESS.encode() not in everything


def test_an_empty_database_is_an_archive_too(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    Archive(database, clock).write(tmp_path / "all.zip", _quiet)
    archive = ZipFile(tmp_path / "all.zip")
    assert _json(archive, "sessions.json") == _json(archive, "alerts.json") == []
    assert len(_table(archive, "readings.parquet")) == len(_table(archive, "hours.parquet")) == 0


def test_progress_grows_to_the_end(filled: Database, clock: FakeClock, tmp_path: Path) -> None:
    told: list[float] = []
    Archive(filled, clock).write(tmp_path / "all.zip", lambda done, _: told.append(done))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_whoever_ends_it_finds_nothing_half_written(
    filled: Database, clock: FakeClock, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())

    def stop(done: float, what: str) -> None:
        if what.startswith("Readings"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Archive(filled, clock).write(tmp_path / "all.zip", stop)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("most_bytes", [0, 3000, 20_000])
def test_a_full_disk_is_a_sentence_and_leaves_the_older_one(
    database: Database, clock: FakeClock, tmp_path: Path, most_bytes: int
) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(b"older")
    rows = [second(index, person(1, 100 * index)) for index in range(600)]
    SecondStore(database).add(KITCHEN, rows)
    before = sorted(tmp_path.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        with pytest.raises(TableError, match="disk is full"):
            Archive(database, clock).write(path, _quiet)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"older"
    assert sorted(tmp_path.iterdir()) == before
