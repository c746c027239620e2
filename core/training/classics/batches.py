"""Batches of hard labels, seeded by epoch and position: a resumed run sees what it would have."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from core.training.augmentation import augment_batch
from core.training.classics.recipes import ClassicRecipe
from core.training.datasets import LabelledFaces
from core.training.datasets.framing import resized

Batch = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]
_STEADY_SIZE = 64


class TrainingFaces(keras.utils.PyDataset):  # type: ignore[misc]
    """Shuffled, changed faces; balanced where the recipe says so. A short last batch is left out,
    unless it is the only one.
    """

    def __init__(self, faces: LabelledFaces, recipe: ClassicRecipe, first_epoch: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._faces, self._recipe, self._epoch = faces, recipe, first_epoch
        self._order = self._shuffled()

    def __len__(self) -> int:
        return max(1, len(self._order) // self._recipe.batch_size)

    def __getitem__(self, index: int) -> Batch:
        size = self._recipe.batch_size
        rows = self._order[index * size : (index + 1) * size]
        rng = np.random.default_rng((self._recipe.seed, self._epoch, index))
        side_px = self._recipe.face_px
        images = resized(self._faces.images_grey[rows], side_px)
        changed = augment_batch(images, self._recipe.augmentation, side_px, rng)
        return changed, self._faces.label_index[rows]

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._order = self._shuffled()

    def _shuffled(self) -> npt.NDArray[np.int64]:
        rng = np.random.default_rng((self._recipe.seed, self._epoch))
        if not self._recipe.balanced:
            return rng.permutation(len(self._faces))
        labels = np.unique(self._faces.label_index)
        each = max(1, len(self._faces) // len(labels))
        of_label = [
            # Over and over where there are too few, other ones each epoch where there are more.
            np.resize(rng.permutation(np.flatnonzero(self._faces.label_index == label)), each)
            for label in labels
        ]
        return rng.permutation(np.concatenate(of_label))


class SteadyFaces(keras.utils.PyDataset):  # type: ignore[misc]
    """Unchanged faces in their order, for validation."""

    def __init__(self, faces: LabelledFaces, face_px: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._faces, self._face_px = faces, face_px

    def __len__(self) -> int:
        return (len(self._faces) + _STEADY_SIZE - 1) // _STEADY_SIZE

    def __getitem__(self, index: int) -> Batch:
        rows = slice(index * _STEADY_SIZE, (index + 1) * _STEADY_SIZE)
        images = resized(self._faces.images_grey[rows], self._face_px)
        return images[..., np.newaxis].astype(np.float32), self._faces.label_index[rows]
