"""The 3D face model, where it is at hand, and a renderer for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import ConfigurationError
from core.training.synthetic.face_model import load_face_model
from tests.support.sources import ROOT

if TYPE_CHECKING:
    from core.training.synthetic.renderer import Renderer


@pytest.fixture(scope="session")
def face_model_path() -> Path:
    """MIEN_FACE_MODEL, or the folder of data beside the project."""
    beside = ROOT.parent / "shared/data/ict_facekit.npz"
    path = Path(os.environ.get("MIEN_FACE_MODEL", beside))
    if not path.is_file():
        pytest.skip(f"the face model is not at {path}; MIEN_FACE_MODEL can name another place")
    return path


@pytest.fixture(scope="module")
def renderer(face_model_path: Path) -> Iterator[Renderer]:
    """Draws faces; skips where OpenGL without a screen is missing."""
    pytest.importorskip("moderngl", reason="moderngl is not installed")
    from core.training.synthetic.renderer import Renderer

    try:
        made = Renderer(load_face_model(face_model_path))
    except ConfigurationError as error:
        pytest.skip(error.sentence)
    with made:
        yield made
