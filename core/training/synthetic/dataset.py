"""A rendered data set: small grey faces with expression, action units and pain intensity."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError

SIDE_PX = 48


@dataclass(frozen=True, eq=False)
class RenderedFaces:
    """Rendered faces, in random order.

    Attributes:
        images: uint8 (n, 48, 48), grey, cropped as the dashboard crops.
        label: uint8 (n,), index into `label_names`.
        label_names: FER7, then "pain".
        pspi: float32 (n,), 0 to 16 (Prkachin and Solomon 2008).
        action_units: float32 (n, k), 0 to 5 as FACS grades, in the order of `action_unit_names`.
        identity: int32 (n,), the person; different seeds render different people.
        credit: of the face model, to be named with the pictures.
    """

    images: npt.NDArray[np.uint8]
    label: npt.NDArray[np.uint8]
    label_names: npt.NDArray[np.str_]
    pspi: npt.NDArray[np.float32]
    action_units: npt.NDArray[np.float32]
    action_unit_names: npt.NDArray[np.str_]
    identity: npt.NDArray[np.int32]
    credit: npt.NDArray[np.str_]


def save_rendered(faces: RenderedFaces, path: Path) -> None:
    """Writes an npz with an array for each attribute.

    Raises:
        DatasetError: the file cannot be written.
    """
    try:
        np.savez_compressed(
            path, **{field.name: getattr(faces, field.name) for field in fields(faces)}
        )
    except OSError as error:
        raise DatasetError(f"The faces cannot be written to {path}.", repr(error)) from error


def load_rendered(path: Path) -> RenderedFaces:
    """Reads what `save_rendered` wrote.

    Raises:
        DatasetError: no such file, or not a rendered data set.
    """
    try:
        # From a torn archive's path, numpy would leave the file open.
        with path.open("rb") as file, np.load(file) as arrays:
            return RenderedFaces(
                **{field.name: arrays[field.name] for field in fields(RenderedFaces)}
            )
    except (OSError, BadZipFile, ValueError, EOFError, KeyError) as error:
        raise DatasetError(
            f"{path} is not a rendered data set. "
            "Make one with: python -m core.training.synthetic render",
            repr(error),
        ) from error
