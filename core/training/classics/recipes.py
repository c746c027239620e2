"""Every classic recipe: everything that decides its run, in one readable place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.expression.labels import FER7
from core.training.augmentation import Augmentation
from core.training.datasets.framing import WithoutFace


class Network(StrEnum):
    """What is trained; `networks.py` builds them."""

    DEEPFACE = "deepface"
    FOUR_BLOCKS = "four blocks"
    BACKBONE = "backbone and head"


class Backbone(StrEnum):
    """Where the features of a `Network.BACKBONE` come from."""

    MIEN = "mien"
    RESNET50 = "resnet50"
    VGG16 = "vgg16"


_NO_LIGHT = Augmentation(
    rotate_deg=15, shear=0.15, zoom=0.15, shift=0.1, flip=True, contrast=0, erase=0
)
_GENTLE = Augmentation(rotate_deg=8, shear=0.05, zoom=0.08, shift=0.05, contrast=0.2, erase=0)


@dataclass(frozen=True)
class ClassicRecipe:
    """One way to train a network on hard labels.

    Attributes:
        name: of the recipe and, unless told otherwise, of the published model.
        description: for the card, as a sentence.
        network: what is trained.
        labels: what it tells apart, of data that may hold more; None for all that the data has.
        face_px: side of the grey face that it takes.
        find_faces: cut faces out of the user's pictures and level their eyes.
        without_face: what becomes of a picture in which none is found.
        backbone: of a `Network.BACKBONE`.
        frozen: the backbone's weights stay as they are; only the head learns.
        head_widths: dense layers between the features and the labels.
        balanced: each label gives the same number of faces to an epoch.
        epochs, patience_epochs: at most; and how long to go on without a better validation.
        rate: learning rate of Adam (Kingma and Ba 2014, arXiv 1412.6980).
    """

    name: str
    description: str
    network: Network
    labels: tuple[str, ...] | None = None
    face_px: int = 48
    find_faces: bool = False
    without_face: WithoutFace = WithoutFace.SKIP
    backbone: Backbone | None = None
    frozen: bool = False
    head_widths: tuple[int, ...] = ()
    balanced: bool = False
    epochs: int = 60
    patience_epochs: int = 12
    batch_size: int = 64
    rate: float = 1e-3
    dropout: float = 0.3
    augmentation: Augmentation = field(default=_GENTLE)
    seed: int = 7


_ALL = (
    ClassicRecipe(
        "pain3",
        "Neutral, happy or in pain, with the network that DeepFace reads emotions with.",
        Network.DEEPFACE,
        labels=("neutral", "happy", "pain"),
        dropout=0.2,
        augmentation=_NO_LIGHT,
    ),
    ClassicRecipe(
        "fer7",
        "Seven expressions with four plain convolutional blocks and two dense ones.",
        Network.FOUR_BLOCKS,
        labels=FER7,
        head_widths=(256, 512),
    ),
    ClassicRecipe(
        "basic4",
        "Four expressions, learned from as many faces of each.",
        Network.FOUR_BLOCKS,
        labels=("angry", "sad", "happy", "neutral"),
        head_widths=(256, 512),
        balanced=True,
        patience_epochs=6,
    ),
    ClassicRecipe(
        "animated",
        "A small head on the features of a finished network, taught mostly by rendered faces.",
        Network.BACKBONE,
        face_px=350,
        backbone=Backbone.MIEN,
        frozen=True,
        head_widths=(256, 128),
        batch_size=32,
    ),
    ClassicRecipe(
        "eight",
        "Any set of expressions on large, upright faces, with ResNet50.",
        Network.BACKBONE,
        face_px=224,
        find_faces=True,
        backbone=Backbone.RESNET50,
        batch_size=16,
        rate=1e-4,
    ),
)

CLASSICS = {recipe.name: recipe for recipe in _ALL}
