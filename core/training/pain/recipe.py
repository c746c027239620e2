"""Everything that decides the training of the pain model, in one readable place."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.expression.labels import FER7
from core.training.augmentation import Augmentation

PAIN = "pain"
PAIN_LABELS = (*FER7, PAIN)
"""What the published model tells apart. Rendered faces carry the same labels."""


@dataclass(frozen=True)
class PainRecipe:
    """How the pain branch is trained beside a finished expression network.

    Attributes:
        name: of the recipe and of the published model.
        parent: the recipe of the expression network.
        branch_from: name of the parent's first stage that the branch has for itself; what lies
            before is shared and stays as it is.
        epochs, batch_size: of training; an epoch is as many faces as FER2013's Training has.
        rendered_share: of each batch.
        pain_share: of the faces of each domain that are drawn for showing pain. The same in both,
            so that "rendered" says nothing about pain.
        peak_rate: highest learning rate of the one cycle.
        weight_decay: of AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101).
        shapes_weight: weight of the action units' loss beside the pain loss.
        dropout: before the heads.
        augmentation: geometry and light.
        worst_degradation: 0 to 1, how bad a camera the faces may be seen through.
    """

    name: str = PAIN
    parent: str = "base"
    branch_from: str = "stage3"
    epochs: int = 6
    batch_size: int = 128
    rendered_share: float = 0.4
    pain_share: float = 0.2
    peak_rate: float = 4e-4
    weight_decay: float = 0.02
    shapes_weight: float = 3.0
    dropout: float = 0.3
    augmentation: Augmentation = field(
        default_factory=lambda: Augmentation(
            rotate_deg=12, shear=0.08, zoom=0.15, shift=0.08, contrast=0.3, erase=0.25
        )
    )
    worst_degradation: float = 1.0
    seed: int = 11


PAIN_RECIPE = PainRecipe()
