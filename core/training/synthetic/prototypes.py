"""Which action units make up each expression, and how a pose of it is drawn.

Prototypes after Ekman and Friesen's EMFACS; pain after Prkachin and Solomon (2008). Beside the
prototypes stand the faces that are mistaken for pain: laughing, disgust, blinks, crying eyes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.expression.labels import FER7
from core.training.synthetic.action_units import ACTION_UNITS, ExpressionPose

PAIN = "pain"
RENDERED_LABELS = (*FER7, PAIN)
LEAST_PAIN_PSPI = 4.0
"""A pose that is called pain has at least this; less is a twinge at most."""


@dataclass(frozen=True)
class Range:
    """A strength between two bounds, 0 to 1, that only a share of the faces shows."""

    low: float
    high: float
    chance: float = 1.0


@dataclass(frozen=True)
class Prototype:
    """One way of showing an expression.

    Attributes:
        label: one of RENDERED_LABELS.
        share: how many of the label's faces are of this kind, relative to its others.
        ranges: action unit or shape → range.
    """

    label: str
    share: float
    ranges: dict[str, Range]


def _prototype(label: str, share: float, **ranges: tuple[float, ...]) -> Prototype:
    return Prototype(label, share, {name: Range(*bounds) for name, bounds in ranges.items()})


PROTOTYPES = (
    # angry: glare, pressed lips, shouting
    _prototype(
        "angry", 3, AU4=(0.7, 1), AU5=(0.2, 0.7, 0.6), AU7=(0.2, 0.7), AU24=(0.4, 1), AU17=(0, 0.5),
        mouthRollLower=(0.1, 0.5, 0.5), AU15=(0, 0.4, 0.5),
    ),
    _prototype(
        "angry", 2, AU4=(0.7, 1), AU5=(0.3, 0.9), AU7=(0.2, 0.6), AU10=(0.2, 0.6), AU16=(0.3, 0.9),
        AU26=(0.15, 0.6), mouthFunnel=(0.1, 0.5, 0.5), AU9=(0, 0.4, 0.4),
    ),
    _prototype("angry", 1, AU4=(0.5, 1), AU5=(0.1, 0.4, 0.5), AU7=(0.2, 0.5), AU24=(0, 0.5)),
    # disgust: nose wrinkled, lip raised, brows and eyes less than in pain
    _prototype(
        "disgust", 3, AU9=(0.6, 1), AU10=(0.4, 1), AU17=(0.1, 0.6, 0.6), AU15=(0.1, 0.5, 0.6),
        AU7=(0, 0.4, 0.5), AU4=(0, 0.35, 0.6),
    ),
    _prototype(
        "disgust", 2, AU9=(0.5, 1), AU10=(0.6, 1), AU16=(0.2, 0.7), AU26=(0.1, 0.4),
        AU4=(0, 0.3, 0.5), AU6=(0, 0.4, 0.5),
    ),
    # fear
    _prototype(
        "fear", 3, AU1=(0.6, 1), AU2=(0.4, 1), AU4=(0.2, 0.6), AU5=(0.6, 1), AU20=(0.3, 1),
        AU26=(0.1, 0.5), AU16=(0.1, 0.5, 0.6),
    ),
    _prototype(
        "fear", 1, AU1=(0.6, 1), AU2=(0.2, 0.6), AU4=(0.2, 0.5), AU5=(0.7, 1), AU20=(0.2, 0.7),
        AU26=(0, 0.1),
    ),
    # happy: smile, grin, laughing with squeezed eyes
    _prototype("happy", 2, AU12=(0.4, 0.9), AU6=(0.2, 0.8), AU14=(0, 0.3, 0.3)),
    _prototype(
        "happy", 3, AU12=(0.6, 1), AU6=(0.4, 1), AU10=(0.15, 0.45), AU16=(0.05, 0.3),
        AU26=(0.03, 0.25), AU7=(0, 0.4, 0.5),
    ),
    _prototype(
        "happy", 2, AU12=(0.7, 1), AU6=(0.7, 1), AU7=(0.5, 1), AU26=(0.2, 0.6), AU10=(0.2, 0.5),
        AU43=(0.4, 1, 0.7), AU9=(0, 0.35, 0.4), AU16=(0.1, 0.4),
    ),
    # sad: inner brows up, corners of the mouth down; also with closed eyes and crying
    _prototype(
        "sad", 3, AU1=(0.5, 1), AU4=(0.1, 0.5), AU15=(0.4, 1), AU17=(0.2, 0.8),
        eyeLookDown=(0, 0.4, 0.5),
    ),
    _prototype(
        "sad", 1, AU1=(0.5, 1), AU4=(0.1, 0.5), AU15=(0.4, 1), AU17=(0.2, 0.8), AU43=(0.9, 1),
    ),
    _prototype(
        "sad", 0.5, AU1=(0.6, 1), AU4=(0.1, 0.4), AU15=(0.5, 1), AU17=(0.3, 0.8), AU7=(0.1, 0.4),
        AU26=(0.05, 0.2), AU16=(0.1, 0.4),
    ),
    # surprise
    _prototype("surprise", 3, AU1=(0.7, 1), AU2=(0.7, 1), AU5=(0.4, 1), AU26=(0.3, 0.9)),
    _prototype(
        "surprise", 1, AU1=(0.6, 1), AU2=(0.6, 1), AU5=(0.3, 0.9), AU26=(0.2, 0.5),
        mouthFunnel=(0.2, 0.6),
    ),
    # neutral: at rest, blinking, eyes closed, looking down, talking, a single action
    _prototype("neutral", 4, AU12=(0, 0.12, 0.3), AU4=(0, 0.12, 0.3), AU1=(0, 0.12, 0.3)),
    _prototype("neutral", 1.5, AU43=(0.5, 1)),
    _prototype("neutral", 1, eyeLookDown=(0.4, 1)),
    _prototype(
        "neutral", 2, AU26=(0.03, 0.3), mouthFunnel=(0, 0.6, 0.5), mouthPucker=(0, 0.5, 0.4),
        AU16=(0, 0.4, 0.5), AU10=(0, 0.2, 0.4), AU43=(0.9, 1, 0.15),
    ),
    _prototype("neutral", 0.7, AU4=(0.15, 0.4)),
    _prototype("neutral", 0.5, AU7=(0.2, 0.6)),
    _prototype("neutral", 0.5, AU1=(0.15, 0.4), AU2=(0.15, 0.4)),
    _prototype("neutral", 0.4, AU24=(0.2, 0.7), AU14=(0, 0.4, 0.5)),
    # pain: grimace, clenched teeth, outcry, wince
    _prototype(
        PAIN, 3, AU4=(0.6, 1), AU6=(0.4, 1), AU7=(0.6, 1), AU9=(0.3, 1), AU10=(0.3, 1),
        AU43=(0.75, 1, 0.75), AU20=(0.1, 0.6, 0.5), AU24=(0.1, 0.5, 0.3), AU17=(0.1, 0.5, 0.4),
    ),
    _prototype(
        PAIN, 2.5, AU4=(0.6, 1), AU6=(0.4, 1), AU7=(0.6, 1), AU9=(0.2, 0.8), AU10=(0.5, 1),
        AU16=(0.4, 0.9), AU20=(0.4, 1), AU26=(0, 0.12), AU43=(0.75, 1, 0.7), AU12=(0, 0.3, 0.25),
    ),
    _prototype(
        PAIN, 2, AU4=(0.6, 1), AU6=(0.4, 1), AU7=(0.5, 1), AU9=(0.2, 0.8), AU10=(0.3, 0.9),
        AU26=(0.3, 0.85), AU20=(0.2, 0.9, 0.7), AU43=(0.75, 1, 0.7), AU16=(0, 0.5, 0.5),
    ),
    _prototype(
        PAIN, 1.5, AU4=(0.4, 0.8), AU7=(0.4, 0.8), AU6=(0.2, 0.6), AU10=(0.2, 0.6),
        AU9=(0, 0.5, 0.5), AU43=(0.3, 1, 0.5), AU1=(0, 0.4, 0.3), AU26=(0, 0.15, 0.4),
    ),
)  # fmt: skip


def draw_pose(label: str, random: np.random.Generator) -> ExpressionPose:
    """A random pose of a label: kind, strengths, asymmetry, gaze.

    Pain is drawn again until its PSPI is at least LEAST_PAIN_PSPI.
    """
    kinds = [prototype for prototype in PROTOTYPES if prototype.label == label]
    shares = np.array([kind.share for kind in kinds])
    while True:
        kind = kinds[random.choice(len(kinds), p=shares / shares.sum())]
        pose = _pose(kind, random)
        if label != PAIN or pose.pspi() >= LEAST_PAIN_PSPI:
            return pose


def _pose(kind: Prototype, random: np.random.Generator) -> ExpressionPose:
    left: dict[str, float] = {}
    right: dict[str, float] = {}
    extra: dict[str, float] = {}
    lopsided = random.normal(0, 0.08)
    for name, bounds in kind.ranges.items():
        if random.random() >= bounds.chance:
            continue
        strength = random.uniform(bounds.low, bounds.high)
        tilt = lopsided + random.normal(0, 0.06)
        if name in ACTION_UNITS:
            # Lids close together.
            tilt = 0.0 if name == "AU43" else tilt
            left[name] = float(np.clip(strength * (1 + tilt), 0, 1))
            right[name] = float(np.clip(strength * (1 - tilt), 0, 1))
        elif name == "eyeLookDown":
            extra |= {"eyeLookDown_L": strength, "eyeLookDown_R": strength}
        else:
            extra[name] = strength
    extra["jawLeft"] = max(0.0, float(random.normal(0, 0.08)))
    extra["mouthRight"] = max(0.0, float(random.normal(0, 0.06)))
    down = -25.0 * extra.get("eyeLookDown_L", 0.0)
    gaze = (float(random.normal(0, 6)), float(random.normal(0, 3)) + down)
    return ExpressionPose(left, right, extra, gaze)
