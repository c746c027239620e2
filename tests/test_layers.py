"""The layers: pages → app → core, one way, and each library in its place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support.sources import LAYERS, MODULES, ROOT, imported_modules, imported_names, path_of

MAY_IMPORT = {"core": {"core"}, "app": {"app", "core"}, "pages": {"app", "core"}}

ONLY_IN = {
    "streamlit": ("app", "pages"),
    "streamlit_webrtc": ("app",),
    "aiortc": ("app",),
    "av": ("app", "core/vision", "core/batch", "core/training"),
    "plotly": ("app", "pages"),
    "cv2": ("core/vision", "core/training"),
    "ai_edge_litert": ("core/expression",),
    "tensorflow": ("core/training",),
    "keras": ("core/training",),
    "core.training": ("core/training",),
    "telegram": ("core/delivery",),
    "sqlalchemy": ("core/records",),
    "pyarrow": ("core/tables",),
    "rich": ("core/batch",),
}


def strays(path: str, source: str) -> set[str]:
    """What the module at `path`, relative to the root, imports and may not."""
    layer = path.split("/", maxsplit=1)[0]
    names = set(imported_names(source))
    of_a_higher_layer = {
        name
        for name in names
        if name.split(".")[0] in LAYERS and name.split(".")[0] not in MAY_IMPORT[layer]
    }
    out_of_place = {
        name
        for name in names
        for library, folders in ONLY_IN.items()
        if f"{name}.".startswith(f"{library}.")
        if not any(path.startswith(f"{folder}/") for folder in folders)
    }
    return of_a_higher_layer | out_of_place


@pytest.mark.parametrize("module", MODULES, ids=path_of)
def test_imports_only_what_its_layer_may(module: Path) -> None:
    assert strays(path_of(module), module.read_text()) == set()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        pytest.param("core/clock.py", "import app.live", id="core knows no app"),
        pytest.param("app/charts.py", "from pages import live", id="app knows no pages"),
        pytest.param("core/clock.py", "import streamlit as st", id="core knows no Streamlit"),
        pytest.param("core/expression/a.py", "import cv2", id="OpenCV outside vision"),
        pytest.param("core/vision/a.py", "from ai_edge_litert import interpreter", id="LiteRT"),
        pytest.param("app/a.py", "def f():\n    import keras", id="inside a function"),
        pytest.param("app/a.py", "import tensorflow.lite", id="a submodule"),
        pytest.param("app/a.py", "from core import training", id="training from a page"),
    ],
)
def test_a_stray_import_is_seen(path: str, source: str) -> None:
    assert strays(path, source)


def test_no_module_of_the_app_is_named_like_a_library() -> None:
    # `streamlit run app/main.py` puts app/ first on the import path.
    taken = set(sys.stdlib_module_names) | set(packages_distributions())
    own = {path.stem for path in (ROOT / "app").iterdir() if not path.name.startswith((".", "_"))}
    assert own & taken == set()


def test_no_package_under_tests_hides_the_real_one() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_work_is_left_undone() -> None:
    assert [path_of(module) for module in MODULES if "TODO" in module.read_text()] == []


def test_importing_all_that_the_server_does_never_loads_tensorflow() -> None:
    # Streamlit clears Keras and collects all garbage after each run of a script, if it is loaded.
    program = "\n".join([*_imports_of_server(), "import sys", "print(sorted(sys.modules))"])
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    assert {"streamlit", "cv2"} <= loaded
    assert {"tensorflow", "keras"} & loaded == set()


def _imports_of_server() -> Iterator[str]:
    """Statements: each module of app and core but the training, and what the scripts import."""
    for module in MODULES:
        path = path_of(module)
        if path.startswith("pages/") or path in {"app/main.py", "app/router.py"}:
            yield from (f"import {name}" for name in imported_modules(module.read_text()))
        elif not path.startswith("core/training/"):
            yield "import " + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
