"""How many cores OpenCV may take."""

from __future__ import annotations

import cv2


def use_one_core_per_call() -> None:
    """Keep each OpenCV call on its caller's core; an analysis worker calls it once at its start.

    OpenCV spreads every call over all cores by default, and several cameras then fight for them.
    """
    cv2.setNumThreads(1)
