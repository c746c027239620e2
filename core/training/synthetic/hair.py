"""Where hair grows on the resting head."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.training.synthetic.appearance import HairStyle
from core.training.synthetic.face_model import Vertices

# Height of the hairline over depth (z), from the nape over the ear to the forehead, centimetres.
_HAIRLINE_Z = np.array([-9.5, -6.0, -3.5, -2.5, -1.5, 1.0, 2.0, 2.8, 3.6, 5.0, 7.5, 9.0, 11.0])
_HAIRLINE_Y = np.array([-5.5, -4.5, -3.0, 0.5, 5.2, 5.2, 3.5, 2.0, 5.5, 8.0, 9.6, 10.2, 10.4])
_SOFT_CM = 1.6
_BLUR_CM = (-0.8, -0.4, 0.0, 0.4, 0.8)  # where the line is steep it would end like a step


def coverage(rest: Vertices, style: HairStyle) -> npt.NDArray[np.float32]:
    """float32 (n,): 0 bare skin, 1 thick hair."""
    if style is HairStyle.BALD:
        return np.zeros(len(rest), np.float32)
    shifted = [_above_line(rest, style, shift) for shift in _BLUR_CM]
    return np.asarray(np.mean(shifted, axis=0), np.float32)


def _above_line(rest: Vertices, style: HairStyle, shift_cm: float) -> npt.NDArray[np.float32]:
    depth = rest[:, 2] + shift_cm
    line = np.interp(depth, _HAIRLINE_Z, _HAIRLINE_Y)
    if style is HairStyle.RECEDING:
        line += np.interp(depth, [2.5, 6, 9], [0, 2.5, 3.2])
    return np.asarray(np.clip((rest[:, 1] - line) / _SOFT_CM + 0.5, 0, 1), np.float32)
