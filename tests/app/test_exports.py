"""An export as a page shows it: asked for, waited for, saved, discarded."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import exports
from app.exports import discard_all
from core.export import export
from core.records.database import open_database
from core.records.second_store import CameraRow, SecondStore
from tests.support.seconds import person, second
from tests.support.waiting import eventually


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    database = open_database(None, tmp_path)
    SecondStore(database).add(CameraRow("c", "Kitchen"), [second(0, person())])
    database.close()
    return tmp_path


def _script() -> None:
    import streamlit as st

    from app.exports import show_export
    from core.export.task import ExportKind, ExportTask

    def ask() -> tuple[ExportTask, str]:
        return ExportTask(ExportKind.CSV), "mien.csv"

    st.write("The page")
    show_export("all", "Take it", ask)


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_script).run(timeout=30)


def _buttons(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def _link(page: AppTest) -> str:
    """Of the file, as the page's HTML has it; "" for none."""
    found = [html.proto.body for html in page.get("html") if "mien-download" in html.proto.body]
    return found[0] if found else ""


def _works(data_dir: Path) -> list[Path]:
    return sorted(path for path in (data_dir / "work").iterdir() if path.is_dir())


def test_nothing_is_written_before_somebody_asks(page: AppTest, data_dir: Path) -> None:
    assert _buttons(page) == ["Take it"]
    assert not (data_dir / "work").exists()


def test_the_file_is_offered_once_it_is_written(page: AppTest, data_dir: Path) -> None:
    page.button[0].click().run(timeout=30)

    def is_offered() -> bool:
        return bool(_link(page.run(timeout=30)))

    eventually(is_offered, every_s=0.3)
    assert "Save the CSV file · 0.1 MB" in _link(page)
    assert 'href="/download/' in _link(page)
    (folder,) = _works(data_dir)
    assert len((folder / "export.csv").read_text().splitlines()) == 2
    assert folder.stat().st_mode & 0o777 == 0o700
    assert _buttons(page) == ["Discard"]
    page.button[0].click().run(timeout=30)
    assert _buttons(page) == ["Take it"]
    assert _works(data_dir) == []


def test_what_was_erased_is_in_no_file_that_still_waits(page: AppTest, data_dir: Path) -> None:
    page.button[0].click().run(timeout=30)
    assert len(_works(data_dir)) == 1
    discard_all()
    assert _works(data_dir) == []
    assert _buttons(page.run(timeout=30)) == ["Take it"]


def test_a_file_that_nobody_discards_goes_in_the_end(
    page: AppTest, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "KEPT_S", 0.1)
    page.button[0].click().run(timeout=30)
    eventually(lambda: _works(data_dir) == [])
    assert _buttons(page.run(timeout=30)) == ["Take it"]


def test_it_can_be_cancelled(
    page: AppTest, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_MODULE", ["-c", "import time; time.sleep(600)"])
    page.button[0].click().run(timeout=30)
    assert _buttons(page) == ["Cancel"]
    page.button[0].click().run(timeout=30)
    assert _buttons(page) == ["Take it"]
    assert _works(data_dir) == []


def test_only_so_many_are_written_at_once(
    page: AppTest, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_MODULE", ["-c", "import time; time.sleep(600)"])
    monkeypatch.setattr(exports, "MOST_RUNNING", 1)
    page.button[0].click().run(timeout=30)
    other = AppTest.from_function(_script).run(timeout=30)
    other.button[0].click().run(timeout=30)
    assert "being written already" in other.error[0].value
    page.button[0].click().run(timeout=30)
    other.button[0].click().run(timeout=30)
    assert _buttons(other) == ["Cancel"]
    other.button[0].click().run(timeout=30)


def test_a_failure_is_a_sentence_and_can_be_tried_again(
    page: AppTest, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_MODULE", ["-c", "raise SystemExit(1)"])
    page.button[0].click().run(timeout=30)
    eventually(lambda: bool(page.run(timeout=30).error), every_s=0.3)
    assert "could not be written" in page.error[0].value
    assert _buttons(page) == ["Take it"]
    page.button[0].click().run(timeout=30)
    assert len(_works(data_dir)) == 1


def test_a_folder_that_cannot_be_written_is_a_sentence(page: AppTest, data_dir: Path) -> None:
    (data_dir / "work").write_text("a file stands where the folder should be")
    page.button[0].click().run(timeout=30)
    assert "could not be written" in page.error[0].value
    assert _buttons(page) == ["Take it"]
