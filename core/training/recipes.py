"""Recipes: everything that decides a training run, in one readable place."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import ConfigurationError
from core.training.augmentation import Augmentation
from core.training.classics.recipes import CLASSICS


@dataclass(frozen=True)
class Phase:
    """Some epochs on crops of one size. Small crops first make the early epochs cheap."""

    epochs: int
    crop_px: int


@dataclass(frozen=True)
class Recipe:
    """One way to train a network.

    Attributes:
        name: of the recipe and, unless told otherwise, of the published model.
        stage_widths, stage_blocks: filters and residual blocks of each stage.
        phases: what is trained on, in order.
        peak_rate: highest learning rate of the one cycle (Smith 2018, arXiv 1803.09820).
        l2: weight of the squared kernels in the loss.
        label_smoothing: for the hard labels (Szegedy et al. 2015, arXiv 1512.00567).
        mixup: of each batch with itself, shares drawn from Beta(mixup, mixup) (Zhang et al. 2017,
            arXiv 1710.09412); 0 for none.
        parent_blocks: residual blocks of the earlier network that this one grows from, if any.
        taught: share of the soft labels that a parent gives, beside the given labels.
        votes_weight: weight of the FERPlus head's loss beside the hard labels' loss.
        patience_epochs: early stopping on PublicTest accuracy.
    """

    name: str
    stage_widths: tuple[int, ...] = (32, 64, 128, 256)
    stage_blocks: tuple[int, ...] = (1, 1, 2, 1)
    phases: tuple[Phase, ...] = (Phase(46, 40), Phase(14, 48))
    batch_size: int = 128
    peak_rate: float = 0.1
    l2: float = 2.5e-4
    dropout: float = 0.3
    label_smoothing: float = 0.1
    mixup: float = 0.0
    parent_blocks: tuple[int, ...] | None = None
    taught: float = 0.0
    votes_weight: float = 1.0
    patience_epochs: int = 20
    augmentation: Augmentation = field(default_factory=Augmentation)
    seed: int = 7

    @property
    def epochs(self) -> int:
        return sum(phase.epochs for phase in self.phases)


_MIEN = Recipe(
    "mien",
    stage_blocks=(1, 2, 3, 2),
    phases=(Phase(44, 40), Phase(6, 48)),
    peak_rate=0.06,
    dropout=0.4,
    label_smoothing=0.0,
    mixup=0.2,
    parent_blocks=(1, 1, 2, 1),
    taught=0.5,
    patience_epochs=50,
    augmentation=Augmentation(rotate_deg=12, zoom=0.12, shift=0.08, erase=0.35),
)

_POLISH = Recipe(
    "polish",
    stage_blocks=_MIEN.stage_blocks,
    phases=(Phase(9, 40), Phase(5, 48)),
    peak_rate=0.03,
    label_smoothing=0.0,
    parent_blocks=_MIEN.stage_blocks,
    taught=0.4,
    patience_epochs=50,
)
"""A short cycle from `mien` with milder changes to the faces and no mixing."""

RECIPES = {recipe.name: recipe for recipe in (Recipe("base"), _MIEN, _POLISH)}


def recipe_named(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        ConfigurationError: there is none.
    """
    try:
        return RECIPES[name]
    except KeyError as error:
        known = ", ".join(sorted({*RECIPES, *CLASSICS}))
        raise ConfigurationError(f"There is no recipe “{name}”. Known: {known}.") from error
