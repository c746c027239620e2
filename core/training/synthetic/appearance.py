"""How a rendered person looks, and the light and camera that see them: all drawn from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Rgb = tuple[float, float, float]
"""sRGB, 0 to 1."""

IDENTITY_MODES = 100

# Lightest to darkest, steps of a Fitzpatrick-like ramp.
_SKIN_TONES: tuple[Rgb, ...] = (
    (0.95, 0.82, 0.75),
    (0.90, 0.74, 0.65),
    (0.84, 0.66, 0.55),
    (0.75, 0.56, 0.44),
    (0.61, 0.43, 0.32),
    (0.45, 0.31, 0.23),
    (0.33, 0.22, 0.17),
)
_HAIR_COLOURS: tuple[Rgb, ...] = (
    (0.09, 0.07, 0.07),
    (0.20, 0.14, 0.11),
    (0.36, 0.25, 0.17),
    (0.58, 0.43, 0.27),
    (0.75, 0.62, 0.42),
    (0.48, 0.22, 0.12),
    (0.62, 0.61, 0.60),
    (0.82, 0.81, 0.79),
)
_IRIS_COLOURS: tuple[Rgb, ...] = (
    (0.30, 0.19, 0.11),
    (0.20, 0.13, 0.09),
    (0.42, 0.33, 0.18),
    (0.35, 0.48, 0.60),
    (0.38, 0.48, 0.36),
    (0.45, 0.48, 0.50),
)


class HairStyle(StrEnum):
    """Hair shells around the skull."""

    BALD = "bald"
    RECEDING = "receding"
    SHORT = "short"
    FULL = "full"
    LONG = "long"


@dataclass(frozen=True, eq=False)
class Person:
    """One person, the same in every picture of them.

    Attributes:
        identity_weights: float32 (100,), of the face model's identity modes.
        skin, lips, hair, brow, iris: sRGB colours.
        hair_style: see HairStyle.
        hair_cm: how far the hair stands off the skull.
        hair_length_cm: of long hair, below the eyes.
        curl: 0 straight, 1 curly.
        brow_thickness, brow_density: 1 is average.
        beard: 0 shaven, 0.3 stubble, 1 a full beard; moustache alike.
        age: 0 smooth, 1 deep folds at rest.
        gloss: how much the skin shines.
        make_up: 0 none, 1 dark lashes and lids, red lips.
        freckles: 0 to 1.
        glasses: frame colour, or none.
        clothes: sRGB colour.
        paint_seed: for spots, pores and single brow hairs.
    """

    identity_weights: npt.NDArray[np.float32]
    skin: Rgb
    lips: Rgb
    hair: Rgb
    brow: Rgb
    iris: Rgb
    hair_style: HairStyle
    hair_cm: float
    hair_length_cm: float
    curl: float
    brow_thickness: float
    brow_density: float
    beard: float
    moustache: float
    age: float
    gloss: float
    make_up: float
    freckles: float
    glasses: Rgb | None
    clothes: Rgb
    paint_seed: int


def draw_person(random: np.random.Generator) -> Person:
    """A random person."""
    skin = _varied(_between(_SKIN_TONES, random.random()), 0.012, random)
    darkness = 1.0 - sum(skin) / 3
    ageing = float(random.beta(1.2, 2.0))
    hair = _varied(_hair_colour(darkness, ageing, random), 0.012, random)
    bearded = random.random() < 0.3
    make_up = 0.0 if bearded or random.random() < 0.6 else float(random.uniform(0.2, 1))
    styles = list(HairStyle)
    shares = [0.06, 0.12, 0.32, 0.2, 0.3] if make_up == 0 else [0.01, 0.02, 0.12, 0.3, 0.55]
    brow_dark = float(random.uniform(0.55, 1.0))
    return Person(
        identity_weights=random.normal(0, 0.85, IDENTITY_MODES).astype(np.float32),
        skin=skin,
        lips=_lip_colour(skin, make_up, random),
        hair=hair,
        brow=_mixed((0.08, 0.06, 0.05), hair, 1 - brow_dark * 0.7),
        iris=_varied(_pick(_IRIS_COLOURS, random, 2 if darkness > 0.5 else None), 0.02, random),
        hair_style=styles[int(random.choice(len(styles), p=shares))],
        hair_cm=float(random.uniform(0.6, 2.2)),
        hair_length_cm=float(random.uniform(6, 26)),
        curl=float(np.clip(random.normal(0.25 + 0.5 * (darkness > 0.55), 0.25), 0, 1)),
        brow_thickness=float(random.uniform(0.6, 1.5)),
        brow_density=float(random.uniform(0.45, 1.2)),
        beard=float(random.choice([random.uniform(0.1, 0.4), random.uniform(0.5, 1)])) * bearded,
        moustache=float(random.uniform(0.2, 1)) * (bearded and random.random() < 0.7),
        age=ageing,
        gloss=float(random.uniform(0.2, 1.3)),
        make_up=make_up,
        freckles=float(random.uniform(0, 1)) if random.random() < 0.2 else 0.0,
        glasses=_varied((0.12, 0.1, 0.1), 0.1, random) if random.random() < 0.14 else None,
        clothes=_varied((0.4, 0.4, 0.42), 0.22, random),
        paint_seed=int(random.integers(2**31)),
    )


@dataclass(frozen=True)
class Lighting:
    """Directions point towards the light, x to the picture's right, y up, z to the camera."""

    key_direction: tuple[float, float, float]
    key_colour: Rgb
    fill_direction: tuple[float, float, float]
    fill_colour: Rgb
    sky_colour: Rgb
    ground_colour: Rgb


def draw_lighting(random: np.random.Generator) -> Lighting:
    """From flat office light to a hard lamp at the side."""
    azimuth, height = random.normal(0, 45), random.uniform(-10, 65)
    key = random.uniform(0.4, 1.9)
    ambient = random.uniform(0.25, 0.8)
    warmth = random.normal(0, 0.08)
    sky = ambient * (1 + random.normal(0, 0.05))
    fill = random.uniform(0, 0.5)
    return Lighting(
        _direction(azimuth, height),
        (key * (1 + warmth), key, key * (1 - warmth)),
        _direction(-azimuth + random.normal(0, 30), random.uniform(-20, 40)),
        (fill, fill, fill * (1 + warmth)),
        (sky, sky, sky * (1 + warmth / 2)),
        (0.55 * ambient, 0.5 * ambient, 0.48 * ambient),
    )


@dataclass(frozen=True)
class HeadPose:
    """Turns of the head in degrees: yaw to the picture's right, pitch up, roll clockwise."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0


def draw_head_pose(random: np.random.Generator) -> HeadPose:
    """Turned as far as people at a camera turn."""
    wide = 1.8 if random.random() < 0.25 else 1.0
    return HeadPose(
        float(np.clip(random.normal(0, 11 * wide), -38, 38)),
        float(np.clip(random.normal(-1, 7 * wide), -24, 20)),
        float(np.clip(random.normal(0, 6), -18, 18)),
    )


def _direction(azimuth_deg: float, height_deg: float) -> tuple[float, float, float]:
    azimuth, height = np.radians([azimuth_deg, height_deg])
    return (
        float(np.sin(azimuth) * np.cos(height)),
        float(np.sin(height)),
        float(np.cos(azimuth) * np.cos(height)),
    )


def _hair_colour(darkness: float, ageing: float, random: np.random.Generator) -> Rgb:
    if random.random() < max(0.0, ageing - 0.35):
        return _HAIR_COLOURS[int(random.integers(6, 8))]
    return _pick(_HAIR_COLOURS, random, 2 if darkness > 0.45 else 6)


def _lip_colour(skin: Rgb, make_up: float, random: np.random.Generator) -> Rgb:
    natural = (skin[0] * 0.8, skin[1] * 0.58, skin[2] * 0.58)
    red = (0.62, 0.12, 0.17)
    return _varied(_mixed(natural, red, make_up * float(random.uniform(0.1, 0.8))), 0.03, random)


def _pick(colours: tuple[Rgb, ...], random: np.random.Generator, first: int | None) -> Rgb:
    return colours[int(random.integers(first or len(colours)))]


def _between(ramp: tuple[Rgb, ...], share: float) -> Rgb:
    place = share * (len(ramp) - 1)
    index = min(int(place), len(ramp) - 2)
    return _mixed(ramp[index], ramp[index + 1], place - index)


def _mixed(first: Rgb, second: Rgb, share: float) -> Rgb:
    red, green, blue = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return (red, green, blue)


def _varied(colour: Rgb, spread: float, random: np.random.Generator) -> Rgb:
    red, green, blue = np.clip(np.add(colour, random.normal(0, spread, 3)), 0.02, 0.98).tolist()
    return (red, green, blue)
