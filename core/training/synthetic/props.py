"""What a head wears: glasses, long hair, clothes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.training.synthetic.face_model import Vertices

_ROUND = 6  # corners of a tube


@dataclass(frozen=True, eq=False)
class Prop:
    """A mesh of its own.

    Attributes:
        vertices: (n, 3) on the unturned head.
        quads: int32 (m, 4).
        coverage: float32 (n,), how much hair, 0 to 1.
    """

    vertices: Vertices
    quads: npt.NDArray[np.int32]
    coverage: npt.NDArray[np.float32]

    def triangles(self) -> npt.NDArray[np.int32]:
        """int32 (k, 3)."""
        return self.quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)


def glasses(marks: Vertices, radius_cm: float) -> Prop:
    """Frames around the eyes, with a bridge and temples; marks are the head's 68 landmarks."""
    pieces = []
    front = float(max(marks[27:29, 2].max(), marks[36:48, 2].max() + 1.0)) + 0.35
    inner = []
    for side, eye in ((-1, marks[36:42]), (1, marks[42:48])):
        centre = eye.mean(axis=0) + np.array([side * 0.15, -0.25, 0])
        angles = np.linspace(0, 2 * np.pi, 25)
        # A rounded rectangle, wrapped around the face a little.
        across = 2.55 * np.sign(np.cos(angles)) * np.abs(np.cos(angles)) ** 0.6
        along = 1.95 * np.sign(np.sin(angles)) * np.abs(np.sin(angles)) ** 0.6
        depth = front - 0.12 * np.maximum(0, side * across)
        rim = np.stack([centre[0] + across, centre[1] + along, depth], axis=1)
        pieces.append(_tube(rim, radius_cm))
        hinge = np.array([centre[0] + side * 2.6, centre[1] + 0.8, front - 0.3])
        ear = np.array([side * (np.abs(marks[[0, 16], 0]).mean() + 0.7), centre[1] + 0.6, -0.5])
        pieces.append(_tube(np.linspace(hinge, ear, 8), radius_cm))
        inner.append([centre[0] - side * 2.5, centre[1] + 0.5, front])
    arc = np.linspace(inner[0], inner[1], 7)
    arc[:, 1] += 0.35 * np.sin(np.linspace(0, np.pi, 7))
    return _joined([*pieces, _tube(arc, radius_cm)])


def long_hair(head: Vertices, length_cm: float, wave: float) -> Prop:
    """A curtain from the crown over the sides and the back; `length_cm` below the eyes."""
    wide = float(np.abs(head[head[:, 1] > 4, 0]).max()) + 0.9
    around = np.linspace(np.radians(72), np.radians(288), 49)
    heights = np.linspace(10.5, 3.0 - length_cm, 30)
    angle, height = np.meshgrid(around, heights)
    # Over the crown it closes in; below the jaw it hangs straight.
    swell = np.interp(height, [-30, -10, 2, 8, 10.5], [1.12, 1.04, 1.0, 0.93, 0.8])
    swell = swell + 0.03 * wave * np.sin(height * 1.3 + angle * 3)
    x = wide * swell * np.sin(angle)
    z = -0.8 + 10.0 * swell * np.cos(angle) * np.where(np.cos(angle) > 0, 0.75, 1.0)
    edge = np.minimum(angle - around[0], around[-1] - angle) / 0.35
    foot = (height - heights[-1]) / 3.0
    coverage = np.clip(np.minimum(edge, foot) + 0.15, 0, 1)
    vertices = np.stack([x, height, z], axis=-1).reshape(-1, 3).astype(np.float32)
    return Prop(vertices, _grid(*angle.shape), coverage.reshape(-1).astype(np.float32))


def clothes() -> Prop:
    """A round collar, shoulders and the chest."""
    heights = np.array([-12.2, -12.6, -13.8, -15.0, -16.5, -18.5, -22, -30, -45])
    wide = np.array([7.3, 7.9, 9.5, 12.5, 16.5, 19.5, 21.5, 22.5, 22.5])
    deep = np.array([6.8, 7.3, 7.9, 8.6, 9.2, 10, 11, 12, 12])
    angle, height = np.meshgrid(np.linspace(0, 2 * np.pi, 49), heights)
    x = np.interp(-height, -heights, wide) * np.sin(angle)
    z = -1.2 + np.interp(-height, -heights, deep) * np.cos(angle)
    # The collar dips in front.
    y = height - 1.6 * np.clip(np.cos(angle), 0, 1) ** 2 * np.interp(-height, [12, 16], [1, 0])
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3).astype(np.float32)
    return Prop(vertices, _grid(*angle.shape), np.zeros(len(vertices), np.float32))


def _tube(path: npt.NDArray[np.float64], radius_cm: float) -> Prop:
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along, np.array([0.1, 0.9, 0.4]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    over = np.cross(side, along)
    angles = np.linspace(0, 2 * np.pi, _ROUND + 1)
    rings = [path + radius_cm * (np.cos(angle) * side + np.sin(angle) * over) for angle in angles]
    vertices = np.stack(rings, axis=1).reshape(-1, 3).astype(np.float32)
    return Prop(vertices, _grid(len(path), _ROUND + 1), np.zeros(len(vertices), np.float32))


def _grid(rows: int, columns: int) -> npt.NDArray[np.int32]:
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).reshape(-1)
    quads = np.stack([corner, corner + columns, corner + columns + 1, corner + 1], axis=1)
    return quads.astype(np.int32)


def _joined(props: Sequence[Prop]) -> Prop:
    starts = np.cumsum([0, *(len(prop.vertices) for prop in props[:-1])])
    return Prop(
        np.concatenate([prop.vertices for prop in props]),
        np.concatenate(
            [prop.quads + start for prop, start in zip(props, starts, strict=True)]
        ).astype(np.int32),
        np.concatenate([prop.coverage for prop in props]),
    )
