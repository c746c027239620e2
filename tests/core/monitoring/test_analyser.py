from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import ModelError
from core.monitoring.analyser import LOOK_BELOW, FaceAnalyser, Toolbox
from core.monitoring.memory import FORGET_AFTER_S
from core.monitoring.observation import Observation, ObservedFace
from core.monitoring.settings import AnalysisSettings
from core.vision.face import Box, DetectorKind, Face
from core.vision.frame import Frame, ImageBgr
from core.vision.quality import QualityNote
from tests.support.clock import FakeClock
from tests.support.observing import START_UTC
from tests.support.reading import FakeClassifier, textured

NEAR, FAR = Box(300, 100, 460, 260), Box(40, 100, 140, 200)
SETTINGS = AnalysisSettings()


class FakeDetector:
    """Finds what it is told to."""

    def __init__(self) -> None:
        self.boxes: list[Box] = [NEAR]

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        return tuple(Face(box) for box in self.boxes)


class Camera:
    """An analyser with parts made up for the test, and frames that come when asked for."""

    def __init__(self, alert_model: str | None = None) -> None:
        self.clock = FakeClock()
        self.detector = FakeDetector()
        self.classifiers = {"mien7": FakeClassifier(), "other": FakeClassifier(happy=0.2)}
        self.built: list[tuple[DetectorKind, int]] = []
        self.loaded: list[str] = []
        self._analyser = FaceAnalyser(Toolbox(self._build, self._load), self.clock, alert_model)

    def look(
        self,
        settings: AnalysisSettings = SETTINGS,
        *,
        after_s: float = 0.1,
        size: tuple[int, int] = (640, 480),
        takes_s: float = 0.0,
    ) -> Observation:
        self.clock.advance(after_s)
        frame = Frame(textured(*size), self.clock.monotonic_s(), sequence=0)
        self.clock.advance(takes_s)
        return self._analyser.analyse(frame, settings)

    def face(self, settings: AnalysisSettings = SETTINGS, *, after_s: float = 0.1) -> ObservedFace:
        (face,) = self.look(settings, after_s=after_s).faces
        return face

    def says(self, happy: float) -> None:
        self.classifiers["mien7"].happy = happy

    def _build(self, kind: DetectorKind, smallest_face_px: int) -> FakeDetector:
        self.built.append((kind, smallest_face_px))
        return self.detector

    def _load(self, name: str) -> FakeClassifier:
        self.loaded.append(name)
        if name not in self.classifiers:
            raise ModelError(f"The model “{name}” is not installed.")
        return self.classifiers[name]


@pytest.fixture
def camera() -> Camera:
    return Camera()


def test_faces_are_read_and_named_the_nearest_first(camera: Camera) -> None:
    camera.detector.boxes = [FAR, NEAR]
    faces = camera.look().faces
    assert [face.box for face in faces] == [NEAR, FAR]
    assert {face.label for face in faces} == {"happy"}
    assert camera.classifiers["mien7"].calls == [2]


@pytest.mark.parametrize("width", [pytest.param(320, id="half"), pytest.param(160, id="quarter")])
def test_a_person_keeps_the_number_when_the_browser_sends_smaller_pictures(
    camera: Camera, width: int
) -> None:
    first = camera.face()
    camera.detector.boxes = [NEAR.scaled(width / 640)]
    (second,) = camera.look(size=(width, width * 3 // 4)).faces
    assert second.track_id == first.track_id
    assert second.box.xyxy_px == NEAR.scaled(width / 640).xyxy_px


def test_a_person_keeps_the_number_and_the_readings_are_averaged(camera: Camera) -> None:
    first = camera.face()
    camera.says(0.3)
    second = camera.face()
    assert second.track_id == first.track_id
    assert second.raw is not None
    assert second.smoothed is not None
    assert second.raw.probability("happy") == pytest.approx(0.3)
    assert 0.7 < second.smoothed.probability("happy") < 0.9
    assert second.label == "happy"


def test_below_the_confidence_asked_for_there_is_no_word(camera: Camera) -> None:
    assert camera.face(replace(SETTINGS, sure_from=0.95)).label is None


def test_a_face_that_cannot_be_read_keeps_its_last_reading(camera: Camera) -> None:
    known = camera.face()
    too_far = camera.face(replace(SETTINGS, smallest_face_px=240))
    assert too_far.raw is None
    assert QualityNote.TOO_SMALL in too_far.quality.notes
    assert too_far.smoothed == known.smoothed


@pytest.mark.parametrize(
    ("width_px", "height_px", "is_read"),
    [pytest.param(640, 480, False, id="as asked for"), pytest.param(320, 240, True, id="halved")],
)
def test_the_smallest_face_goes_by_a_picture_640_wide(
    camera: Camera, width_px: int, height_px: int, is_read: bool
) -> None:
    camera.detector.boxes = [Box(40, 100, 140, 200)]
    settings = replace(SETTINGS, smallest_face_px=120)
    observation = camera.look(settings, size=(width_px, height_px))
    assert observation.frame_size == (width_px, height_px)
    assert (observation.faces[0].raw is not None) is is_read


def test_another_model_starts_with_a_clean_slate(camera: Camera) -> None:
    camera.face()
    other = camera.face(replace(SETTINGS, model="other"))
    assert other.smoothed == other.raw
    assert camera.loaded == ["mien7", "other"]


def test_parts_are_built_once_and_again_only_for_another_choice(camera: Camera) -> None:
    yunet = replace(SETTINGS, detector=DetectorKind.YUNET, smallest_face_px=100)
    for settings in (SETTINGS, SETTINGS, yunet, replace(yunet, sure_from=0.6)):
        camera.look(settings)
    usual_px, other_px = (
        round(LOOK_BELOW * chosen.smallest_face_px) for chosen in (SETTINGS, yunet)
    )
    # smaller than asked for: whoever is just too far is told so
    assert other_px < 100
    assert camera.built == [(SETTINGS.detector, usual_px), (DetectorKind.YUNET, other_px)]
    assert camera.loaded == ["mien7"]


def test_someone_who_was_long_gone_is_somebody_new(camera: Camera) -> None:
    before = camera.face()
    camera.detector.boxes = []
    assert camera.look(after_s=FORGET_AFTER_S + 1).faces == ()
    camera.detector.boxes = [NEAR]
    camera.says(0.3)
    after = camera.face()
    assert after.track_id != before.track_id
    assert after.smoothed == after.raw


def test_someone_missed_for_a_moment_is_the_same_with_the_same_average(camera: Camera) -> None:
    before = camera.face()
    camera.detector.boxes = []
    camera.look(after_s=0.5)
    camera.detector.boxes = [NEAR]
    camera.says(0.3)
    after = camera.face(after_s=0.5)
    assert after.track_id == before.track_id
    assert after.smoothed != after.raw


def test_a_frame_is_dated_by_its_arrival(camera: Camera) -> None:
    observation = camera.look(after_s=10, takes_s=0.25)
    assert observation.taken_utc == START_UTC + timedelta(seconds=10)
    assert observation.latency_s == pytest.approx(0.25)


def test_the_alert_model_reads_the_same_faces_beside_the_chosen_one() -> None:
    camera = Camera(alert_model="other")
    face = camera.face()
    assert face.raw is not None
    assert face.watched is not None
    assert face.raw.probability("happy") == pytest.approx(0.9)
    assert face.watched.probability("happy") == pytest.approx(0.2)
    assert camera.look().watch_trouble is None


def test_an_alert_model_that_is_also_the_chosen_one_runs_once() -> None:
    camera = Camera(alert_model="mien7")
    face = camera.face()
    assert face.watched == face.raw
    assert camera.loaded == ["mien7"]
    assert camera.classifiers["mien7"].calls == [1]


def test_without_the_alert_model_the_chosen_one_goes_on_and_it_is_said() -> None:
    camera = Camera(alert_model="not there")
    for _ in range(3):
        observation = camera.look()
    assert observation.faces[0].raw is not None
    assert observation.faces[0].watched is None
    assert "“not there” is not installed" in str(observation.watch_trouble)
    assert camera.loaded.count("not there") == 1


def test_equal_pictures_have_no_motion(camera: Camera) -> None:
    assert camera.look().motion is None
    assert camera.look().motion == 0.0
