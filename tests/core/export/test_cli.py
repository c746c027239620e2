"""`python -m core.export`, as people and the server call it."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.export.cli import main
from core.records.database import FILE_NAME, open_database
from core.records.second_store import CameraRow, SecondStore
from core.records.session import SessionSource
from core.tables.parquet_table import read_rows
from tests.support.seconds import person, second

FIRST_UTC = "2026-01-01T11:59:59Z"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A minute of a camera, and a second of a video."""
    folder = tmp_path / "data"
    database = open_database(None, folder)
    seconds = SecondStore(database)
    seconds.add(CameraRow("c", "Kitchen"), [second(index, person()) for index in range(60)])
    video = CameraRow("v", "party.mp4", source=SessionSource.VIDEO)
    seconds.add(video, [second(0, person())])
    database.close()
    monkeypatch.setenv("MIEN_DATA_DIR", str(folder))
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    monkeypatch.setattr("os.nice", lambda _: None)
    return folder


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_a_zip_for_this_user_alone(tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    assert main([str(out)]) == 0
    assert "readings.parquet" in ZipFile(out).namelist()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_readings_are_a_table(tmp_path: Path) -> None:
    assert main([str(tmp_path / "all.csv")]) == 0
    assert main([str(tmp_path / "all.parquet")]) == 0
    assert len(_csv(tmp_path / "all.csv")) == 61
    assert len(list(read_rows(tmp_path / "all.parquet"))) == 61


def test_a_spreadsheet_sees_that_it_is_unicode(tmp_path: Path) -> None:
    main([str(tmp_path / "all.csv")])
    assert (tmp_path / "all.csv").read_bytes().startswith(b"\xef\xbb\xbfschema_version")


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        pytest.param(["--sessions", "1"], 60, id="one session"),
        pytest.param(["--sessions", "1,2"], 61, id="two"),
        pytest.param(["--sessions", "77"], 0, id="one that is not there"),
        pytest.param(["--sessions", ""], 0, id="none"),
        pytest.param(["--source", "video"], 1, id="one source"),
        pytest.param(["--until", "2026-01-01T12:00:09.5Z"], 12, id="until"),
        pytest.param(["--since", "2026-01-01T13:00:50+01:00"], 9, id="since, in another zone"),
    ],
)
def test_only_what_is_asked_for(tmp_path: Path, asked: list[str], rows: int) -> None:
    assert main([str(tmp_path / "a.csv"), *asked]) == 0
    assert len(_csv(tmp_path / "a.csv")) == rows


def _no_database(data_dir: Path) -> None:
    (data_dir / FILE_NAME).write_text("this is no database, and long enough to be looked at")


def test_a_failure_is_a_sentence(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "all.txt")]) == 1
    assert "has to end in .zip" in capsys.readouterr().err
    assert main([str(tmp_path / "a.csv"), "--since", FIRST_UTC, "--until", FIRST_UTC]) == 1
    assert "has to end after it begins" in capsys.readouterr().err
    _no_database(data_dir)
    assert main([str(tmp_path / "all.zip")]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "all.zip").exists()


def test_a_nearly_full_disk_is_left_to_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    all_disks_mb = 10**12
    assert main([str(tmp_path / "all.zip"), "--spare-mb", str(all_disks_mb)]) == 1
    assert "left for alerts and readings" in capsys.readouterr().err
    assert list(tmp_path.glob("*.zip*")) == list(tmp_path.glob(".all*")) == []
    assert main([str(tmp_path / "all.zip"), "--spare-mb", "1"]) == 0


def test_a_program_is_told_in_lines(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "all.zip"), "--json"]) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert json.loads(first) == {"done": 0.0, "what": "Sessions and notes"}
    assert main([str(tmp_path / "gone" / "all.zip"), "--json"]) == 1
    *_, last = capsys.readouterr().out.splitlines()
    assert "folder exists" in json.loads(last)["problem"]
