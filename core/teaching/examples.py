"""From a picture to an example: the face that is learnt from, or a sentence that says why not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import PhotoError
from core.stills.search import PhotoSearch
from core.vision.face import DetectorKind, FaceDetector
from core.vision.patch import FacePatch, cut_patch
from core.vision.photo import decode_photo
from core.vision.quality import assess


@dataclass(frozen=True, eq=False)
class Example:
    """One picture's face. The picture itself is not kept.

    Attributes:
        digest: sha256 of the file, to know the same picture again.
        name: of the file, for the sentences.
        patch: the face with some room around it.
        note: what the person should look at; empty where nothing is odd.
    """

    digest: str
    name: str
    patch: FacePatch
    note: str = ""


def digest_of(data: bytes) -> str:
    """What two files of the same content share."""
    return hashlib.sha256(data).hexdigest()


class ExampleReader:
    """Turns pictures into examples, as the product finds faces. Belongs to one thread.

    Args:
        build_detector: from a kind and the smallest face, in pixels of a 640-wide picture.

    Raises:
        DetectorError: this installation has no detector.
    """

    def __init__(self, build_detector: Callable[[DetectorKind, int], FaceDetector]) -> None:
        self._search = PhotoSearch(DetectorKind.HAAR_WITH_RESCUE, build_detector)

    def read(self, data: bytes, name: str) -> Example:
        """The largest face of a picture.

        Raises:
            PhotoError: it cannot be decoded, holds no face, or none that is good enough to learn
                from.
        """
        image_bgr = decode_photo(data, name)
        faces = self._search.faces(image_bgr)
        if not faces:
            raise PhotoError(f"No face was found in “{name}”.")
        box = max(faces, key=lambda face: face.box.area_px).box
        quality = assess(image_bgr, box)
        if not quality.readable:
            wrong = ", ".join(quality.notes)
            raise PhotoError(f"The face in “{name}” is {wrong}: too much to learn from.")
        return Example(digest_of(data), name, cut_patch(image_bgr, box), _note(len(faces)))


def _note(faces: int) -> str:
    return f"{faces} faces; the largest was taken" if faces > 1 else ""
