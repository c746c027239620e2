"""The pain model as a student makes it: train, resume, publish, evaluate."""

import json
from pathlib import Path

import pytest

from core.training.datasets import Split
from tests.core.training.pain.tiny_pain_data import write_tiny_pseudo_labels, write_tiny_rendered
from tests.core.training.test_command_line import training
from tests.core.training.tiny_fer2013 import write_tiny_fer2013

# Keras 3.15 asks numpy 2 for arrays in the way of numpy 1.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

BARS = ("auc_rendered", "false_positive_rate_happy_neutral", "false_positive_rate_others")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = write_tiny_fer2013(tmp_path / "tiny.npz")
    write_tiny_pseudo_labels(data, tmp_path / "pseudo.npz")
    write_tiny_rendered(tmp_path / "rendered.npz")
    write_tiny_rendered(tmp_path / "others.npz", seed=1)
    keras = pytest.importorskip("keras")
    from core.training.architectures import residual_network
    from core.training.recipes import recipe_named

    keras.utils.set_random_seed(1)
    residual_network(recipe_named("base")).save(tmp_path / "parent.keras")
    return tmp_path


@pytest.mark.timeout(900)
def test_the_pain_model_is_trained_resumed_published_and_measured(folder: Path):
    sources = ("--data", "tiny.npz", "--parent", "parent.keras")
    for epochs in ("1", "2"):
        done = training(
            folder, "train", "pain", *sources, "--pseudo", "pseudo.npz",
            "--rendered", "rendered.npz", "--epochs", epochs, "--limit", "128",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    progress = json.loads((folder / "runs/pain/progress.json").read_text())
    assert progress["epochs_done"] == len(progress["history"]) == 2

    published = training(folder, "publish", "pain", *sources, "--rendered", "others.npz")
    assert published.returncode == 0, published.stderr
    assert {path.name for path in (folder / "models/pain").iterdir()} == {
        "card.json", "model.keras", "model.tflite", "history.json", "evaluation.json",
        "contact_sheet.jpg", "rendered_test.npz",
    }  # fmt: skip
    card = json.loads((folder / "models/pain/card.json").read_text())
    assert card["labels"][-1] == "pain"
    assert card["thresholds"] == {"pain": 0.5}
    assert card["outputs"] == ["logits", "activation", "embedding"]

    measure = ("evaluate", "--model", "pain", "--data", "tiny.npz", "--split", Split.PRIVATE)
    plain = json.loads(training(folder, *measure, "--json").stdout)
    assert 0 <= plain["auc_rendered"] <= 1
    assert all(0 <= plain[name] <= 1 for name in BARS[1:])
    full = json.loads(training(folder, *measure, "--rendered", "others.npz", "--json").stdout)
    assert 0 <= full["auc_rendered"] <= 1
    assert {name: round(full[name], 4) for name in BARS} == {
        name: card["figures"][name] for name in BARS
    }


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("train", "pain", "--data", "tiny.npz"), "needs --parent", id="no parent"),
        pytest.param(
            ("publish", "pain", "--data", "tiny.npz"), "give --parent", id="nothing to publish from"
        ),
    ],
)
def test_what_a_person_can_mend_is_said(folder: Path, arguments, said):
    done = training(folder, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
