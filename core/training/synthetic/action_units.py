"""Action units: how strong each is, which shapes of the face model show it, and the pain formula.

Action units are numbered as in Ekman and Friesen's Facial Action Coding System (1978).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STRONGEST = 5.0
"""FACS grades an action unit from A to E, here 1 to 5; 0 is absent."""

ACTION_UNITS = (
    "AU1",
    "AU2",
    "AU4",
    "AU5",
    "AU6",
    "AU7",
    "AU9",
    "AU10",
    "AU12",
    "AU14",
    "AU15",
    "AU16",
    "AU17",
    "AU20",
    "AU24",
    "AU26",
    "AU43",
)

# Each side's shapes carry _L and _R; a share keeps stacked shapes from tearing the skin. The face
# model lowers the whole brow; in people the inner end goes down the farthest.
_PAIRED: dict[str, dict[str, float]] = {
    "AU1": {"browInnerUp": 1.0},
    "AU2": {"browOuterUp": 1.0},
    "AU4": {"browDown": 1.2, "browInnerUp": -0.6},
    "AU5": {"eyeWide": 1.0},
    "AU6": {"cheekRaiser": 0.8, "cheekSquint": 0.5},
    "AU7": {"eyeSquint": 1.0, "eyeBlink": 0.2},
    "AU9": {"noseSneer": 0.9},
    "AU10": {"mouthUpperUp": 0.85},
    "AU12": {"mouthSmile": 0.9},
    "AU14": {"mouthDimple": 1.0},
    "AU15": {"mouthFrown": 1.0},
    "AU16": {"mouthLowerDown": 1.0},
    "AU20": {"mouthStretch": 0.9},
    "AU24": {"mouthPress": 1.0},
    "AU43": {"eyeBlink": 1.0},
}
_SINGLE: dict[str, dict[str, float]] = {
    "AU17": {"mouthShrugLower": 0.9, "mouthShrugUpper": 0.5},
    "AU26": {"jawOpen": 1.0},
}
_MOST = 1.35  # beyond the artist's shape, where the skin still holds; lids would pass each other
_CLOSED = 0.75  # of a blink: from here on the lids meet


@dataclass(frozen=True)
class ExpressionPose:
    """What a face does.

    Attributes:
        left, right: action unit → 0 (absent) to 1 (strongest), for each half of the face.
        extra: further shapes of the face model → weight (jawLeft, mouthFunnel, cheekPuff_L, …).
        gaze_deg: where the eyes look, to the person's left and up.
    """

    left: Mapping[str, float]
    right: Mapping[str, float]
    extra: Mapping[str, float] = field(default_factory=dict)
    gaze_deg: tuple[float, float] = (0.0, 0.0)

    def strength(self, action_unit: str) -> float:
        """0 to 1: the mean of both sides."""
        return (self.left.get(action_unit, 0.0) + self.right.get(action_unit, 0.0)) / 2

    def intensity(self, action_unit: str) -> float:
        """0 to 5, as FACS grades it."""
        return STRONGEST * self.strength(action_unit)

    def pspi(self) -> float:
        """The pain intensity of Prkachin and Solomon (2008), 0 to 16.

        AU4 + max(AU6, AU7) + max(AU9, AU10), each 0 to 5, + AU43 (eyes closed), 0 or 1.
        """
        eyes = max(self.intensity("AU6"), self.intensity("AU7"))
        lip = max(self.intensity("AU9"), self.intensity("AU10"))
        closed = 1.0 if self.strength("AU43") >= _CLOSED else 0.0
        return self.intensity("AU4") + eyes + lip + closed

    def shape_weights(self) -> dict[str, float]:
        """The face model's shapes, around 0 to 1, that show this pose."""
        weights = dict(self.extra)
        for side, strengths in (("_L", self.left), ("_R", self.right)):
            for unit, strength in strengths.items():
                for shape, share in _PAIRED.get(unit, {}).items():
                    weights[shape + side] = weights.get(shape + side, 0.0) + share * strength
        for unit, shapes in _SINGLE.items():
            for shape, share in shapes.items():
                weights[shape] = weights.get(shape, 0.0) + share * self.strength(unit)
        return {
            shape: min(1.0 if shape.startswith("eye") else _MOST, weight)
            for shape, weight in weights.items()
            if weight
        }


def between(first: ExpressionPose, second: ExpressionPose, share: float) -> ExpressionPose:
    """The pose on the way from the first (share 0) to the second (share 1)."""

    def mixed(a: Mapping[str, float], b: Mapping[str, float]) -> dict[str, float]:
        names = sorted(a.keys() | b.keys())
        return {n: (1 - share) * a.get(n, 0.0) + share * b.get(n, 0.0) for n in names}

    return ExpressionPose(
        mixed(first.left, second.left),
        mixed(first.right, second.right),
        mixed(first.extra, second.extra),
        (
            (1 - share) * first.gaze_deg[0] + share * second.gaze_deg[0],
            (1 - share) * first.gaze_deg[1] + share * second.gaze_deg[1],
        ),
    )
