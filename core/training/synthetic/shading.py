"""What is computed for every picture beside the drawing: normals and hollows."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from core.training.synthetic.face_model import Vertices
from core.training.synthetic.view import View


class Normals:
    """Normals of moving vertices: the sum over the polygons around each.

    Args:
        quads: int32 (m, 4); triangles repeat their last corner. Every vertex is a corner.
    """

    def __init__(self, quads: npt.NDArray[np.int32]) -> None:
        self._quads = quads
        corners = quads.reshape(-1)
        order = np.argsort(corners, kind="stable")
        self._polygon = order // 4
        self._starts = np.searchsorted(corners[order], np.arange(corners.max() + 1))

    def of(self, vertices: Vertices) -> Vertices:
        """float32 (n, 3), of length 1."""
        a, b, c, d = (vertices[self._quads[:, corner]] for corner in range(4))
        # A triangle repeats its last corner, and its diagonals still span its plane.
        faces = np.cross(c - a, d - b)
        sums = np.add.reduceat(faces[self._polygon], self._starts, axis=0)
        lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))
        return np.asarray(sums / np.maximum(lengths, 1e-9)[:, None], np.float32)


def hollows(depth: npt.NDArray[np.float32], view: View) -> npt.NDArray[np.float32]:
    """0 to 1: hollows get less light (unsharp masking of the depth; Luft, Colditz, Deussen 2006).

    Args:
        depth: float32 (height_px, width_px), OpenGL's, 0 to 1.
        view: that the depth was drawn with.
    """
    away_cm = np.minimum(view.away_cm(depth), view.distance_cm + 12.0)
    px_per_cm = view.height_px / (2 * view.half_height_cm)
    shade = np.ones_like(away_cm)
    for radius_cm, strength in ((0.35, 0.5), (1.2, 0.22)):
        around = cv2.GaussianBlur(away_cm, (0, 0), max(0.5, radius_cm * px_per_cm))
        shade -= strength * np.clip(away_cm - around, 0.0, 0.9)
    return np.clip(shade, 0.25, 1.0).astype(np.float32)
