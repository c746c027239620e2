"""Paints a person's skin: colour, eye sockets, lips, beard, brows.

Everything is painted on the resting face seen from the front, in centimetres of the face model;
the skin carries it along when it moves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.training.synthetic.appearance import Person, Rgb
from core.training.synthetic.canvas import Canvas, Plane, Points, along, curve, points, smooth
from core.training.synthetic.face_model import FaceModel, Vertices


def paint_skin(model: FaceModel, person: Person, canvas: Canvas) -> npt.NDArray[np.uint8]:
    """uint8 (rows, columns, 4): sRGB colour, and in alpha how much the spot shines."""
    random = np.random.default_rng(person.paint_seed)
    marks = model.neutral[model.landmarks]
    colour = np.broadcast_to(np.array(person.skin, np.float32), (*canvas.shape, 3)).copy()
    _tint(colour, 0.05 * canvas.clouds(3.0, random) + 0.03 * canvas.clouds(0.8, random), (1, 1, 1))
    _tint(colour, 0.035 * canvas.clouds(0.12, random), (1, 1, 1))
    _redness(colour, canvas, random)
    _eye_sockets(colour, canvas, person, marks)
    if person.freckles:
        spots = np.clip(canvas.clouds(0.16, random) - 1.6, 0, 1) * canvas.blob(0, 1.5, 6, 3)
        _blend(colour, spots * person.freckles * 0.8, tuple(c * 0.6 for c in person.skin))
    lips = canvas.area(_lip_outline(marks), 0.1)
    _blend(colour, lips * 0.85, person.lips)
    _tint(colour, -0.25 * canvas.lines([curve(marks[[60, 61, 62, 63, 64]])], 0.12, 0.05), (1, 1, 1))
    _beard(colour, canvas, person, lips, random)
    _brows(colour, canvas, person, marks, random)
    shine = 0.45 + 0.6 * canvas.blob(0, 3, 1.6, 6) + 0.3 * canvas.blob(0, 9, 5, 2) + 0.6 * lips
    shine *= 1 + 0.15 * canvas.clouds(0.3, random)
    painted = np.dstack([colour, shine * 0.6])
    return np.asarray(np.clip(painted * 255, 0, 255), np.uint8)


def _redness(colour: npt.NDArray[np.float32], canvas: Canvas, random: np.random.Generator) -> None:
    flush = random.uniform(0.2, 1.0)
    spots = canvas.blob(4.6, 0, 2.2, 1.8) + canvas.blob(-4.6, 0, 2.2, 1.8)
    spots += canvas.blob(0, 0.6, 1.6, 1.5) + 0.5 * canvas.blob(0, -6.3, 1.6, 1)
    _tint(colour, spots * 0.10 * flush, (0.4, -0.9, -0.7))


def _eye_sockets(
    colour: npt.NDArray[np.float32], canvas: Canvas, person: Person, marks: Vertices
) -> None:
    for side in (1, -1):
        _tint(colour, -0.12 * canvas.blob(side * 2.9, 3.6, 2.0, 1.3), (0.9, 1, 0.9))
        bags = canvas.blob(side * 2.9, 2.3, 1.5, 0.6)
        _tint(colour, -(0.05 + 0.1 * person.age) * bags, (1, 1, 0.8))
        _tint(colour, -0.1 * canvas.blob(side * 1.2, 4.0, 0.7, 1.2), (1, 1, 1))
    lids = [curve(marks[[36, 37, 38, 39]]), curve(marks[[42, 43, 44, 45]])]
    lower = [curve(marks[[36, 41, 40, 39]]), curve(marks[[42, 47, 46, 45]])]
    dark = (0.12, 0.08, 0.07)
    _blend(colour, canvas.lines(lids, 0.2, 0.06) * (0.5 + 0.4 * person.make_up), dark)
    _blend(colour, canvas.lines(lower, 0.09, 0.06) * (0.15 + 0.45 * person.make_up), dark)
    if person.make_up:
        shadow = canvas.blob(3.1, 4.3, 1.6, 0.6) + canvas.blob(-3.1, 4.3, 1.6, 0.6)
        _tint(colour, -0.3 * person.make_up * shadow, (0.8, 1, 0.8))


def _beard(
    colour: npt.NDArray[np.float32],
    canvas: Canvas,
    person: Person,
    lips: Plane,
    random: np.random.Generator,
) -> None:
    if not person.beard and not person.moustache:
        return
    jaw = [(-8.2, 2), (-7.6, -1.5), (-5.2, -2.2), (-3.2, -3), (-2.6, -4.9), (0, -5.2)]
    cheeks = [*jaw, *((-x, y) for x, y in jaw[-2::-1])]
    chin = points([*cheeks, (9, -6), (4, -10.5), (-4, -10.5), (-9, -6)])
    lip = points([(-2.9, -3.2), (-1.6, -1.5), (0, -1.3), (1.6, -1.5), (2.9, -3.2), (0, -2.5)])
    tuft = points([(-1, -4.9), (1, -4.9), (1.5, -7), (-1.5, -7)])
    cover = np.maximum(
        person.beard * canvas.area(chin, 0.6), person.moustache * canvas.area(lip, 0.25)
    )
    cover = np.maximum(cover, person.beard * 0.9 * canvas.area(tuft, 0.4)) * (1 - lips)
    hairs = np.clip(
        0.7 + 0.45 * canvas.clouds(0.09, random) + 0.2 * canvas.clouds(0.5, random), 0, 1
    )
    _blend(colour, np.clip(cover * hairs, 0, 0.92), tuple(0.85 * c for c in person.hair))


def _brows(
    colour: npt.NDArray[np.float32],
    canvas: Canvas,
    person: Person,
    marks: Vertices,
    random: np.random.Generator,
) -> None:
    arch, tilt = random.normal(0, 0.12), random.normal(0.11, 0.05)
    hairs: list[Points] = []
    ridges: list[Points] = []
    for side in (1, -1):
        # From the nose outwards; the landmarks lie on the brow's upper edge.
        ridge = marks[[22, 23, 24, 25, 26], :2] * np.array([side, 1], np.float32)
        ridge = smooth(ridge) + np.array([0, -0.25], np.float32)
        ridge[:, 1] += tilt * (ridge[:, 0] * side - 3.3)
        ridge[:, 1] += arch * np.sin(np.linspace(0, np.pi, len(ridge)))
        ridges.append(ridge)
        count = round(150 * person.brow_density)
        place = random.random(count)
        half = (
            0.42 * person.brow_thickness * np.interp(place, [0, 0.15, 0.6, 1], [0.7, 1, 0.75, 0.15])
        )
        root = along(ridge, place) + np.stack(
            [random.normal(0, 0.05, count), random.uniform(-1, 1, count) * half], axis=1
        )
        lean = np.interp(place, [0, 0.3, 1], [58, 30, -15]) + random.normal(0, 12, count)
        length = random.uniform(0.3, 0.6, count)
        step = np.stack([side * np.cos(np.radians(lean)), np.sin(np.radians(lean))], axis=1)
        tip = root + step * length[:, None]
        hairs += list(np.stack([root, tip], axis=1).astype(np.float32))
    under = canvas.lines(ridges, 0.55 * person.brow_thickness, 0.16)
    _blend(colour, under * min(0.75, 0.5 * person.brow_density), person.brow)
    strands = canvas.lines(hairs, 0.045, 0.03)
    _blend(colour, np.clip(strands * 1.2, 0, 1) * 0.8, person.brow)


def _lip_outline(marks: Vertices) -> Points:
    return np.concatenate([curve(marks[48:55]), curve(marks[[54, 55, 56, 57, 58, 59, 48]])])


def _tint(colour: npt.NDArray[np.float32], strength: Plane, channels: Rgb) -> None:
    colour *= 1 + strength[..., None] * np.array(channels, np.float32)


def _blend(colour: npt.NDArray[np.float32], cover: Plane, towards: Sequence[float]) -> None:
    colour += cover[..., None] * (np.array(towards, np.float32) - colour)
