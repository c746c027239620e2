from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.live import demo_player
from app.live.bridge import VideoBridge
from app.live.demo_player import DemoPlayer
from core.clock import SystemClock
from core.monitoring.hub import CameraHub
from core.monitoring.observation import Observation
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.monitoring.worker import CameraWorker
from core.vision.frame import Frame
from tests.support.clips import write_shades
from tests.support.observing import observation, observed_face
from tests.support.waiting import eventually


class SeeingAnalyser:
    """Sees one face in each frame."""

    def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
        return observation(observed_face(), sequence=frame.sequence, at_s=frame.captured_s)


@pytest.fixture
def hub() -> Iterator[CameraHub]:
    clock = SystemClock()
    made = CameraHub(lambda settings: CameraWorker(SeeingAnalyser(), settings, clock))
    yield made
    made.close_all(timeout_s=10)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shades(tmp_path_factory.mktemp("clip") / "grey.mp4", 128, 128)


class Viewer:
    """The browser, there or gone."""

    is_there = True

    def __call__(self) -> bool:
        return self.is_there


@contextmanager
def playing(path: Path, hub: CameraHub, viewer: Viewer) -> Iterator[DemoPlayer]:
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock(), Source.DEMO)
    player = DemoPlayer(path, bridge, SystemClock(), viewer)
    player.start()
    try:
        yield player
    finally:
        player.end()
        assert player.join(10)


def threads() -> list[str]:
    ours = {"demo-player", "camera-worker"}
    return [thread.name for thread in threading.enumerate() if thread.name in ours]


def picture(player: DemoPlayer) -> np.ndarray:
    assert player.picture.jpeg is not None
    return np.asarray(Image.open(io.BytesIO(player.picture.jpeg)))


def test_the_clip_is_analysed_as_a_camera_is_and_shown_with_its_marks(
    clip: Path, hub: CameraHub
) -> None:
    with playing(clip, hub, Viewer()) as player:
        eventually(lambda: player.picture.jpeg is not None and np.ptp(picture(player)) > 100)
        assert picture(player).shape == (480, 640, 3)
        worker = player.bridge.worker
        assert worker is not None
        assert worker.history.track_ids() == (1,)
        # longer than the clip: it goes on from its beginning
        eventually(lambda: hub.states()[0].health.frames_out_per_s > 5)
        assert [state.source for state in hub.states()] == [Source.DEMO]


def test_the_end_leaves_neither_a_thread_nor_a_camera(clip: Path, hub: CameraHub) -> None:
    for _ in range(3):
        with playing(clip, hub, Viewer()) as player:
            eventually(lambda player=player: player.bridge.worker is not None)
            player.end()
            player.end()
        assert player.is_over
        assert len(hub) == 0
    eventually(lambda: threads() == [])


def test_it_ends_by_itself_when_nobody_watches_any_more(
    clip: Path, hub: CameraHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_player, "UNWATCHED_FOR_S", 0.1)
    viewer = Viewer()
    with playing(clip, hub, viewer) as player:
        eventually(lambda: player.picture.jpeg is not None)
        assert not player.is_over
        viewer.is_there = False
        assert player.join(10)
        assert player.is_over
        assert player.trouble is None
        assert len(hub) == 0


def test_a_connection_that_is_back_in_time_finds_the_clip_going_on(
    clip: Path, hub: CameraHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_player, "UNWATCHED_FOR_S", 60)
    viewer = Viewer()
    viewer.is_there = False
    with playing(clip, hub, viewer) as player:
        eventually(lambda: player.picture.jpeg is not None)
        assert not player.is_over


def test_a_clip_that_cannot_be_played_is_explained(tmp_path: Path, hub: CameraHub) -> None:
    with playing(tmp_path / "gone.mp4", hub, Viewer()) as player:
        assert player.join(10)
        assert player.is_over
        assert "gone.mp4" in str(player.trouble)
        assert len(hub) == 0
