"""A picture of the resting face seen from the front, drawn on in centimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.training.synthetic.face_model import Vertices

LEFT_CM, BOTTOM_CM, WIDTH_CM, HEIGHT_CM = -12.0, -13.0, 24.0, 27.0
CANVAS = (LEFT_CM, BOTTOM_CM, WIDTH_CM, HEIGHT_CM)

Plane = npt.NDArray[np.float32]
Points = npt.NDArray[np.float32]
"""float32 (n, 2): x and y in centimetres."""


@dataclass(frozen=True)
class Canvas:
    """A picture of the resting face, top row first.

    Attributes:
        px_per_cm: its resolution.
    """

    px_per_cm: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return round(HEIGHT_CM * self.px_per_cm), round(WIDTH_CM * self.px_per_cm)

    def pixels(self, points_cm: Points) -> npt.NDArray[np.int32]:
        """(n, 2) columns and rows, in sixteenths, as OpenCV draws with shift 4."""
        columns = (points_cm[:, 0] - LEFT_CM) * self.px_per_cm
        rows = (BOTTOM_CM + HEIGHT_CM - points_cm[:, 1]) * self.px_per_cm
        return np.asarray(np.rint(np.stack([columns, rows], axis=1) * 16), np.int32)

    def lines(self, lines_cm: Sequence[Points], width_cm: float, soft_cm: float) -> Plane:
        """0 to 1: smooth lines, blurred."""
        plane = np.zeros(self.shape, np.uint8)
        width_px = max(1, round(width_cm * self.px_per_cm))
        paths = [self.pixels(line) for line in lines_cm]
        cv2.polylines(plane, paths, False, 255, width_px, cv2.LINE_AA, 4)
        return self._softened(plane, soft_cm)

    def area(self, outline_cm: Points, soft_cm: float) -> Plane:
        """0 to 1: a filled outline, blurred."""
        plane = np.zeros(self.shape, np.uint8)
        cv2.fillPoly(plane, [self.pixels(outline_cm)], 255, cv2.LINE_AA, 4)
        return self._softened(plane, soft_cm)

    def blob(self, x_cm: float, y_cm: float, wide_cm: float, high_cm: float) -> Plane:
        """0 to 1: a soft spot."""
        rows, columns = self.shape
        x = (np.arange(columns) + 0.5) / self.px_per_cm + LEFT_CM
        y = BOTTOM_CM + HEIGHT_CM - (np.arange(rows) + 0.5) / self.px_per_cm
        across = np.exp(-(((x - x_cm) / wide_cm) ** 2)).astype(np.float32)
        along = np.exp(-(((y - y_cm) / high_cm) ** 2)).astype(np.float32)
        return np.outer(along, across)

    def clouds(self, size_cm: float, random: np.random.Generator) -> Plane:
        """Smooth noise, mean 0, deviation 1."""
        rows, columns = self.shape
        coarse = random.standard_normal(
            (max(2, round(HEIGHT_CM / size_cm)), max(2, round(WIDTH_CM / size_cm)))
        ).astype(np.float32)
        return cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC).astype(np.float32)

    def _softened(self, plane: npt.NDArray[np.uint8], soft_cm: float) -> Plane:
        blurred = cv2.GaussianBlur(plane, (0, 0), max(0.3, soft_cm * self.px_per_cm))
        return blurred.astype(np.float32) / 255.0


def points(rows: Sequence[Sequence[float]]) -> Points:
    """X and y of several points."""
    return np.array(rows, np.float32)


def mirrored(points_cm: Points) -> Points:
    """The same on the other half of the face."""
    return points_cm * np.array([-1, 1], np.float32)


def curve(marks: Vertices) -> Points:
    return smooth(marks[:, :2])


def smooth(points_cm: Points) -> Points:
    """Twenty points on a smooth curve near the given ones."""
    degree = min(3, len(points_cm) - 1)
    steps = np.linspace(0, 1, len(points_cm))
    fine = np.linspace(0, 1, 20)
    axes = [np.polyval(np.polyfit(steps, points_cm[:, axis], degree), fine) for axis in (0, 1)]
    return np.stack(axes, axis=1).astype(np.float32)


def along(line_cm: Points, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    steps = np.linspace(0, 1, len(line_cm))
    return np.stack([np.interp(share, steps, line_cm[:, axis]) for axis in (0, 1)], axis=1)
