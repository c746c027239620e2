"""How fast videos are read and annotated, on one core, and whether memory stays flat.

    python -m benchmarks.video --json

The program makes its videos itself (`benchmarks/video_clips.py`) and reads each in a process of its
own that may use one core alone, at 5 samples a second, with the settings, the networks and the
files of results that the Video page has. Loading the program is left out, and nothing else.

`times_real_time_…`: length of the video by the time of reading it; the median of several runs, by
the clock on the wall. `…_by_processor`: the same by the processor's time, which other programs on
the machine disturb less. `…_without_b_frames`: of a video as telephones make them, of which every
picture has to be decoded. `annotating_…`: of the second step, which encodes. `memory_growth_mb`:
by how much a process that reads an hour of video is larger than after the first minute, at most;
the pictures of the strongest moments, of which it keeps a limited number, are up to 15 of them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.report import print_figures
from benchmarks.video_clips import write_video
from core.batch.annotate import annotate
from core.batch.progress import Progress
from core.batch.video import VideoOptions, read_video
from core.expression.registry import load_classifier
from core.monitoring.analyser import ALERT_MODEL, Toolbox
from core.monitoring.settings import AnalysisSettings
from core.records.database import open_database
from core.vision.detectors import build_detector

ROOT = Path(__file__).parents[1]
RATE = 5.0


@dataclass(frozen=True)
class Run:
    """One video, read in a process of its own."""

    video_s: float
    wall_s: float
    processor_s: float
    samples: int
    growth_mb: float
    peak_mb: float
    annotated_s: float = 0.0


class Memory:
    """Watches what this process occupies, from the video's first minute on."""

    def __init__(self) -> None:
        self.after_a_minute_mb: float | None = None
        self.most_mb = 0.0

    def note(self, progress: Progress) -> None:
        if self.most_mb and progress.done_s % 10 > 0.5:  # looking takes time, too
            return
        now_mb = resident_mb()
        self.most_mb = max(self.most_mb, now_mb)
        if self.after_a_minute_mb is None and progress.done_s >= 60:
            self.after_a_minute_mb = self.most_mb = now_mb

    @property
    def growth_mb(self) -> float:
        if self.after_a_minute_mb is None:
            return 0.0
        return self.most_mb - self.after_a_minute_mb


def resident_mb() -> float:
    """Of this process, now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def read_here(path: Path, *, annotated: bool) -> Run:
    """In this process, on its first core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    settings = AnalysisSettings()
    toolbox = Toolbox(build_detector, partial(load_classifier, models_root=ROOT / "models"))
    memory = Memory()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_database(None, folder / "first").close()  # loads what makes databases
        began_s, began_processor_s = time.perf_counter(), time.process_time()
        summary = read_video(
            path,
            folder,
            VideoOptions(settings, RATE),
            toolbox,
            ALERT_MODEL,
            memory.note,
            lambda: False,
            datetime.now(UTC),
        )
        wall_s = time.perf_counter() - began_s
        processor_s = time.process_time() - began_processor_s
        annotated_s = _annotated_s(path, folder, settings) if annotated else 0.0
    return Run(
        video_s=summary.info.duration_s or 0.0,
        wall_s=wall_s,
        processor_s=processor_s,
        samples=summary.samples,
        growth_mb=memory.growth_mb,
        peak_mb=memory.most_mb,
        annotated_s=annotated_s,
    )


def _annotated_s(path: Path, folder: Path, settings: AnalysisSettings) -> float:
    began_s = time.perf_counter()
    table, copy = folder / "readings.parquet", folder / "annotated.mp4"
    annotate(path, table, copy, settings, lambda _: None, lambda: False)
    return time.perf_counter() - began_s


def read_apart(path: Path, *, annotated: bool = False) -> Run:
    """In a new process."""
    command = [sys.executable, "-m", "benchmarks.video", "--read", str(path)]
    done = subprocess.run(
        [*command, "--annotated"] if annotated else command,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def measure(seconds: int, minutes: int, runs: int) -> dict[str, float]:
    """All figures; videos of so many seconds, and one of so many minutes for the memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = write_video(folder / "480p.mp4", (640, 480), seconds, bit_rate=1_500_000)
        large = write_video(folder / "1080p.mp4", (1920, 1080), seconds, bit_rate=6_000_000)
        phone = write_video(
            folder / "phone.mp4", (1920, 1080), seconds, bit_rate=8_000_000, b_frames=0
        )
        long = write_video(
            folder / "long.mp4", (320, 240), 60 * minutes, frames_per_s=5, bit_rate=150_000
        )
        figures: dict[str, float] = {}
        for label, path in (("480p", small), ("1080p", large), ("1080p_without_b_frames", phone)):
            done = [read_apart(path, annotated=path is not phone) for _ in range(runs)]
            figures |= _speeds(label, done)
        run = read_apart(long)
        figures |= {
            "memory_growth_mb": round(run.growth_mb, 1),
            "memory_peak_mb": round(run.peak_mb, 1),
            "memory_samples": run.samples,
            "times_real_time_240p": round(run.video_s / run.wall_s, 1),
        }
    return figures


def _speeds(label: str, runs: list[Run]) -> dict[str, float]:
    figures = {
        f"times_real_time_{label}": median(run.video_s / run.wall_s for run in runs),
        f"times_real_time_{label}_by_processor": median(
            run.video_s / run.processor_s for run in runs
        ),
    }
    copied = [run.video_s / run.annotated_s for run in runs if run.annotated_s]
    if copied:
        figures[f"annotating_times_real_time_{label}"] = median(copied)
    return {name: round(value, 1) for name, value in figures.items()}


def main() -> None:
    """Prints one figure a line, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="length of the videos for speed")
    parser.add_argument("--minutes", type=int, default=60, help="length of the one for memory")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--annotated", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        print(json.dumps(asdict(read_here(options.read, annotated=options.annotated))))
        return
    figures = measure(options.seconds, options.minutes, options.runs)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
