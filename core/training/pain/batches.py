"""Mixed batches of real and rendered faces, seeded by epoch and position."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from core.training.augmentation import augment_batch
from core.training.pain.degrade import degraded, with_tones_of
from core.training.pain.network import PAIN_HEAD, SHAPES_HEAD
from core.training.pain.recipe import PainRecipe
from core.training.pain.targets import PainFaces

Arrays = dict[str, npt.NDArray[np.float32]]
Batch = tuple[npt.NDArray[np.float32], Arrays, Arrays]


class MixedBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """The same share of pain in the real and in the rendered part of each batch."""

    def __init__(
        self, real: PainFaces, rendered: PainFaces | None, recipe: PainRecipe, first_epoch: int
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._real, self._rendered, self._recipe = real, rendered, recipe
        self._epoch = first_epoch

    def __len__(self) -> int:
        return max(1, len(self._real) // self._recipe.batch_size)

    def __getitem__(self, index: int) -> Batch:
        rng = np.random.default_rng((self._recipe.seed, self._epoch, index))
        size = self._recipe.batch_size
        rendered_size = round(size * self._recipe.rendered_share) if self._rendered else 0
        parts = [self._part(self._real, size - rendered_size, rng)]
        if self._rendered:
            parts.append(self._part(self._rendered, rendered_size, rng))
        images, pain, shapes = (np.concatenate(part) for part in zip(*parts, strict=True))
        for row in range(size):
            if row >= size - rendered_size:
                tones = images[rng.integers(0, size - rendered_size)]
                images[row] = with_tones_of(images[row], tones, rng.uniform(0, 1))
            images[row] = degraded(images[row], self._recipe.worst_degradation, rng)
        return images[..., np.newaxis], *targets_and_weights(pain, shapes)

    def on_epoch_end(self) -> None:
        self._epoch += 1

    def _part(
        self, faces: PainFaces, size: int, rng: np.random.Generator
    ) -> tuple[npt.NDArray[np.float32], ...]:
        in_pain = faces.pain.clip(0)
        chosen = rng.integers(0, len(faces), size)
        painful = rng.random(size) < self._recipe.pain_share
        if in_pain.any():
            drawn = rng.choice(len(faces), size, p=in_pain / in_pain.sum(dtype=np.float64))
            chosen = np.where(painful, drawn, chosen)
        side = faces.images_grey.shape[1]
        images = augment_batch(faces.images_grey[chosen], self._recipe.augmentation, side, rng)
        return images[..., 0], faces.pain[chosen], faces.shapes[chosen]


def targets_and_weights(
    pain: npt.NDArray[np.float32], shapes: npt.NDArray[np.float32]
) -> tuple[Arrays, Arrays]:
    """Keras's targets and weights: what is UNKNOWN of pain weighs nothing."""
    known = (pain >= 0).astype(np.float32)
    targets = {PAIN_HEAD: pain.clip(0)[:, np.newaxis], SHAPES_HEAD: shapes}
    return targets, {PAIN_HEAD: known, SHAPES_HEAD: np.ones_like(known)}
