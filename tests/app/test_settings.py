from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import SETTINGS_FILE, SettingsStore
from core.monitoring.settings import AnalysisSettings
from core.vision.face import DetectorKind

CHOSEN = AnalysisSettings(
    model="other",
    detector=DetectorKind.YUNET,
    smallest_face_px=100,
    sure_from=0.6,
    mirror=False,
    power_saving=True,
)


def test_a_new_server_has_the_usual_settings(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "not yet there")
    assert store.current == AnalysisSettings()
    assert store.trouble is None


def test_settings_survive_a_restart(tmp_path: Path) -> None:
    SettingsStore(tmp_path).keep(CHOSEN)
    assert SettingsStore(tmp_path).current == CHOSEN


def test_nothing_but_the_settings_file_is_left_behind(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)
    store.keep(CHOSEN)
    store.keep(replace(CHOSEN, mirror=True))
    assert [path.name for path in tmp_path.iterdir()] == [SETTINGS_FILE]


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param("", id="empty"),
        pytest.param('{"model": "mi', id="half written"),
        pytest.param("[1, 2]", id="not an object"),
        pytest.param('{"detector": "crystal ball"}', id="unknown detector"),
        pytest.param('{"sure_from": "high"}', id="wrong kind"),
        pytest.param('{"mirror": 1}', id="number for a switch"),
        pytest.param('{"sure_from": NaN}', id="not a number"),
        pytest.param('{"smallest_face_px": 100000}', id="outside its limits"),
    ],
)
def test_a_spoilt_file_is_set_aside_and_said(tmp_path: Path, saved: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(saved)
    store = SettingsStore(tmp_path)
    assert store.current == AnalysisSettings()
    assert "could not be read" in (store.trouble or "")
    kept = [path.read_text() for path in tmp_path.iterdir()]
    assert kept == [saved]


def test_bytes_that_are_no_text_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes(b"\xff\xfe\x00")
    assert SettingsStore(tmp_path).current == AnalysisSettings()


def test_a_file_of_another_version_keeps_what_is_known(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text(json.dumps({"sure_from": 0.7, "theme": "pink"}))
    store = SettingsStore(tmp_path)
    assert store.current == AnalysisSettings(sure_from=0.7)
    assert store.trouble is None


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"sure_from": 1.5}, id="above"),
        pytest.param({"smallest_face_px": 0}, id="below"),
        pytest.param({"model": 3}, id="kind"),
    ],
)
def test_senseless_values_change_nothing(tmp_path: Path, wrong: dict[str, float]) -> None:
    store = SettingsStore(tmp_path)
    with pytest.raises((ValueError, TypeError)):
        store.keep(replace(AnalysisSettings(), **wrong))
    assert store.current == AnalysisSettings()
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_saved_apply_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way of the folder")
    store = SettingsStore(blocked)
    store.keep(CHOSEN)
    assert store.current == CHOSEN
    assert "could not be saved" in (store.trouble or "")
