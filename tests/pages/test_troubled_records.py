"""Records that cannot be kept or read: every page says so, and Live goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from app import alert_system as module
from app.alert_system import AlertSystem
from core.clock import SystemClock
from core.records.camera_row import CameraRow
from core.records.database import FILE_NAME, open_database
from core.records.recipient import ChannelKind
from tests.support.alert_services import running_alert_system
from tests.support.no_streamer import let_live_run
from tests.support.seconds import person, second
from tests.support.waiting import eventually

KITCHEN = CameraRow("kitchen", "Kitchen")

PAGES = ("live", "timeline", "alerts")
"""Those that keep or show records."""


def run(page: str) -> str:
    """What it says."""
    app = AppTest.from_file(str(Path(f"pages/{page}.py").resolve()), default_timeout=60).run()
    assert not app.exception
    assert not app.error
    kinds = ("title", "markdown", "caption", "warning", "info")
    said = "\n".join(element.value for kind in kinds for element in app.get(kind))
    assert ("Press **START** and allow the camera" in said) == (page == "live")
    return said


@pytest.fixture(autouse=True)
def _live_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    let_live_run(monkeypatch)
    monkeypatch.setattr(module, "OPEN_AGAIN_S", 0.05)


def of_a_newer_version(folder: Path) -> None:
    open_database(None, folder).close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def of_another_program(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
        connection.commit()


def a_text(folder: Path) -> None:
    (folder / FILE_NAME).write_text("Dear diary, today I was happy.\n" * 200)


def cut_short(folder: Path) -> None:
    open_database(None, folder).close()
    path = folder / FILE_NAME
    path.write_bytes(path.read_bytes()[:5000])


def a_folder(folder: Path) -> None:
    (folder / FILE_NAME).mkdir()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(of_a_newer_version, "made by a newer version of Mien", id="newer version"),
        pytest.param(of_another_program, "another program's tables", id="another program's"),
        pytest.param(a_text, "is no database of Mien's; it was left as it is", id="a text"),
        pytest.param(cut_short, "is damaged; nothing was changed", id="cut short"),
        pytest.param(a_folder, "cannot be opened; nothing was changed", id="a folder"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_and_left_as_it_is(
    spoil: Callable[[Path], None],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoil(tmp_path)
    path = tmp_path / FILE_NAME
    before = path.read_bytes() if path.is_file() else None
    with running_alert_system(tmp_path, monkeypatch):
        for page in PAGES:
            assert sentence in run(page)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_folder_that_may_not_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_alert_system(Path("/proc/mien"), monkeypatch):  # not even by root
        for page in PAGES:
            assert "cannot be opened; nothing was changed" in run(page)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertSystem]:
    with running_alert_system(tmp_path, monkeypatch) as running:
        yield running


def test_a_disk_that_fills_is_said_while_it_is_and_loses_nothing(system: AlertSystem) -> None:
    opened = system.opened()
    recorder = opened.recorder
    opened.stores.recipients.add("Anna", ChannelKind.DRY_RUN, "anna")
    pages = [100_000]

    def bound(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    # SQLite's own bound of the file's size stands for the disk's
    event.listen(opened.database._reading.pool, "checkout", bound)
    begin_utc = SystemClock().now_utc()  # what is older would expire
    kept = [
        replace(
            second(index, *map(person, range(1, 7))), at_utc=begin_utc + timedelta(seconds=index)
        )
        for index in range(2000)
    ]
    recorder.add(KITCHEN, kept[0])
    eventually(lambda: recorder.waiting == 0)
    pages[0] = 1  # no page more than there is
    for each in kept[1:]:
        recorder.add(KITCHEN, each)
    eventually(lambda: recorder.trouble is not None)
    for page in PAGES:
        said = run(page)
        assert "The disk with the database is full" in said
        assert "Readings wait in memory until it works again." in said
        assert said.count("The disk with the database is full") == 1
    assert recorder.waiting > 0
    pages[0] = 100_000
    eventually(lambda: recorder.waiting == 0)
    eventually(lambda: system.troubles() == ())
    for page in PAGES:
        assert "The disk" not in run(page)
    ((_, seconds),) = opened.seconds.between(begin_utc, begin_utc + timedelta(days=1))
    assert list(seconds) == kept
