"""A classic recipe as a student runs it: train, press Ctrl-C, go on, publish, evaluate."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.core.training.datasets.tiny_folders import write_folder
from tests.core.training.test_command_line import ROOT, training

LABELS = ("happy", "neutral", "pain")


def train_until_the_first_checkpoint(folder: Path) -> tuple[int, str]:
    """Presses Ctrl-C as soon as something is kept; what the command then says."""
    # Trap: what a shell runs in the background ignores Ctrl-C, and so do all its children.
    hearing = ["/usr/bin/env", "--default-signal=INT"]
    command = [*hearing, sys.executable, "-m", "core.training", "train", "pain3", "--data", "faces"]
    with subprocess.Popen(
        [*command, "--epochs", "500"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "PATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not (folder / "runs/pain3/progress.json").exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    return process.returncode, said


@pytest.mark.timeout(900)
def test_train_stop_go_on_publish_and_evaluate(tmp_path: Path) -> None:
    write_folder(tmp_path / "faces", (f"{label}/{n}.png" for label in LABELS for n in range(150)))
    (tmp_path / "faces/pain/broken.jpg").write_bytes(b"no picture")

    code, said = train_until_the_first_checkpoint(tmp_path)
    assert code == 130
    assert "goes on where this one ended" in said
    assert "Traceback" not in said
    run = tmp_path / "runs/pain3"
    assert (run / "best.keras").exists()
    done = json.loads((run / "progress.json").read_text())["epochs_done"]

    resumed = training(tmp_path, "train", "pain3", "--data", "faces", "--epochs", str(done + 1))
    assert resumed.returncode == 0, resumed.stderr
    assert "450 faces, 1 skipped" in resumed.stdout
    assert len(json.loads((run / "history.json").read_text())) == done + 1

    published = training(tmp_path, "publish", "pain3", "--data", "faces", "--name", "mine")
    assert published.returncode == 0, published.stderr
    measured = training(
        tmp_path, "evaluate", "--model", "mine", "--data", "faces", "--split", "private", "--json"
    )
    figures = json.loads(measured.stdout)
    assert figures["labels"] == ["neutral", "happy", "pain"]
    assert figures["n"] == 45
    card = json.loads((tmp_path / "models/mine/card.json").read_text())
    assert card["labels"] == figures["labels"]
    assert card["figures"]["accuracy"] == round(figures["accuracy"], 4)


@pytest.mark.parametrize("option", ["--epochs=0", "--limit=-1", "--limit=many"])
def test_a_number_that_makes_no_sense_is_refused(tmp_path: Path, option: str) -> None:
    done = training(tmp_path, "train", "fer7", "--data", "none.csv", option)
    assert done.returncode == 2
    assert "not a whole number from 1 up" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("train", "fer7", "--data", "none.csv"), "no data file", id="no data"),
        pytest.param(("train", "fer7", "--data", "one"), "At least two", id="one class"),
        pytest.param(("publish", "eight", "--data", "one"), "no run of the recipe", id="no run"),
    ],
)
def test_what_a_person_can_mend_is_said_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    write_folder(tmp_path / "one", ["happy/1.png", "happy/2.png"])
    done = training(tmp_path, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
