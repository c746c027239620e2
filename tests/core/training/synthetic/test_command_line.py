from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.training.synthetic.cli import main
from core.training.synthetic.dataset import RenderedFaces, save_rendered

Render = Callable[[int, int], RenderedFaces]


@pytest.mark.parametrize("command", ["render", "clip", "stills"])
def test_a_missing_face_model_is_a_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = str(tmp_path / "absent.npz"), str(tmp_path / "out")
    assert main([command, "--face-model", model, "--out", out]) == 1
    said = capsys.readouterr().err
    assert "There is no face model at" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("once_rendered")
def test_a_folder_that_is_not_there_is_said_before_the_work(
    face_model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "absent/faces.npz")
    assert main(["render", "--face-model", str(face_model_path), "--out", out]) == 1
    assert "There is no folder" in capsys.readouterr().err


def test_a_set_has_a_contact_sheet(once_rendered: Render, tmp_path: Path) -> None:
    faces, sheet = tmp_path / "faces.npz", tmp_path / "sheet.jpg"
    save_rendered(once_rendered(16, 2), faces)
    assert main(["contact-sheet", "--faces", str(faces), "--out", str(sheet)]) == 0
    assert sheet.stat().st_size > 1000
