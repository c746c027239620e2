"""What a batch shows while it runs: bars in a terminal, plain lines anywhere else."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

from core.batch.counting import BatchProgress, RunningVideo
from core.batch.folder import kind_of
from core.batch.progress import Stage
from core.batch.task import ItemKind, ItemOutcome
from core.clock import Clock
from core.work.time_left import in_words

SAY_EVERY_S = 30.0
"""A long video says so often where it is, where there are no bars."""

_NAME_LETTERS = 40


class Screen(Protocol):
    """Where a batch shows how far it has come; entered and left around the reading."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def begin(self, batch: BatchProgress) -> None:
        """Reading begins, or goes on where an earlier run ended."""

    def show(self, batch: BatchProgress, path: str) -> None:
        """A video goes on."""

    def finish(self, batch: BatchProgress, outcome: ItemOutcome) -> None:
        """A file is done."""

    def say(self, line: str) -> None:
        """Something else begins."""


def screen_for(stdout: TextIO, clock: Clock) -> Screen:
    """Bars where a person looks on, else lines."""
    console = Console(file=stdout, highlight=False)
    return Bars(console) if console.is_terminal else Lines(stdout, clock)


class Bars:
    """One bar for all files, and one for each video that is being read."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            # What stands in a file's name is no markup.
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[more]}", markup=False),
            console=console,
        )
        self._all = self._progress.add_task("Files", total=None, more="")
        self._videos: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def begin(self, batch: BatchProgress) -> None:
        self._show_all(batch)

    def show(self, batch: BatchProgress, path: str) -> None:
        video = batch.running[path]
        if path not in self._videos:
            self._videos[path] = self._progress.add_task(_short(path), more="")
        share = video.progress.share
        self._progress.update(
            self._videos[path],
            total=None if share is None else 1.0,
            completed=share or 0.0,
            more=_about(video),
        )
        self._show_all(batch)

    def finish(self, batch: BatchProgress, outcome: ItemOutcome) -> None:
        if outcome.path in self._videos:
            self._progress.remove_task(self._videos.pop(outcome.path))
        self._show_all(batch)

    def say(self, line: str) -> None:
        self._progress.console.print(line, markup=False)

    def _show_all(self, batch: BatchProgress) -> None:
        more = [f"{batch.done} of {batch.files}"]
        if batch.failed:
            more.append(f"{batch.failed} not read well")
        if batch.done < batch.files:
            more.append(in_words(batch.left_s))
        self._progress.update(
            self._all, total=batch.files, completed=batch.done, more=", ".join(filter(None, more))
        )


class Lines:
    """One line for each file that is done, and now and then one for a long video."""

    def __init__(self, stdout: TextIO, clock: Clock) -> None:
        self._stdout = stdout
        self._clock = clock
        self._said_s: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stdout.flush()

    def begin(self, batch: BatchProgress) -> None:
        if batch.done:
            self.say(f"{batch.done} of {batch.files} were read by an earlier run.")

    def show(self, batch: BatchProgress, path: str) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._said_s.setdefault(path, now_s) >= SAY_EVERY_S:
            self._said_s[path] = now_s
            video = batch.running[path]
            about = filter(None, [_percent(video), _about(video)])
            self.say(f"{printable(path)}: {', '.join(about) or 'goes on'}")

    def finish(self, batch: BatchProgress, outcome: ItemOutcome) -> None:
        self._said_s.pop(outcome.path, None)
        about = outcome.problem or _faces(outcome)
        self.say(f"{batch.done}/{batch.files} {printable(outcome.path)}: {about}")

    def say(self, line: str) -> None:
        print(line, file=self._stdout, flush=True)


def tell_problems(problems: tuple[ItemOutcome, ...], stderr: TextIO) -> None:
    """Names every file that could not be read, or not to its end, with its sentence."""
    console = Console(file=stderr, highlight=False)
    if not console.is_terminal:
        for one in problems:
            print(f"{printable(one.path)}: {one.problem}", file=stderr)
        return
    table = Table("File", "What is wrong with it")
    for one in problems:
        table.add_row(Text(printable(one.path)), Text(one.problem))
    console.print(table)


def printable(text: str) -> str:
    """A file's name without what would command the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _short(path: str) -> str:
    name = printable(path)
    return name if len(name) <= _NAME_LETTERS else f"…{name[1 - _NAME_LETTERS :]}"


def _about(video: RunningVideo) -> str:
    doing = "marking faces" if video.progress.stage is Stage.ANNOTATING else ""
    return ", ".join(filter(None, [doing, in_words(video.left_s)]))


def _percent(video: RunningVideo) -> str:
    share = video.progress.share
    return "" if share is None else f"{share:.0%}"


def _faces(outcome: ItemOutcome) -> str:
    count = "1 face" if outcome.faces == 1 else f"{outcome.faces} faces"
    is_video = kind_of(Path(outcome.path)) is ItemKind.VIDEO
    return f"up to {count} at once" if is_video and outcome.faces else count
