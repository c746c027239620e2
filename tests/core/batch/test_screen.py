"""What a batch shows: bars for a person, lines for a file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from core.batch.counting import BatchProgress
from core.batch.folder import FoundFile
from core.batch.progress import Progress, Stage
from core.batch.screen import SAY_EVERY_S, Bars, Lines, printable, screen_for, tell_problems
from core.batch.task import ItemKind, ItemOutcome
from tests.support.clock import FakeClock

CLIP, PHOTO = "in/[b]clip.mp4", "in/photo.jpg"
FILES = (
    FoundFile(Path(CLIP), ItemKind.VIDEO, Path("clip.mp4"), 9_000, 0),
    FoundFile(Path(PHOTO), ItemKind.PICTURE, Path("photo.jpg"), 1_000, 0),
    FoundFile(Path("in/done.jpg"), ItemKind.PICTURE, Path("done.jpg"), 1_000, 0),
)
PROBLEM = ItemOutcome(PHOTO, problem="“photo.jpg” is empty.")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def half_way(clock: FakeClock) -> BatchProgress:
    """One file was done before; the clip is read to its middle in 100 s."""
    batch = BatchProgress(FILES, {"in/done.jpg"}, clock)
    batch.hear(CLIP, Progress(Stage.READING, 0.0, 60.0))
    clock.advance(100)
    batch.hear(CLIP, Progress(Stage.READING, 30.0, 60.0, 7))
    return batch


def test_files_and_bytes_are_counted() -> None:
    batch = half_way(FakeClock())
    assert (batch.files, batch.done, batch.failed) == (3, 1, 0)
    assert batch.running[CLIP].left_s == pytest.approx(100)
    assert batch.left_s == pytest.approx(100 * 5_500 / 4_500)
    batch.finish(PROBLEM)
    assert (batch.done, batch.failed) == (2, 1)
    batch.finish(ItemOutcome(CLIP, 1, 300, parquet="x"))
    assert (batch.done, batch.failed, batch.left_s) == (3, 1, 0.0)
    assert batch.running == {}


def test_marking_faces_has_a_time_of_its_own() -> None:
    clock = FakeClock()
    batch = BatchProgress(FILES[:1], set(), clock, stages=2)
    for at_s in range(0, 61, 6):
        clock.advance(10)
        batch.hear(CLIP, Progress(Stage.READING, at_s, 60.0))
    assert batch.left_s == pytest.approx(100)
    batch.hear(CLIP, Progress(Stage.ANNOTATING, 0.0, 60.0))
    assert batch.running[CLIP].left_s is None
    clock.advance(10)
    batch.hear(CLIP, Progress(Stage.ANNOTATING, 6.0, 60.0))
    assert batch.running[CLIP].left_s == pytest.approx(90)
    assert batch.left_s == pytest.approx(95, abs=10)


def test_lines_say_each_file_and_now_and_then_a_long_one() -> None:
    clock, stdout = FakeClock(), io.StringIO()
    batch = half_way(clock)
    with Lines(stdout, clock) as screen:
        screen.begin(batch)
        screen.show(batch, CLIP)
        clock.advance(SAY_EVERY_S - 1)
        screen.show(batch, CLIP)
        clock.advance(1)
        screen.show(batch, CLIP)
        batch.finish(PROBLEM)
        screen.finish(batch, PROBLEM)
    assert stdout.getvalue().splitlines() == [
        "1 of 3 were read by an earlier run.",
        "in/[b]clip.mp4: 50%, about 1 min left",
        "2/3 in/photo.jpg: “photo.jpg” is empty.",
    ]


def test_a_terminal_sees_a_bar_for_all_and_one_for_each_video() -> None:
    clock, stdout = FakeClock(), Terminal()
    console = Console(file=stdout, force_terminal=True, width=120, color_system=None)
    batch = half_way(clock)
    with Bars(console) as screen:
        screen.begin(batch)
        screen.show(batch, CLIP)
        screen._progress.refresh()
        seen = stdout.getvalue()
        batch.finish(PROBLEM)
        screen.finish(batch, PROBLEM)
        batch.finish(ItemOutcome(CLIP, 1, 300, parquet="x"))
        screen.finish(batch, ItemOutcome(CLIP, 1, 300, parquet="x"))
    last = stdout.getvalue().splitlines()[-2:]
    assert "in/[b]clip.mp4" in seen
    assert "50% about 2 min left" in seen
    assert "1 of 3, about 2 min left" in seen
    assert any("3 of 3, 1 not read well" in line for line in last)
    assert not any("left" in line for line in last)
    assert not any("clip.mp4" in line for line in last)


def test_bars_only_where_a_person_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(screen_for(Terminal(), FakeClock()), Bars)
    assert isinstance(screen_for(io.StringIO(), FakeClock()), Lines)


@pytest.mark.parametrize("stderr", [io.StringIO(), Terminal()], ids=["file", "terminal"])
def test_problems_are_named_in_the_end(stderr: io.StringIO) -> None:
    tell_problems((PROBLEM, ItemOutcome("in/[b]x\x1b.jpg", problem="It is gone.")), stderr)
    said = stderr.getvalue()
    assert "in/photo.jpg" in said
    assert "“photo.jpg” is empty." in said
    assert "in/[b]x�.jpg" in said


def test_a_name_cannot_command_the_terminal() -> None:
    assert printable("a\x1b[2J\nb\udce9é.jpg") == "a�[2J�b�é.jpg"
