"""Trains one recipe, resuming where an earlier run of the same folder stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from core.training.architectures import residual_network
from core.training.batches import TrainingBatches, validation_arrays
from core.training.checkpoints import Checkpoints, Progress, RunFolder
from core.training.confusion import ConfusionAfterEpoch, progress_style
from core.training.datasets import LabelledFaces
from core.training.loading import load_network
from core.training.parent import soft_labels, start_from_parent
from core.training.recipes import Phase, Recipe

_WARMUP_SHARE = 0.15


@dataclass(frozen=True)
class TrainingData:
    """What a run learns from, and what it is chosen by.

    Attributes:
        parent: the file of the earlier network, for a recipe that grows from one.
    """

    training: LabelledFaces
    public: LabelledFaces
    parent: Path | None = None


def train(recipe: Recipe, data: TrainingData, run_path: Path) -> Progress:
    """Trains until the recipe's epochs are done or PublicTest stops improving.

    A keyboard interrupt leaves the folder resumable, with the best weights kept.

    Returns:
        the progress, whose `best_epoch` names the weights in `best.keras`.
    """
    keras.utils.set_random_seed(recipe.seed)
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    folder = RunFolder(run_path)
    progress = folder.read_progress()
    model = _start_or_resume(folder, progress, recipe, data)
    taught_labels = _soft_labels(recipe, data)
    first_epoch = 0
    for phase in recipe.phases:
        last_epoch = first_epoch + phase.epochs
        if progress.epochs_done < last_epoch and not _stopped_early(progress, recipe):
            _train_phase(model, recipe, phase, data, taught_labels, folder, progress, last_epoch)
        first_epoch = last_epoch
    return progress


def _stopped_early(progress: Progress, recipe: Recipe) -> bool:
    since_best = progress.epochs_done - 1 - progress.best_epoch
    return progress.epochs_done > 0 and since_best >= recipe.patience_epochs


def _train_phase(
    model: keras.Model,
    recipe: Recipe,
    phase: Phase,
    data: TrainingData,
    soft_labels: npt.NDArray[np.float32] | None,
    folder: RunFolder,
    progress: Progress,
    last_epoch: int,
) -> None:
    validation = validation_arrays(data.public)
    model.fit(
        TrainingBatches(data.training, recipe, phase.crop_px, progress.epochs_done, soft_labels),
        validation_data=validation,
        validation_batch_size=512,
        initial_epoch=progress.epochs_done,
        epochs=last_epoch,
        callbacks=[
            Checkpoints(folder, progress, recipe.patience_epochs),
            ConfusionAfterEpoch(folder, validation[0], data.public, "fer7"),
        ],
        verbose=progress_style(),
    )


def _start_or_resume(
    folder: RunFolder, progress: Progress, recipe: Recipe, data: TrainingData
) -> keras.Model:
    normalisation = _fastest_normalisation()
    steps_per_epoch = max(1, len(data.training) // recipe.batch_size)
    rate = _one_cycle(recipe.peak_rate, steps_per_epoch * recipe.epochs)
    if progress.epochs_done:
        model = load_network(folder.last, compiled=True)
        # The recipe may have been given more or fewer epochs since.
        model.optimizer.learning_rate = rate
        return model
    model = residual_network(recipe, normalisation)
    if data.parent is not None:
        start_from_parent(model, data.parent, recipe)
    model.compile(
        optimizer=keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        loss={
            "fer7": keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=recipe.label_smoothing
            ),
            "ferplus8": keras.losses.CategoricalCrossentropy(from_logits=True),
        },
        loss_weights={"fer7": 1.0, "ferplus8": recipe.votes_weight},
        weighted_metrics={"fer7": ["accuracy"], "ferplus8": ["accuracy"]},
    )
    return model


def _soft_labels(recipe: Recipe, data: TrainingData) -> npt.NDArray[np.float32] | None:
    if data.parent is None or not recipe.taught:
        return None
    return soft_labels(data.parent, data.training, recipe.taught)


def _fastest_normalisation() -> type[keras.layers.Layer]:
    if keras.backend.backend() != "tensorflow":
        plain: type[keras.layers.Layer] = keras.layers.BatchNormalization
        return plain
    from core.training.fused import FusedBatchNormalization

    fused: type[keras.layers.Layer] = FusedBatchNormalization
    return fused


def _one_cycle(peak_rate: float, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Linear warm-up to the peak, then a cosine to zero."""
    warmup_steps = int(steps * _WARMUP_SHARE)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak_rate / 20,
        warmup_target=peak_rate,
        warmup_steps=warmup_steps,
        decay_steps=steps - warmup_steps,
    )
