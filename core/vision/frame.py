"""One picture of a camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ImageBgr = npt.NDArray[np.uint8]
"""uint8 (height, width, 3), blue, green, red."""

ImageGrey = npt.NDArray[np.uint8]
"""uint8 (height, width)."""


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture, stamped on arrival.

    Attributes:
        image_bgr: the picture. Nobody writes into it.
        captured_s: monotonic seconds at which the server received it.
        sequence: counts up from 0 for each camera, dropped frames included.
    """

    image_bgr: ImageBgr
    captured_s: float
    sequence: int
