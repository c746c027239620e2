"""What the pain network is taught of each face: pain, and how far each facial action shows.

Real faces get it from the teacher's blendshapes and from FER2013's label, rendered ones from the
action units that they were rendered with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.training.datasets import LabelledFaces
from core.training.pain.recipe import PAIN
from core.training.pain.seen import SeenFaces
from core.training.pseudo_labels import PseudoLabels
from core.training.synthetic.action_units import STRONGEST
from core.training.synthetic.dataset import RenderedFaces

SHAPES = {
    "browInnerUp": "AU1",
    "browOuterUp": "AU2",
    "browDown": "AU4",
    "eyeWide": "AU5",
    "cheekSquint": "AU6",
    "eyeSquint": "AU7",
    "noseSneer": "AU9",
    "mouthUpperUp": "AU10",
    "mouthSmile": "AU12",
    "mouthFrown": "AU15",
    "mouthLowerDown": "AU16",
    "mouthStretch": "AU20",
    "mouthPress": "AU24",
    "jawOpen": "AU26",
    "eyeBlink": "AU43",
}
"""The teacher's blendshapes and the action units that they stand for."""

UNKNOWN = np.float32(-1)
"""Stands where nothing is known of a shape, and in a pain target that is to weigh nothing."""

_UNREAD = ("cheekSquint", "noseSneer")  # The teacher reads zero in every face.
_NEVER_PAIN = ("happy", "neutral", "surprise")
# Of the sad, afraid, disgusted and angry faces from 2.0 on four in ten are grimaces of pain beyond
# doubt to the eye, from 1.2 on one in ten, below 0.8 one in two hundred.
_GRIMACE_PSPI, _SUSPECT_PSPI, _SOFTNESS = 2.0, 1.2, 0.2
_SUSPECT = 0.1  # What a suspected face counts that was not looked at.


@dataclass(frozen=True, eq=False)
class PainFaces:
    """Faces with what the network is to say of them.

    Attributes:
        images_grey: uint8 (n, 48, 48).
        pain: float32 (n,), 0 to 1, or UNKNOWN.
        shapes: float32 (n, len(SHAPES)), 0 to 1, or UNKNOWN.
    """

    images_grey: npt.NDArray[np.uint8]
    pain: npt.NDArray[np.float32]
    shapes: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images_grey)

    def select(self, rows: slice) -> PainFaces:
        """The same faces, only these rows."""
        return PainFaces(self.images_grey[rows], self.pain[rows], self.shapes[rows])


def real_faces(
    faces: LabelledFaces, pseudo: PseudoLabels, seen: SeenFaces | None = None
) -> PainFaces:
    """FER2013's faces. Happy, neutral and surprised ones are never in pain.

    With faces that were looked at, the eye decides, and what the teacher suspects beyond them is
    taken for a little pain. Without, the teacher alone decides: a plain distillation.
    """
    if seen is None:
        pain = 1 / (1 + np.exp((_GRIMACE_PSPI - pseudo.pspi) / _SOFTNESS))
    else:
        pain = np.where(pseudo.pspi > _SUSPECT_PSPI, _SUSPECT, 0)
        pain[seen.doubtful], pain[seen.none], pain[seen.pain] = UNKNOWN, 0, 1
    never = np.isin(np.array(faces.labels)[faces.label_index], _NEVER_PAIN)
    pain = np.where(never, 0, np.where(pseudo.found | (pain > 0), pain, UNKNOWN))
    shapes = np.stack([_strength(pseudo, shape) for shape in SHAPES], axis=1)
    shapes[~pseudo.found] = UNKNOWN
    return PainFaces(faces.images_grey, pain.astype(np.float32), shapes)


def rendered_faces(faces: RenderedFaces) -> PainFaces:
    """Rendered faces, of which everything is known.

    Raises:
        DatasetError: the set does not tell of every action unit that is taught.
    """
    pain = (faces.label_names[faces.label] == PAIN).astype(np.float32)
    missing = set(SHAPES.values()) - set(faces.action_unit_names.tolist())
    if missing:
        raise DatasetError(f"The rendered faces lack {', '.join(sorted(missing))}.")
    units = [faces.action_unit_names.tolist().index(unit) for unit in SHAPES.values()]
    strengths = faces.action_units[:, units] / np.float32(STRONGEST)
    return PainFaces(faces.images, pain, strengths)


def _strength(pseudo: PseudoLabels, shape: str) -> npt.NDArray[np.float32]:
    """A shape as a share of what the strongest faces show: the teacher's ranges differ."""
    if shape in _UNREAD:
        return np.full(len(pseudo), UNKNOWN)
    columns = [place for place, name in enumerate(pseudo.names) if name.startswith(shape)]
    shown = pseudo.blendshapes[:, columns].mean(axis=1)
    strongest = np.percentile(shown, 99)
    share: npt.NDArray[np.float32] = np.clip(shown / max(strongest, 1e-6), 0, 1).astype(np.float32)
    return share
