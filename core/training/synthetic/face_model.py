"""The 3D face model: a neutral head, its expression shapes and its identity modes.

Read from the npz that `--face-model` names: ICT-FaceKit (Li et al., "Learning Formation of
Physically-Based Face Attributes", CVPR 2020; USC Institute for Creative Technologies, MIT licence).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError

Vertices = npt.NDArray[np.float32]
"""float32 (n, 3): centimetres, y up, the face looks along +z."""

FACE_MODEL_CREDIT = "Rendered from ICT-FaceKit (USC Institute for Creative Technologies, MIT)"


class Part(StrEnum):
    """What a polygon of the head is made of."""

    SKIN = "skin"
    LASHES = "lashes"
    EYES = "eyes"
    TEETH = "teeth"
    GUMS = "gums"


_MATERIALS = {
    "M_Face": Part.SKIN,
    "M_BackHead": Part.SKIN,
    "M_EyeLashes": Part.LASHES,
    "M_IrisLeft": Part.EYES,
    "M_IrisRight": Part.EYES,
    "M_ScleraLeft": Part.EYES,
    "M_ScleraRight": Part.EYES,
    "M_Teeth": Part.TEETH,
    "M_GumsTongue": Part.GUMS,
}


_LOWER_LID_CM = 3.35  # height of the middle of the eyes


@dataclass(frozen=True, eq=False)
class FaceModel:
    """A linear head: neutral + identity weights · modes + expression weights · shapes.

    Attributes:
        neutral: (n, 3).
        expression: float32 (shapes, n, 3), in the order of `expression_names`.
        expression_names: ARKit's names of the shapes.
        identity: float32 (modes, n, 3); standard normal weights give plausible heads.
        quads: int32 (m, 4), corner vertices of the polygons; triangles repeat their last corner.
        part: (m,) index into `tuple(Part)`.
        landmarks: int32 (68,), the vertices of the iBUG 68 landmarks.
    """

    neutral: Vertices
    expression: npt.NDArray[np.float32]
    expression_names: tuple[str, ...]
    identity: npt.NDArray[np.float32]
    quads: npt.NDArray[np.int32]
    part: npt.NDArray[np.uint8]
    landmarks: npt.NDArray[np.int32]

    def head(self, identity_weights: npt.NDArray[np.float32]) -> Vertices:
        """The neutral head of one person."""
        modes = self.identity.reshape(len(identity_weights), -1)
        return self.neutral + (identity_weights @ modes).reshape(self.neutral.shape)

    def offset(self, shape_weights: Mapping[str, float]) -> Vertices:
        """What an expression adds to any head."""
        weights = np.zeros(len(self.expression_names), np.float32)
        for name, weight in shape_weights.items():
            weights[self.expression_names.index(name)] = weight
        shown = self.expression.reshape(len(weights), -1)
        return np.asarray(weights @ shown, np.float32).reshape(self.neutral.shape)

    def triangles(self, part: Part) -> npt.NDArray[np.int32]:
        """int32 (k, 3): the part's polygons, cut in two."""
        quads = self.quads[self.part == tuple(Part).index(part)]
        pairs = np.stack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]], axis=1).reshape(-1, 3)
        return np.asarray(pairs[pairs[:, 1] != pairs[:, 2]], np.int32)


def load_face_model(path: Path) -> FaceModel:
    """Reads the npz, without what no picture shows: tear fluid, lower lashes, stumps of shoulders.

    Raises:
        DatasetError: no such file, not an npz, or its arrays are not those of the face model.
    """
    try:
        # From a torn archive's path, numpy would leave the file open.
        with path.open("rb") as file, np.load(file) as arrays:
            return _face_model({name: arrays[name] for name in arrays.files})
    except FileNotFoundError as error:
        raise DatasetError(f"There is no face model at {path}.", repr(error)) from error
    except (OSError, BadZipFile, ValueError, EOFError, KeyError, IndexError, TypeError) as error:
        raise DatasetError(
            f"{path} is not the face model that the README describes.", repr(error)
        ) from error


def _face_model(arrays: Mapping[str, npt.NDArray[np.generic]]) -> FaceModel:
    names = arrays["material_names"].tolist()
    of_material = [
        tuple(Part).index(_MATERIALS[name]) if name in _MATERIALS else 255 for name in names
    ]
    part = np.array(of_material, np.uint8)[arrays["material"].astype(np.int64)]
    corners = arrays["neutral"][arrays["quads"]]
    across, height = abs(corners[..., 0]), corners[..., 1]
    stumps = ((across > 7.2) & (height < -10.5)).any(axis=1)
    lashes = part == tuple(Part).index(Part.LASHES)
    shown = (part != 255) & ~stumps & ~(lashes & (height < _LOWER_LID_CM).any(axis=1))
    quads = arrays["quads"][shown].astype(np.int32)
    landmarks = json.loads(str(arrays["vertex_indices"]))["idx_to_landmark_verts"]
    used, numbered = np.unique(quads, return_inverse=True)
    return FaceModel(
        neutral=arrays["neutral"][used].astype(np.float32),
        expression=_shapes(arrays["expression"], used),
        expression_names=tuple(str(name) for name in arrays["expression_names"]),
        identity=_shapes(arrays["identity"], used),
        quads=numbered.reshape(quads.shape).astype(np.int32),
        part=part[shown],
        landmarks=np.searchsorted(used, landmarks).astype(np.int32),
    )


def _shapes(
    offsets: npt.NDArray[np.generic], used: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    # Picked columns come in another memory order, in which every weighted sum would copy them.
    return np.ascontiguousarray(offsets[:, used], np.float32)
