from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import av
import pytest

from benchmarks.video_clips import write_video
from tests.support.sources import ROOT


@pytest.mark.parametrize(
    ("seconds", "frames_per_s"),
    [
        pytest.param(2, 15, id="shorter than the clip"),
        pytest.param(45, 2, id="repeated"),
    ],
)
def test_a_video_of_the_length_and_size_asked_for(
    tmp_path: Path, seconds: int, frames_per_s: int
) -> None:
    path = write_video(
        tmp_path / "clip.mp4", (160, 120), seconds, frames_per_s=frames_per_s, bit_rate=200_000
    )
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    assert (frames[0].width, frames[0].height) == (160, 120)
    times_s = [frame.time for frame in frames]
    expected_s = [index / frames_per_s for index in range(len(frames))]
    assert times_s == pytest.approx(expected_s, abs=0.01)
    assert seconds <= len(frames) / frames_per_s < seconds + 20


def test_all_figures_are_there() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.video", "--json"),
            *("--seconds", "1", "--minutes", "1", "--runs", "1"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    for size in ("480p", "1080p", "1080p_without_b_frames"):
        assert figures[f"times_real_time_{size}"] > 0
        assert figures[f"times_real_time_{size}_by_processor"] > 0
    assert figures["annotating_times_real_time_480p"] > 0
    assert figures["memory_peak_mb"] > 50
    assert figures["memory_growth_mb"] < figures["memory_peak_mb"]
