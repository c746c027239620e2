"""Trains a classic recipe, resuming where an earlier run of the same folder stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import keras

from core.errors import TrainingError
from core.training.checkpoints import Checkpoints, Progress, RunFolder
from core.training.classics.batches import SteadyFaces, TrainingFaces
from core.training.classics.data import ClassicData
from core.training.classics.networks import build_network
from core.training.classics.recipes import ClassicRecipe
from core.training.confusion import ConfusionAfterEpoch, progress_style
from core.training.loading import load_network

_MONITOR = "val_accuracy"
_IDENTITY = "run.json"


def train_classic(
    recipe: ClassicRecipe, data: ClassicData, run_path: Path, weights: Path | None = None
) -> Progress:
    """Trains until the recipe's epochs are done or validation stops improving.

    A keyboard interrupt leaves the folder resumable, with the best weights kept.

    Args:
        recipe: what to do.
        data: faces with the labels to be told apart.
        run_path: the run's folder.
        weights: of the backbone, for a recipe that has one and a run that begins.

    Returns:
        the progress, whose `best_epoch` names the weights in `best.keras`.

    Raises:
        ModelError: weights or checkpoint cannot be used.
        TrainingError: the folder holds another run, or cannot be written; what it has kept stays.
    """
    keras.utils.set_random_seed(recipe.seed)
    keras.mixed_precision.set_global_policy("float32")
    folder = RunFolder(run_path)
    _claim(folder, recipe, data.labels)
    progress = folder.read_progress()
    model = _start_or_resume(folder, progress, recipe, data, weights)
    since_best = progress.epochs_done - 1 - progress.best_epoch
    if progress.epochs_done and since_best >= recipe.patience_epochs:
        return progress
    validation = SteadyFaces(data.public, recipe.face_px)
    model.fit(
        TrainingFaces(data.training, recipe, progress.epochs_done),
        validation_data=validation,
        initial_epoch=progress.epochs_done,
        epochs=recipe.epochs,
        callbacks=[
            Checkpoints(folder, progress, recipe.patience_epochs, _MONITOR),
            ConfusionAfterEpoch(folder, validation, data.public),
        ],
        verbose=progress_style(),
    )
    return progress


@dataclass(frozen=True)
class RunIdentity:
    """What a run was begun with, and cannot change."""

    recipe: str
    labels: tuple[str, ...]
    face_px: int
    find_faces: bool
    without_face: str
    backbone: str | None


def read_identity(folder: RunFolder) -> RunIdentity | None:
    """What the run of this folder was begun with; None where there is none.

    Raises:
        TrainingError: the file that tells it was changed or damaged.
    """
    try:
        values = json.loads((folder.path / _IDENTITY).read_text(encoding="utf-8"))
        return RunIdentity(**{**values, "labels": tuple(values["labels"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{folder.path / _IDENTITY} cannot be read.", repr(error)) from error


def _claim(folder: RunFolder, recipe: ClassicRecipe, labels: tuple[str, ...]) -> None:
    """Marks a new folder as this run's; refuses one of another run."""
    identity = RunIdentity(
        recipe.name, labels, recipe.face_px, recipe.find_faces, recipe.without_face, recipe.backbone
    )
    known = read_identity(folder)
    if known is None:
        folder.write_text(_IDENTITY, json.dumps(asdict(identity), ensure_ascii=False, indent=1))
    elif known != identity:
        raise TrainingError(
            f"{folder.path} holds a run of another kind or with other labels. Name another folder "
            "with --run, or delete this one.",
            f"{known} is not {identity}",
        )


def _start_or_resume(
    folder: RunFolder,
    progress: Progress,
    recipe: ClassicRecipe,
    data: ClassicData,
    weights: Path | None,
) -> keras.Model:
    if progress.epochs_done:
        return load_network(folder.last, compiled=True)
    model = build_network(recipe, len(data.labels), weights)
    model.compile(
        optimizer=keras.optimizers.Adam(recipe.rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
