"""Renders a data set: many people, each with several expressions, lights and cameras."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.training.synthetic.action_units import ACTION_UNITS, ExpressionPose
from core.training.synthetic.appearance import (
    HeadPose,
    draw_head_pose,
    draw_lighting,
    draw_person,
)
from core.training.synthetic.camera import (
    cropped,
    draw_background,
    draw_faults,
    face_box,
    photographed,
)
from core.training.synthetic.dataset import SIDE_PX, RenderedFaces
from core.training.synthetic.face_model import FACE_MODEL_CREDIT
from core.training.synthetic.prototypes import PAIN, RENDERED_LABELS, draw_pose
from core.training.synthetic.renderer import PreparedPerson, Renderer
from core.training.synthetic.view import View
from core.vision.face import Box
from core.vision.frame import ImageGrey

FACES_PER_PERSON = 8
_PAIN_SHARE = 0.2
_RENDER_PX = 176
_MOST_SEED = 20_000  # identity numbers fit an int32


def render_faces(
    renderer: Renderer, count: int, seed: int, progress: Callable[[int], None] = lambda done: None
) -> RenderedFaces:
    """Renders `count` faces, FACES_PER_PERSON of each person; the same seed, the same pixels.

    Args:
        renderer: draws them.
        count: how many faces.
        seed: 0 to 20,000.
        progress: is told how many are done, person by person.

    Raises:
        DatasetError: the seed or the count is out of range.
    """
    if not 0 <= seed <= _MOST_SEED or count < 1:
        raise DatasetError(f"Give at least one face and a seed from 0 to {_MOST_SEED}.")
    labels = _labels(count, seed)
    images = np.empty((count, SIDE_PX, SIDE_PX), np.uint8)
    poses: list[ExpressionPose] = []
    identities = [seed * 100_000 + row // FACES_PER_PERSON for row in range(count)]
    for first, prepared in _people(renderer, identities, progress):
        for row in range(first, min(first + FACES_PER_PERSON, count)):
            random = np.random.default_rng([seed, 2, row])
            poses.append(draw_pose(RENDERED_LABELS[labels[row]], random))
            images[row] = render_face(renderer, prepared, poses[-1], random)
    order = np.random.default_rng([seed, 3]).permutation(count)
    units = [[pose.intensity(unit) for unit in ACTION_UNITS] for pose in poses]
    return RenderedFaces(
        images=images[order],
        label=labels[order],
        label_names=np.array(RENDERED_LABELS),
        pspi=np.array([pose.pspi() for pose in poses], np.float32)[order],
        action_units=np.array(units, np.float32)[order],
        action_unit_names=np.array(ACTION_UNITS),
        identity=np.array(identities, np.int32)[order],
        credit=np.array(FACE_MODEL_CREDIT),
    )


def render_face(
    renderer: Renderer,
    prepared: PreparedPerson,
    expression: ExpressionPose,
    random: np.random.Generator,
) -> ImageGrey:
    """uint8 (48, 48): one face with random turn, light, background and camera."""
    pose, light, faults = draw_head_pose(random), draw_lighting(random), draw_faults(random)
    view, box = _framed(renderer, prepared, pose, distance_cm=float(random.uniform(45, 160)))
    background = draw_background(view.height_px, view.width_px, random)
    clean = renderer.draw(prepared, expression, pose, light, view, background)
    stored = photographed(clean, box, faults, random)
    return cropped(stored, box.scaled(stored.shape[0] / view.height_px), faults, SIDE_PX)


def _labels(count: int, seed: int) -> npt.NDArray[np.uint8]:
    pains = round(count * _PAIN_SHARE)
    others = np.arange(count - pains) % (len(RENDERED_LABELS) - 1)
    labels = np.concatenate([others, np.full(pains, RENDERED_LABELS.index(PAIN))])
    return np.random.default_rng([seed, 1]).permutation(labels).astype(np.uint8)


def _people(
    renderer: Renderer, identities: list[int], progress: Callable[[int], None]
) -> Iterator[tuple[int, PreparedPerson]]:
    for first in range(0, len(identities), FACES_PER_PERSON):
        random = np.random.default_rng([0, identities[first]])
        prepared = renderer.prepare(draw_person(random))
        yield first, prepared
        renderer.discard(prepared)
        progress(min(first + FACES_PER_PERSON, len(identities)))


def _framed(
    renderer: Renderer, prepared: PreparedPerson, pose: HeadPose, distance_cm: float
) -> tuple[View, Box]:
    """A view in which the face's box is the middle three quarters."""
    wide = View((0.0, 1.0, 8.0), 12.0, distance_cm, _RENDER_PX, _RENDER_PX)
    box = face_box(renderer.model, prepared.head, pose, wide)
    x, y = box.centre_xy
    per_px = 2 * wide.half_height_cm / _RENDER_PX
    centre = (
        (x - _RENDER_PX / 2) * per_px,
        1.0 - (y - _RENDER_PX / 2) * per_px,
        8.0,
    )
    view = View(centre, box.width_px * per_px / 2 / 0.75, distance_cm, _RENDER_PX, _RENDER_PX)
    return view, face_box(renderer.model, prepared.head, pose, view)
