from __future__ import annotations

import itertools
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from core.errors import VideoError
from core.vision.clip import looped_frames
from tests.support.clips import write_shades
from tests.support.clock import FakeClock

SHADES = (40, 120, 200)


class FakeWait:
    """Lets the fake clock pass instead of sleeping; ends the clip after so many waits."""

    def __init__(self, clock: FakeClock, most: int) -> None:
        self.clock = clock
        self.left = most

    def __call__(self, seconds: float) -> bool:
        self.clock.advance(seconds)
        self.left -= 1
        return self.left < 0


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shades(tmp_path_factory.mktemp("clip") / "shades.mp4", *SHADES)


def shade(frame: av.VideoFrame) -> int:
    """The shade of the clip that this frame is nearest to."""
    mean = frame.to_ndarray(format="bgr24").mean()
    return min(SHADES, key=lambda grey: abs(grey - mean))


def test_each_frame_comes_when_it_is_due_and_after_the_last_the_first(clip: Path) -> None:
    clock = FakeClock()
    seen = [
        (shade(frame), clock.monotonic_s())
        for frame in looped_frames(clip, clock, FakeWait(clock, most=8))
    ]
    assert [grey for grey, _ in seen] == list(itertools.islice(itertools.cycle(SHADES), 8))
    assert [at_s for _, at_s in seen] == pytest.approx(np.arange(8) / 25)


def test_a_slow_reader_is_not_hurried_afterwards(clip: Path) -> None:
    clock = FakeClock()
    frames = looped_frames(clip, clock, FakeWait(clock, most=8))
    next(frames)
    clock.advance(10)  # the machine slept
    times_s = [clock.monotonic_s() for _ in frames]
    assert times_s == pytest.approx(10 + np.arange(7) / 25)


def test_it_ends_when_the_wait_says_so(clip: Path) -> None:
    clock = FakeClock()
    assert list(looped_frames(clip, clock, FakeWait(clock, most=0))) == []


def _sound(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda _: None, id="missing"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(b"no video" * 400), id="something else"),
        pytest.param(_sound, id="only sound"),
        pytest.param(lambda path: path.mkdir(), id="a folder"),
    ],
)
def test_what_is_no_video_is_refused_with_a_sentence(tmp_path: Path, write: object) -> None:
    path = tmp_path / "clip.mp4"
    write(path)  # type: ignore[operator]
    clock = FakeClock()
    with pytest.raises(VideoError, match=r"clip\.mp4.*missing or damaged") as refusal:
        next(looped_frames(path, clock, FakeWait(clock, most=8)))
    assert str(path) in refusal.value.cause


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, clip: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip.read_bytes()[:-200])
    clock = FakeClock()
    with pytest.raises(VideoError):
        list(looped_frames(path, clock, FakeWait(clock, most=8)))
