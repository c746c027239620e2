from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from app.composition import PROJECT_ROOT, camera_hub, data_dir, toolbox, usable_model
from core.vision.face import DetectorKind


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param("/somewhere/else", Path("/somewhere/else"), id="set"),
        pytest.param("", PROJECT_ROOT / "data", id="empty"),
        pytest.param(None, PROJECT_ROOT / "data", id="not set"),
    ],
)
def test_where_data_is_kept(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, expected: Path
) -> None:
    if setting is None:
        monkeypatch.delenv("MIEN_DATA_DIR", raising=False)
    else:
        monkeypatch.setenv("MIEN_DATA_DIR", setting)
    assert data_dir() == expected


def test_detectors_and_classifiers_are_never_shared() -> None:
    tools = toolbox()
    detectors = [tools.build_detector(DetectorKind.HAAR, 60) for _ in range(2)]
    classifiers = [tools.load_classifier(usable_model("mien7")) for _ in range(2)]
    assert detectors[0] is not detectors[1]
    assert classifiers[0] is not classifiers[1]


def test_the_hub_is_one_for_the_whole_process() -> None:
    assert camera_hub() is camera_hub()


def test_an_unknown_model_gives_way_to_the_default() -> None:
    assert usable_model("no such model") == usable_model("mien7")


def test_what_only_alerts_need_does_not_hold_up_the_start() -> None:
    program = "import sys; import app.composition; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ast.literal_eval(done.stdout))
    assert "core.watching.tower" in loaded
    assert {"sqlalchemy", "alembic", "telegram"} & loaded == set()
