"""The pipeline as a student runs it: train, be killed, resume, publish, evaluate."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.training.tiny_fer2013 import write_tiny_fer2013

ROOT = Path(__file__).parents[3]
KEYS = {"model", "split", "n", "accuracy", "accuracy_without_twins", "macro_f1", "ece"}


def training(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        [sys.executable, "-m", "core.training", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def trained(folder: Path, epochs: int) -> dict[str, object]:
    data = ("--data", "tiny.npz", "--limit", "128")
    done = training(folder, "train", "base", "--epochs", str(epochs), *data)
    assert done.returncode == 0, done.stderr
    progress: dict[str, object] = json.loads((folder / "runs/base/progress.json").read_text())
    return progress


@pytest.mark.timeout(600)
def test_train_resume_publish_and_evaluate(tmp_path: Path):
    write_tiny_fer2013(tmp_path / "tiny.npz")
    assert trained(tmp_path, epochs=1)["epochs_done"] == 1
    resumed = trained(tmp_path, epochs=2)
    assert resumed["epochs_done"] == len(resumed["history"]) == 2

    published = training(tmp_path, "publish", "base", "--data", "tiny.npz", "--name", "trial")
    assert published.returncode == 0, published.stderr
    written = {path.name for path in (tmp_path / "models/trial").iterdir()}
    assert written == {
        "card.json", "model.keras", "model.tflite", "history.json", "evaluation.json",
    }  # fmt: skip
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["trial"]

    measured = training(
        tmp_path, "evaluate", "--model", "default", "--data", "tiny.npz",
        "--split", "private", "--json",
    )  # fmt: skip
    figures = json.loads(measured.stdout)
    assert figures.keys() >= KEYS
    assert (figures["model"], figures["n"], figures["twins"]) == ("trial", 35, 1)
    card = json.loads((tmp_path / "models/trial/card.json").read_text())
    assert card["figures"]["accuracy"] == round(figures["accuracy"], 4)
    one_face = 1 / 35
    assert card["figures"]["accuracy_keras"] == pytest.approx(figures["accuracy"], abs=2 * one_face)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("train", "unknown", "--data", "none.npz"), "no recipe", id="unknown recipe"),
        pytest.param(("train", "base", "--data", "none.npz"), "no data file", id="no data"),
        pytest.param(("evaluate", "--data", "none.npz"), "No model is installed", id="no model"),
        pytest.param(("publish", "base", "--data", "none.npz"), "no weights", id="nothing trained"),
    ],
)
def test_what_a_person_can_mend_is_said_without_a_traceback(tmp_path: Path, arguments, said):
    done = training(tmp_path, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
