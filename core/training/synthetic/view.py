"""Where the camera stands and how the head is turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.training.synthetic.appearance import HeadPose
from core.training.synthetic.face_model import Vertices

Matrix = npt.NDArray[np.float32]

ImageRgb = npt.NDArray[np.uint8]
"""uint8 (height, width, 3)."""

_PIVOT = np.array([0, -4, 0], np.float32)  # the head turns about the top of the neck
_NECK_TOP_CM, _NECK_FOOT_CM = -5.0, -14.0
_BEFORE_CM, _BEHIND_CM = 30.0, 40.0  # of the point looked at; beyond nothing is drawn


@dataclass(frozen=True)
class View:
    """What the camera sees: a window around a point.

    Attributes:
        centre_cm: the point looked at, in the model's centimetres.
        half_height_cm: from the centre to the upper edge, at the centre's depth.
        distance_cm: from the camera to the centre.
        width_px, height_px: of the picture.
    """

    centre_cm: tuple[float, float, float]
    half_height_cm: float
    distance_cm: float
    width_px: int
    height_px: int

    def to_clip(self) -> Matrix:
        """float32 (4, 4): from the world to OpenGL's clip space."""
        near, far = self.distance_cm - _BEFORE_CM, self.distance_cm + _BEHIND_CM
        tall = self.distance_cm / self.half_height_cm
        clip = np.zeros((4, 4), np.float32)
        clip[0, 0], clip[1, 1] = tall * self.height_px / self.width_px, tall
        clip[2, 2] = (near + far) / (near - far)
        clip[2, 3] = 2 * near * far / (near - far)
        clip[3, 2] = -1
        seen = np.eye(4, dtype=np.float32)
        seen[:3, 3] = -np.array(self.centre_cm)
        seen[2, 3] -= self.distance_cm
        return clip @ seen

    def away_cm(self, depth: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """How far from the camera something is that OpenGL gave this depth, 0 to 1."""
        near, far = self.distance_cm - _BEFORE_CM, self.distance_cm + _BEHIND_CM
        return np.asarray(near * far / (far - depth * (far - near)), np.float32)

    def pixels(self, world: Vertices) -> npt.NDArray[np.float32]:
        """float32 (n, 2): columns and rows of points in the world."""
        flat = np.c_[world, np.ones(len(world), np.float32)] @ self.to_clip().T
        x, y = flat[:, 0] / flat[:, 3], flat[:, 1] / flat[:, 3]
        columns, rows = (x + 1) / 2 * self.width_px, (1 - y) / 2 * self.height_px
        return np.stack([columns, rows], axis=1).astype(np.float32)


def turn(pose: HeadPose) -> Matrix:
    """float32 (3, 3): the rotation of a head pose."""
    yaw, pitch, roll = np.radians([pose.yaw_deg, -pose.pitch_deg, -pose.roll_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    return np.asarray(about_z @ about_y @ about_x, np.float32)


def turned(vertices: Vertices, pose: HeadPose) -> Vertices:
    """The head turned on its neck: the shoulders stay, the neck is in between."""
    moved = (vertices - _PIVOT) @ turn(pose).T + _PIVOT
    share = np.clip((vertices[:, 1:2] - _NECK_FOOT_CM) / (_NECK_TOP_CM - _NECK_FOOT_CM), 0, 1)
    return np.asarray(vertices + (share * share * (3 - 2 * share)) * (moved - vertices), np.float32)
