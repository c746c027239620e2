"""Trains the pain branch, resuming where an earlier run of the same folder stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from core.training.augmentation import centre_crop
from core.training.checkpoints import Checkpoints, Progress, RunFolder
from core.training.loading import load_network
from core.training.pain.batches import Batch, MixedBatches, targets_and_weights
from core.training.pain.network import PAIN_HEAD, SHAPES_HEAD, branch_network
from core.training.pain.recipe import PainRecipe
from core.training.pain.targets import UNKNOWN, PainFaces

_MONITOR = f"val_{PAIN_HEAD}_auc"
_CLEAR = 0.2


@dataclass(frozen=True)
class PainData:
    """What a run learns from, and what it is watched by.

    Attributes:
        real, public: FER2013's Training and PublicTest.
        rendered: of other people than any test set; None trains on real faces alone.
        parent: the Keras file of the expression network.
    """

    real: PainFaces
    public: PainFaces
    rendered: PainFaces | None
    parent: Path


def train_pain(recipe: PainRecipe, data: PainData, run_path: Path) -> Progress:
    """Trains until the recipe's epochs are done. A keyboard interrupt leaves it resumable.

    Raises:
        ModelError: the parent is not the recipe's.
    """
    keras.utils.set_random_seed(recipe.seed)
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    folder = RunFolder(run_path)
    progress = folder.read_progress()
    batches = MixedBatches(data.real, data.rendered, recipe, progress.epochs_done)
    model = _start_or_resume(folder, progress, recipe, data.parent, len(batches))
    if progress.epochs_done < recipe.epochs:
        model.fit(
            batches,
            validation_data=_clear_cases(data.public),
            validation_batch_size=512,
            initial_epoch=progress.epochs_done,
            epochs=recipe.epochs,
            callbacks=[Checkpoints(folder, progress, recipe.epochs, _MONITOR)],
            verbose=2,
        )
    return progress


@keras.saving.register_keras_serializable("mien")  # type: ignore[untyped-decorator]
def known_error(target: keras.KerasTensor, said: keras.KerasTensor) -> keras.KerasTensor:
    """Squared error per face over the shapes of which something is known: (n,)."""
    known = keras.ops.cast(target > float(UNKNOWN) / 2, said.dtype)
    error = keras.ops.square(said - keras.ops.cast(target, said.dtype)) * known
    return keras.ops.sum(error, axis=-1) / (keras.ops.sum(known, axis=-1) + 1e-6)


def _start_or_resume(
    folder: RunFolder, progress: Progress, recipe: PainRecipe, parent: Path, steps: int
) -> keras.Model:
    steps_in_all = steps * recipe.epochs
    warmup_steps = steps_in_all // 10
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=recipe.peak_rate / 20,
        warmup_target=recipe.peak_rate,
        warmup_steps=warmup_steps,
        decay_steps=steps_in_all - warmup_steps,
    )
    if progress.epochs_done:
        model = load_network(folder.last, compiled=True)
        model.optimizer.learning_rate = rate
        return model
    model = branch_network(parent, recipe)
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay),
        loss={
            PAIN_HEAD: keras.losses.BinaryCrossentropy(from_logits=True),
            SHAPES_HEAD: known_error,
        },
        loss_weights={PAIN_HEAD: 1.0, SHAPES_HEAD: recipe.shapes_weight},
        weighted_metrics={PAIN_HEAD: [keras.metrics.AUC(from_logits=True, name="auc")]},
    )
    return model


def _clear_cases(faces: PainFaces) -> Batch:
    """Validation by what is beyond doubt: pain or none, nothing between."""
    doubtful = (faces.pain > _CLEAR) & (faces.pain < 1 - _CLEAR)
    pain = np.where(doubtful, UNKNOWN, np.where(faces.pain < 0, UNKNOWN, faces.pain.round()))
    images = centre_crop(faces.images_grey, faces.images_grey.shape[1])
    return images, *targets_and_weights(pain.astype(np.float32), faces.shapes)
