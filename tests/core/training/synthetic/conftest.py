"""The 3D face model, where it is at hand, and faces rendered from it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.training.synthetic.dataset import RenderedFaces, load_rendered
from tests.support.rendering import synthetic
from tests.support.sources import ROOT


@pytest.fixture(scope="session")
def face_model_path() -> Path:
    """MIEN_FACE_MODEL, or the folder of data beside the project."""
    beside = ROOT.parent / "shared/data/ict_facekit.npz"
    path = Path(os.environ.get("MIEN_FACE_MODEL", beside))
    if not path.is_file():
        pytest.skip(f"the face model is not at {path}; MIEN_FACE_MODEL can name another place")
    return path


@pytest.fixture(scope="session")
def render(
    face_model_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int, int], RenderedFaces]:
    """Renders so many faces with a seed; skips where OpenGL without a screen is missing."""
    if find_spec("moderngl") is None:
        pytest.skip("moderngl is not installed")

    def rendered(count: int, seed: int) -> RenderedFaces:
        out = tmp_path_factory.mktemp("rendered") / "faces.npz"
        numbers = ("--faces", str(count), "--seed", str(seed))
        done = synthetic(
            "render", "--face-model", str(face_model_path), "--out", str(out), *numbers
        )
        if "OpenGL" in done.stderr and done.returncode == 1:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stderr
        return load_rendered(out)

    return rendered


@pytest.fixture(scope="session")
def once_rendered(
    render: Callable[[int, int], RenderedFaces],
) -> Callable[[int, int], RenderedFaces]:
    """The same, remembered."""
    return cache(render)
