from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.networks import install
from tests.support.sources import ROOT


@pytest.fixture
def models(tmp_path: Path) -> Path:
    install(tmp_path, "three", ("calm", "worried", "tired"))
    install(tmp_path, "two", ("calm", "worried"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "card.json").write_text("{")
    return tmp_path


def measured(models: Path, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.models", "--models", models, "--rounds", "2", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_usable_model_is_an_object_of_the_list(models: Path) -> None:
    speeds = json.loads(measured(models, "--json"))
    assert [one["name"] for one in speeds] == ["three", "two"]
    for one in speeds:
        assert one["bytes"] == (models / one["name"] / "model.tflite").stat().st_size
        assert one["weights"] > 0
        assert one["ms_batch1"] > 0
        assert one["ms_per_face_batch8"] == pytest.approx(one["ms_batch8"] / 8, abs=0.001)


def test_the_table_has_a_row_for_each(models: Path) -> None:
    assert [line.split()[0] for line in measured(models).splitlines()] == ["model", "three", "two"]
