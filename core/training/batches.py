"""Batches for Keras, seeded by epoch and position: a resumed run sees what it would have."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from core.expression.labels import FER7
from core.training.augmentation import augment_batch, centre_crop
from core.training.datasets import LabelledFaces
from core.training.recipes import Recipe

Targets = dict[str, npt.NDArray[np.float32]]


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Shuffled, augmented batches of one phase; a short last batch is left out."""

    def __init__(
        self,
        faces: LabelledFaces,
        recipe: Recipe,
        crop_px: int,
        first_epoch: int,
        soft_labels: npt.NDArray[np.float32] | None = None,
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._soft_labels = soft_labels
        self._faces, self._recipe, self._crop_px = faces, recipe, crop_px
        self._epoch = first_epoch
        self._order = self._shuffled()

    def __len__(self) -> int:
        return max(1, len(self._faces) // self._recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.float32], Targets, Targets]:
        size = self._recipe.batch_size
        rows = self._order[index * size : (index + 1) * size]
        rng = np.random.default_rng((self._recipe.seed, self._epoch, index))
        images = augment_batch(
            self._faces.images_grey[rows], self._recipe.augmentation, self._crop_px, rng
        )
        targets = targets_of(self._faces.select(rows))
        if self._soft_labels is not None:
            targets["fer7"] = self._soft_labels[rows]
        if self._recipe.mixup:
            return _mixed(images, targets, self._recipe.mixup, rng)
        return images, targets, _weights(targets)

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._order = self._shuffled()

    def _shuffled(self) -> npt.NDArray[np.int64]:
        rng = np.random.default_rng((self._recipe.seed, self._epoch))
        return rng.permutation(len(self._faces))


def validation_arrays(
    faces: LabelledFaces,
) -> tuple[npt.NDArray[np.float32], Targets, Targets]:
    """Unchanged whole faces with their targets and weights, as Keras's `validation_data`."""
    targets = targets_of(faces)
    images = centre_crop(faces.images_grey, faces.images_grey.shape[1])
    return images, targets, _weights(targets)


def targets_of(faces: LabelledFaces) -> Targets:
    """Per head: one-hot labels (n, 7), vote shares (n, 8)."""
    one_hot = np.eye(len(FER7), dtype=np.float32)[faces.label_index]
    return {"fer7": one_hot, "ferplus8": faces.votes}


def _weights(targets: Targets) -> Targets:
    """Rows without a usable vote weigh nothing in the votes' loss."""
    with_votes = (targets["ferplus8"].sum(axis=1) > 0).astype(np.float32)
    return {"fer7": np.ones_like(with_votes), "ferplus8": with_votes}


def _mixed(
    images: npt.NDArray[np.float32], targets: Targets, mixup: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float32], Targets, Targets]:
    """The batch laid over itself in another order, targets in the same shares."""
    share = np.float32(rng.beta(mixup, mixup))
    share = max(share, 1 - share)
    other = rng.permutation(len(images))
    weights = {name: weight * weight[other] for name, weight in _weights(targets).items()}
    mixed = {name: share * t + (1 - share) * t[other] for name, t in targets.items()}
    return share * images + (1 - share) * images[other], mixed, weights
