"""The folds of a face: where they run, and how deep an expression and age make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from core.training.synthetic.action_units import ACTION_UNITS, ExpressionPose
from core.training.synthetic.canvas import Canvas, Points, mirrored, points, smooth


def paint_folds(canvas: Canvas) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Two uint8 (rows, columns, 4): how deep each of eight folds can be at every spot.

    Forehead, glabella, nose bridge, nasolabial; crow's feet, under the eye, corner of the mouth,
    pores.
    """
    random = np.random.default_rng(0)
    x = np.linspace(-4.2, 4.2, 40, dtype=np.float32)
    forehead = [
        np.stack([x, y + 0.25 * np.cos(x * 0.9 + y) - 0.012 * x * x], axis=1)
        for y in (7.5, 8.4, 9.3, 10.2)
    ]
    nose = [[[-0.9, y + 0.15], [0, y - 0.1], [0.9, y + 0.15]] for y in (4.5, 3.9, 3.3)]
    nose += [[[s * 1.0, 3.2], [s * 1.5, 2.2]] for s in (1, -1)]
    nose += [[[s * 0.7, 2.6], [s * 1.3, 1.8]] for s in (1, -1)]
    both = _both_sides
    first = [
        canvas.lines(forehead, 0.14, 0.13),
        canvas.lines(
            both([[[0.62, 5.0], [0.75, 5.9], [0.95, 6.9]], [[1.6, 5.6], [1.3, 6.6]]]), 0.16, 0.13
        ),
        canvas.lines([points(line) for line in nose], 0.12, 0.11),
        canvas.lines(both([[[1.55, 0.1], [2.3, -0.9], [3.0, -2.2], [3.35, -3.5]]]), 0.3, 0.2),
    ]
    feet = [[[4.9, 3.5], [6.3, y]] for y in (4.6, 3.7, 2.8, 2.0)]
    bags = [
        [[1.7, 2.6], [2.8, 2.15], [4.0, 2.25], [4.9, 2.9]],
        [[1.6, 2.0], [2.7, 1.45], [4.2, 1.5], [5.4, 2.3]],
    ]
    corner = [[[3.2, -2.6], [3.7, -3.5], [3.5, -4.6]], [[2.7, -3.8], [2.9, -4.9]]]
    pores = np.clip(0.5 + 0.18 * canvas.clouds(0.1, random), 0, 1)
    second = [
        canvas.lines(both(feet), 0.1, 0.1),
        canvas.lines(both(bags), 0.14, 0.13),
        canvas.lines(both(corner), 0.25, 0.18),
        pores,
    ]
    pictures = [
        np.dstack([plane / max(plane.max(), 1e-6) for plane in four]) for four in (first, second)
    ]
    a, b = ((picture * 255).astype(np.uint8) for picture in pictures)
    return a, b


def _both_sides(lines_cm: Sequence[Sequence[Sequence[float]]]) -> list[Points]:
    drawn = [smooth(points(line)) for line in lines_cm]
    return drawn + [mirrored(line) for line in drawn]


def fold_depths(
    expression: ExpressionPose, age: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How deep the eight folds are on each half of the face, in centimetres."""
    deepest = 0.035 + 0.06 * age

    def one_side(strength: Mapping[str, float]) -> tuple[float, ...]:
        unit = dict.fromkeys(ACTION_UNITS, 0.0) | dict(strength)
        squeezed = unit["AU43"] * max(unit["AU6"], unit["AU7"])
        depths = (
            0.8 * max(unit["AU1"], unit["AU2"]) * (1 - 0.5 * unit["AU4"]) + 0.25 * age,
            0.9 * unit["AU4"] + 0.15 * age,
            0.9 * max(unit["AU9"], 0.4 * unit["AU4"] * squeezed),
            1.2 * max(unit["AU9"], unit["AU10"], 0.9 * unit["AU12"], 0.4 * unit["AU20"])
            + 0.4 * age,
            max(0.8 * unit["AU6"], 0.5 * unit["AU7"], squeezed) + 0.25 * age,
            max(0.7 * unit["AU6"], 0.6 * unit["AU7"], squeezed) + 0.3 * age,
            max(0.6 * unit["AU12"], 0.7 * unit["AU20"], 0.6 * unit["AU15"]) + 0.25 * age,
            0.25,
        )
        return tuple(deepest * depth for depth in depths)

    return one_side(expression.left), one_side(expression.right)
