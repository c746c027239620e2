"""A camera whose every picture carries its number, so that a page can tell how old it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tests.support.camera import portrait_frames

BITS = 8
CELL_PX = 40
"""Large enough to outlive strong compression and half the size."""


def coded_frames(seconds: float = 6) -> Iterator[npt.NDArray[np.uint8]]:
    """The portrait, with the frame's number as light and dark cells at the bottom edge."""
    for number, image_bgr in enumerate(portrait_frames(seconds)):
        coded = image_bgr.copy()
        for bit in range(BITS):
            left = bit * CELL_PX
            # a palindrome: a mirrored picture reads the same
            for start in (left, coded.shape[1] - left - CELL_PX):
                coded[-CELL_PX:, start : start + CELL_PX] = 230 if number >> bit & 1 else 25
        yield coded


READ_CODE = f"""
const surface = new OffscreenCanvas({BITS}, 1).getContext('2d', {{willReadFrequently: true}})
function codeOf(video) {{
  const cell = {CELL_PX} / 640 * video.videoWidth, bottom = video.videoHeight - cell
  for (let bit = 0; bit < {BITS}; bit++)
    surface.drawImage(video, (bit + .3) * cell, bottom + cell * .3, cell * .4, cell * .4,
                      bit, 0, 1, 1)
  const {{data}} = surface.getImageData(0, 0, {BITS}, 1)
  let code = 0
  for (let bit = 0; bit < {BITS}; bit++) code |= (data[4 * bit + 1] > 128) << bit
  return code
}}
"""
"""JavaScript: `codeOf(video)` is the number of the picture that a video element shows."""
