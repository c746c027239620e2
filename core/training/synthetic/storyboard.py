"""Who is in the demo clip and on the test pictures, and what the face does when."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.training.synthetic.action_units import ExpressionPose, between
from core.training.synthetic.appearance import (
    HairStyle,
    HeadPose,
    Lighting,
    Person,
    draw_person,
)

_EASE_S = 0.7
_BLINKS_S = (1.3, 3.4, 6.3, 8.9, 11.2, 18.2, 19.6)
_BLINK_S = 0.32


@dataclass(frozen=True)
class Section:
    """A stretch of the clip.

    Attributes:
        label: what the face shows.
        until_s: where the next section begins to ease in.
        units: action unit → strength, 0 to 1.
        pose: the head's turn about which it sways.
    """

    label: str
    until_s: float
    units: dict[str, float]
    pose: HeadPose


STILLS: dict[str, dict[str, float]] = {
    "angry": {"AU4": 1.0, "AU5": 0.6, "AU7": 0.5, "AU24": 0.8, "AU17": 0.3},
    "disgust": {"AU9": 0.9, "AU10": 0.9, "AU15": 0.3, "AU17": 0.3},
    "fear": {"AU1": 1.0, "AU2": 0.6, "AU4": 0.3, "AU5": 1.0, "AU20": 0.9, "AU26": 0.25},
    "happy": {"AU6": 0.7, "AU10": 0.25, "AU12": 0.95, "AU16": 0.1, "AU26": 0.12},
    "sad": {"AU1": 1.0, "AU4": 0.3, "AU15": 0.9, "AU17": 0.5},
    "surprise": {"AU1": 1.0, "AU2": 1.0, "AU5": 0.8, "AU26": 0.65},
    "neutral": {"AU12": 0.1},
    "pain": {
        "AU4": 0.95, "AU6": 0.8, "AU7": 0.9, "AU9": 0.65, "AU10": 0.7, "AU16": 0.5, "AU20": 0.55,
        "AU26": 0.08, "AU43": 0.95,
    },
}  # fmt: skip
"""Action units of the test pictures."""

SECTIONS = (
    Section("neutral", 4.0, {"AU12": 0.1}, HeadPose()),
    Section(
        "happy", 8.0, STILLS["happy"],
        HeadPose(3, 2, -3),
    ),
    Section(
        "surprise", 12.0, STILLS["surprise"], HeadPose(0, 3, 1)
    ),
    Section(
        "pain", 17.0, STILLS["pain"],
        HeadPose(-4, -5, 4),
    ),
    Section("neutral", 20.0, {"AU12": 0.1}, HeadPose()),
)  # fmt: skip
LENGTH_S = SECTIONS[-1].until_s

LIGHT = Lighting(
    key_direction=(-0.45, 0.5, 0.74),
    key_colour=(1.15, 1.1, 1.02),
    fill_direction=(0.7, 0.1, 0.7),
    fill_colour=(0.28, 0.3, 0.34),
    sky_colour=(0.52, 0.52, 0.55),
    ground_colour=(0.3, 0.27, 0.25),
)
"""A window on one side, a bright room on the other."""


def demo_person() -> Person:
    """The person of the clip: nobody who lives."""
    drawn = draw_person(np.random.default_rng(104))
    return replace(
        drawn,
        identity_weights=drawn.identity_weights * np.float32(0.6),
        skin=(0.80, 0.61, 0.50),
        lips=(0.66, 0.38, 0.36),
        hair=(0.20, 0.14, 0.11),
        brow=(0.15, 0.10, 0.08),
        iris=(0.33, 0.22, 0.13),
        hair_style=HairStyle.SHORT,
        hair_cm=0.8,
        curl=0.15,
        age=0.25,
        beard=0.0,
        moustache=0.0,
        freckles=0.0,
        make_up=0.0,
        gloss=0.7,
        glasses=None,
        clothes=(0.33, 0.42, 0.50),
    )


def still_person() -> Person:
    """The person of the test pictures: nobody who lives either."""
    drawn = draw_person(np.random.default_rng(106))
    return replace(
        drawn,
        identity_weights=drawn.identity_weights * np.float32(0.6),
        skin=(0.52, 0.36, 0.27),
        lips=(0.48, 0.25, 0.24),
        hair=(0.12, 0.09, 0.08),
        brow=(0.09, 0.07, 0.06),
        hair_style=HairStyle.LONG,
        hair_cm=0.9,
        hair_length_cm=14.0,
        age=0.2,
        make_up=0.3,
        glasses=None,
    )


def section_at(time_s: float) -> Section:
    """What the face shows at a time of the clip."""
    return next((part for part in SECTIONS if time_s < part.until_s), SECTIONS[-1])


def pose_at(time_s: float) -> tuple[ExpressionPose, HeadPose]:
    """Face and head at a time of the clip: eased between the sections, with blinks and sway."""
    section = section_at(time_s)
    index = SECTIONS.index(section)
    before = SECTIONS[max(0, index - 1)]
    started_s = before.until_s if index else -_EASE_S
    share = _eased((time_s - started_s) / _EASE_S)
    expression = between(_expression(before, time_s), _expression(section, time_s), share)
    return _blinking(expression, time_s), _swaying(before.pose, section.pose, share, time_s)


def _expression(section: Section, time_s: float) -> ExpressionPose:
    # Nobody holds an expression quite still.
    alive = 1 + 0.06 * np.sin(2.1 * time_s) * np.sin(3.7 * time_s + 1)
    units = {name: min(1.0, float(strength * alive)) for name, strength in section.units.items()}
    gaze = (2.5 * np.sin(0.9 * time_s), 1.2 * np.sin(1.3 * time_s + 2))
    return ExpressionPose(units, units, {}, (float(gaze[0]), float(gaze[1])))


def _blinking(expression: ExpressionPose, time_s: float) -> ExpressionPose:
    since = (abs(time_s - start_s - _BLINK_S / 2) / (_BLINK_S / 2) for start_s in _BLINKS_S)
    closed = max(0.0, 1 - min(since) ** 2)
    left, right = (
        dict(side) | {"AU43": max(closed, side.get("AU43", 0.0))}
        for side in (expression.left, expression.right)
    )
    return replace(expression, left=left, right=right)


def _swaying(first: HeadPose, second: HeadPose, share: float, time_s: float) -> HeadPose:
    def mixed(a: float, b: float, size_deg: float, pace: float) -> float:
        sway = np.sin(pace * time_s) + 0.5 * np.sin(1.7 * pace * time_s + 1)
        return float(a + (b - a) * share + size_deg * sway)

    return HeadPose(
        mixed(first.yaw_deg, second.yaw_deg, 2.5, 0.8),
        mixed(first.pitch_deg, second.pitch_deg, 1.2, 1.1),
        mixed(first.roll_deg, second.roll_deg, 1.0, 0.6),
    )


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
