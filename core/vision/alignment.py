"""Upright faces: the picture around a face, turned until the eyes are level."""

from __future__ import annotations

import math

import cv2

from core.vision.face import Box, Face, FaceDetector
from core.vision.frame import ImageBgr

_REGION = 2.0  # Sides of the face's box: room for the detector to look again.
_LEVEL_DEG = 2.0  # The eyes of one face are told no more exactly.
_LOOKS = 5


def roll_deg(face: Face) -> float:
    """How far the eye line falls to the picture's right, in degrees; 0 where no eyes are known."""
    if face.eyes_xy is None:
        return 0.0
    (right_x, right_y), (left_x, left_y) = face.eyes_xy
    return math.degrees(math.atan2(left_y - right_y, left_x - right_x))


def upright_face(image_bgr: ImageBgr, face: Face, detector: FaceDetector) -> tuple[ImageBgr, Box]:
    """The surroundings of a face with its eyes level, and the face's box in them.

    The box of a turned head does not fit the upright one, and YuNet tells the eyes of a turned head
    too level (of 25°, 4° on a face of 80 px and 20° on one of 160): so the turned surroundings are
    looked at again until nothing is left to turn. A face without eyes stays where it is.
    """
    if face.eyes_xy is None:
        return image_bgr, face.box
    upright_bgr, found, angle_deg = image_bgr, face, 0.0
    for _ in range(_LOOKS):
        angle_deg += roll_deg(found)
        region_bgr = _turned_region(image_bgr, face.box, angle_deg)
        again = detector.detect(region_bgr)
        if not again:
            break
        upright_bgr, found = region_bgr, again[0]
        if abs(roll_deg(found)) <= _LEVEL_DEG:
            break
    return upright_bgr, found.box


def _turned_region(image_bgr: ImageBgr, box: Box, angle_deg: float) -> ImageBgr:
    """A square about a box, twice as wide; beyond the picture's edges the edge is repeated."""
    x, y = box.centre_xy
    side_px = max(1, round(_REGION * max(box.width_px, box.height_px)))
    turn = cv2.getRotationMatrix2D((x, y), angle_deg, 1.0)
    turn[0, 2] += side_px / 2 - x
    turn[1, 2] += side_px / 2 - y
    region_bgr = cv2.warpAffine(
        image_bgr, turn, (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return region_bgr.astype("uint8", copy=False)
