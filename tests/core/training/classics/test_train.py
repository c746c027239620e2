"""Classic recipes on tiny data: they learn, go on, keep their best, and refuse what they must."""

from __future__ import annotations

import json
import resource
from collections import Counter
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from core.errors import DatasetError, TrainingError
from core.training.checkpoints import Progress, RunFolder
from core.training.classics.batches import SteadyFaces, TrainingFaces
from core.training.classics.data import ClassicData, Sources, load_sources
from core.training.classics.networks import build_network
from core.training.classics.recipes import CLASSICS
from core.training.classics.train import train_classic
from core.training.datasets import LabelledFaces
from core.training.datasets.faces import no_votes
from core.training.loading import load_network
from tests.core.training.datasets.tiny_folders import write_folder
from tests.core.training.tiny_fer2013 import write_tiny_fer2013

# Keras 3.15 asks numpy 2 for arrays in the way of numpy 1.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LABELS = ("neutral", "happy", "pain")


def striped(counts: tuple[int, ...], side_px: int = 48) -> LabelledFaces:
    """Noise with one bright stripe per label."""
    label = np.repeat(np.arange(len(counts)), counts)
    images = np.random.default_rng(0).integers(0, 100, (len(label), side_px, side_px), np.uint8)
    for image, place in zip(images, label, strict=True):
        image[place * side_px // 4 :][: side_px // 4] += 140
    return LabelledFaces(images, label, no_votes(len(label)), LABELS[: len(counts)])


DATA = ClassicData(striped((24, 24, 24)), striped((4, 4, 4)), striped((4, 4, 4)))
SMALL = replace(CLASSICS["fer7"], labels=None, epochs=1, batch_size=16, head_widths=(8,))


class TestBatches:
    """What the network is given."""

    def test_balanced_batches_hold_as_many_of_each(self) -> None:
        recipe = replace(SMALL, balanced=True, batch_size=30)
        batches = TrainingFaces(striped((50, 20, 20)), recipe, 0)
        given = np.concatenate([batches[at][1] for at in range(len(batches))])
        assert Counter(given.tolist()) == {0: 30, 1: 30, 2: 30}

    def test_a_resumed_run_sees_what_it_would_have_seen(self) -> None:
        through, resumed = (TrainingFaces(DATA.training, SMALL, first) for first in (0, 1))
        through.on_epoch_end()
        for one, other in zip(through[1], resumed[1], strict=True):
            assert np.array_equal(one, other)

    def test_faces_are_brought_to_the_recipes_size(self) -> None:
        large = replace(SMALL, face_px=64)
        assert TrainingFaces(DATA.training, large, 0)[0][0].shape == (16, 64, 64, 1)
        steady = SteadyFaces(striped((40, 40)), 64)
        assert [len(steady[at][1]) for at in range(len(steady))] == [64, 16]
        assert steady[1][0].shape == (16, 64, 64, 1)

    def test_fewer_faces_than_a_batch_are_one_batch(self) -> None:
        batches = TrainingFaces(striped((3, 3)), SMALL, 0)
        assert len(batches) == 1
        assert len(batches[0][1]) == 6


def test_a_run_writes_its_curves_and_its_confusion_and_goes_on(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert train_classic(SMALL, DATA, run).epochs_done == 1
    progress = train_classic(replace(SMALL, epochs=2), DATA, run)
    assert progress.epochs_done == 2
    curves = json.loads((run / "history.json").read_text())
    assert [set(row) for row in curves] == [{"accuracy", "loss", "val_accuracy", "val_loss"}] * 2
    confusion = json.loads((run / "confusion.json").read_text())
    assert (confusion["epoch"], confusion["labels"]) == (1, list(LABELS))
    assert np.sum(confusion["confusion"], axis=1).tolist() == [4, 4, 4]
    assert {path.name for path in run.iterdir()} == {
        "run.json", "last.keras", "best.keras", "progress.json", "history.json", "confusion.json",
    }  # fmt: skip

    other = ClassicData(*(striped((9, 9)) for _ in range(3)))
    with pytest.raises(TrainingError, match="other labels"):
        train_classic(SMALL, other, run)
    (run / "progress.json").write_text("{")
    with pytest.raises(TrainingError, match="cannot be read"):
        train_classic(SMALL, DATA, run)


def test_a_head_on_frozen_features_is_trained(tmp_path: Path) -> None:
    face = keras.Input((None, None, 1))
    pooled = layers.GlobalAveragePooling2D(name="embedding")(layers.Conv2D(4, 3)(face))
    finished = keras.Model(face, layers.Dense(7)(pooled))
    finished.save(tmp_path / "finished.keras")
    recipe = replace(CLASSICS["animated"], face_px=96, epochs=1)
    train_classic(recipe, DATA, tmp_path / "run", tmp_path / "finished.keras")
    (trunk,) = (
        one for one in load_network(tmp_path / "run/best.keras").layers if one.name == "trunk"
    )
    assert np.array_equal(trunk.get_weights()[0], finished.get_weights()[0])


def test_a_stopped_run_is_not_begun_again(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    network = build_network(SMALL, 3)
    network.compile("adam", "mse")
    network.optimizer.build(network.trainable_variables)
    folder.save(network, Progress(epochs_done=5, best_epoch=1, best_value=0.9))
    done = replace(SMALL, epochs=50, patience_epochs=3)
    assert train_classic(done, DATA, tmp_path).epochs_done == 5


def test_a_full_disk_leaves_the_last_good_checkpoint(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    network = build_network(SMALL, 3)
    network.compile("adam", "mse")
    folder.save(network, Progress(epochs_done=1, best_epoch=0))
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(TrainingError, match="What was kept before is still there"):
            folder.save(network, Progress(epochs_done=2, best_epoch=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before
    assert folder.read_progress().epochs_done == 1


class TestSources:
    """Which faces a recipe takes from the user's data."""

    def test_only_the_recipes_labels(self, tmp_path: Path) -> None:
        path = write_tiny_fer2013(tmp_path / "tiny.npz")
        told: list[str] = []
        data = load_sources(CLASSICS["basic4"], Sources((path,)), told.append)
        assert data.labels == ("angry", "sad", "happy", "neutral")
        assert len(data.training) == data.training.counts()["sad"] * 4 - 1  # One is blank.
        assert "209 faces, 1 skipped" in told[0]

    def test_any_labels_of_a_folder(self, tmp_path: Path) -> None:
        labels = ("joy", "worry", "calm")
        files = [f"{label}/{number}.png" for label in labels for number in range(10)]
        folder = write_folder(tmp_path / "own", files)
        recipe = replace(CLASSICS["eight"], find_faces=False, face_px=64)
        data = load_sources(recipe, Sources((folder,), cache_folder=None), list)
        assert data.labels == ("calm", "joy", "worry")
        assert data.training.images_grey.shape == (24, 64, 64)
        assert data.limited(5, seed=1).training.images_grey.shape == (5, 64, 64)

    def test_rendered_faces_are_learned_from_and_never_judged_by(self, tmp_path: Path) -> None:
        path = write_tiny_fer2013(tmp_path / "tiny.npz")
        rendered = striped((30, 30, 30))
        np.savez(
            tmp_path / "rendered.npz",
            images=rendered.images_grey,
            label=rendered.label_index,
            label_names=np.array(["neutral", "happy", "sad"]),
            identity=np.arange(90) % 9,
        )
        human = load_sources(CLASSICS["animated"], Sources((path,)), list)
        both = Sources((path,), rendered=tmp_path / "rendered.npz")
        data = load_sources(CLASSICS["animated"], both, list)
        assert len(data.training) == len(human.training) + 90
        assert (len(data.public), len(data.private)) == (len(human.public), len(human.private))

    def test_a_label_that_is_missing_is_named(self, tmp_path: Path) -> None:
        path = write_tiny_fer2013(tmp_path / "tiny.npz")
        with pytest.raises(DatasetError, match="No face is labelled pain"):
            load_sources(CLASSICS["pain3"], Sources((path,)), list)
