from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from skimage.data import astronaut

from core.stills.search import OVERLAP_PX, WINDOW_PX, PhotoSearch, in_reading_order, windows
from core.vision.detectors import build_detector
from core.vision.face import Box, DetectorKind, Face, FaceDetector


@pytest.mark.parametrize(
    ("width_px", "height_px", "count"),
    [
        pytest.param(640, 480, 0, id="small"),
        pytest.param(1100, 1199, 0, id="nothing to gain"),
        pytest.param(1200, 900, 2, id="landscape"),
        pytest.param(900, 1200, 2, id="portrait"),
        pytest.param(4000, 3000, 24, id="12 megapixels"),
        pytest.param(20000, 60, 28, id="panorama"),
    ],
)
def test_windows_cover_the_picture(width_px: int, height_px: int, count: int) -> None:
    found = list(windows(width_px, height_px))
    assert len(found) == count
    if not found:
        return
    covered = np.zeros((height_px, width_px), bool)
    for left, top, right, bottom in found:
        assert right - left <= WINDOW_PX
        assert bottom - top <= WINDOW_PX
        covered[top:bottom, left:right] = True
    assert covered.all()


def test_neighbouring_windows_share_a_face() -> None:
    lefts = sorted({left for left, *_ in windows(4000, 900)})
    assert max(np.diff(lefts)) <= WINDOW_PX - OVERLAP_PX


class BrightSquares:
    """Sees a face wherever the picture is white; like real detectors, also a part of one."""

    def detect(self, image_bgr: npt.NDArray[np.uint8]) -> tuple[Face, ...]:
        """Every face, largest first."""
        rows, columns = np.nonzero(image_bgr[:, :, 0] == 255)
        if not len(rows):
            return ()
        return (Face(Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)),)


class Blind:
    """Never sees anybody."""

    def detect(self, image_bgr: npt.NDArray[np.uint8]) -> tuple[Face, ...]:
        """Every face, largest first."""
        return ()


def _built(**detectors: FaceDetector) -> Callable[[DetectorKind, int], FaceDetector]:
    return lambda kind, _: detectors[kind.name.lower()]


@pytest.mark.parametrize("upright", [False, True], ids=["landscape", "portrait"])
@pytest.mark.parametrize(
    "start",
    [
        pytest.param(900, id="most of it in one window"),
        pytest.param(935, id="a quarter at the end of a window"),
        pytest.param(1140, id="a quarter at the start of a window"),
    ],
)
def test_a_face_on_the_border_of_windows_is_counted_once(start: int, upright: bool) -> None:
    image_bgr = np.zeros((900, 4000, 3), np.uint8)
    image_bgr[300:400, start : start + 100] = 255
    box = Box(start, 300, start + 100, 400)
    if upright:
        image_bgr = np.ascontiguousarray(image_bgr.swapaxes(0, 1))
        box = Box(box.top, box.left, box.bottom, box.right)
    found = PhotoSearch(DetectorKind.YUNET, _built(yunet=BrightSquares())).faces(image_bgr)
    assert [face.box for face in found] == [box]


def test_haar_is_asked_where_yunet_sees_nobody() -> None:
    image_bgr = np.full((60, 60, 3), 255, np.uint8)
    build = _built(yunet=Blind(), haar=BrightSquares())
    assert len(PhotoSearch(DetectorKind.HAAR_WITH_RESCUE, build).faces(image_bgr)) == 1
    assert PhotoSearch(DetectorKind.YUNET, build).faces(image_bgr) == ()


def _crowd() -> npt.NDArray[np.uint8]:
    """Eight faces about 60 px across, far apart in 12 megapixels."""
    face_bgr = astronaut()[40:220, 140:310, ::-1][::2, ::2]
    image_bgr = np.full((3000, 4000, 3), 120, np.uint8)
    for index in range(8):
        top, left = 300 + 1500 * (index // 4), 300 + 900 * (index % 4)
        image_bgr[top : top + face_bgr.shape[0], left : left + face_bgr.shape[1]] = face_bgr
    return image_bgr


@pytest.mark.parametrize(
    ("centres", "order"),
    [
        pytest.param([(300, 100), (100, 120), (200, 90)], [1, 2, 0], id="one row"),
        pytest.param([(300, 100), (100, 400), (200, 90), (250, 380)], [2, 0, 1, 3], id="two rows"),
        pytest.param([(100, 100), (300, 110), (200, 190)], [0, 1, 2], id="parents and child"),
        pytest.param([(100, 100, 40), (300, 150, 90), (200, 100, 40)], [0, 2, 1], id="one large"),
        pytest.param([(300, 100), (100, 160)], [0, 1], id="most of a head lower is the next row"),
        pytest.param([], [], id="nobody"),
    ],
)
def test_faces_are_numbered_as_they_are_read(
    centres: list[tuple[int, ...]], order: list[int]
) -> None:
    faces = []
    for x, y, *reach in centres:
        half = reach[0] if reach else 40
        faces.append(Face(Box(x - half, y - half, x + half, y + half)))
    assert in_reading_order(faces) == tuple(faces[index] for index in order)


def test_small_faces_of_a_large_group_are_found() -> None:
    found = PhotoSearch(DetectorKind.HAAR_WITH_RESCUE, build_detector).faces(_crowd())
    assert len(found) == 8
    places = [(face.box.top > 1500, face.box.left) for face in found]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", list(DetectorKind))
def test_every_detector_finds_a_portrait(kind: DetectorKind) -> None:
    found = PhotoSearch(kind, build_detector).faces(np.ascontiguousarray(astronaut()[:, :, ::-1]))
    assert max(face.box.overlap(Box(170, 60, 275, 185)) for face in found) > 0.4


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 5000, 3), (5000, 2, 3)], ids=str)
def test_odd_shapes_hold_nobody(shape: tuple[int, int, int]) -> None:
    image_bgr = np.zeros(shape, np.uint8)
    assert PhotoSearch(DetectorKind.HAAR_WITH_RESCUE, build_detector).faces(image_bgr) == ()
