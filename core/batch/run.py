"""One batch, from its files to its table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from core.batch.copies import annotated_paths
from core.batch.counting import BatchProgress
from core.batch.crew import Crew
from core.batch.folder import FoundFile, find_files
from core.batch.parts import Parts, make_folder
from core.batch.progress import Progress
from core.batch.screen import Screen
from core.batch.table import write_tables
from core.batch.task import ItemOutcome, ItemTask
from core.batch.video import VideoOptions
from core.clock import Clock
from core.errors import ConfigurationError
from core.expression.card import ModelCard
from core.tables.row import SCHEMA_VERSION


@dataclass(frozen=True)
class BatchOptions:
    """What a batch reads, how, and where to.

    Attributes:
        given: files and folders.
        out: the table, .parquet or .csv.
        video: how videos are read; its settings count for pictures, too.
        card: of the model that reads.
        models_root: the folder of the models.
        annotate: folder of the copies with marked faces; None for no copies.
        workers: how many processes read.
        restart: read again what an earlier run finished.
        csv_too: write the table as CSV, too, beside the Parquet file.
    """

    given: tuple[Path, ...]
    out: Path
    video: VideoOptions
    card: ModelCard
    models_root: Path
    annotate: Path | None = None
    workers: int = 1
    restart: bool = False
    csv_too: bool = False

    @property
    def parts_folder(self) -> Path:
        return self.out.with_name(f"{self.out.name}.parts")

    @property
    def outs(self) -> tuple[Path, ...]:
        """The tables that are written."""
        return (self.out, self.out.with_suffix(".csv")) if self.csv_too else (self.out,)


@dataclass(frozen=True)
class BatchResult:
    """How a batch ended.

    Attributes:
        read: files whose readings are in the table, those that broke off included.
        problems: the others, and those that broke off, each with its sentence.
        others: files that are neither pictures nor videos.
    """

    read: int
    problems: tuple[ItemOutcome, ...]
    others: int


def run_batch(options: BatchOptions, screen: Screen, clock: Clock) -> BatchResult:
    """Read all that is not read yet, then write the table.

    Raises:
        ConfigurationError: there is nothing to read, or originals would be overwritten.
        BatchError, TableError: it cannot go on; what was read is kept.
    """
    written = [*options.outs, options.parts_folder, *filter(None, [options.annotate])]
    found = find_files(options.given, leave_out=written)
    if not found.files and not found.problems:
        raise ConfigurationError("There is neither a picture nor a video in what was given.")
    copies = annotated_paths(found.files, options.annotate) if options.annotate else {}
    parts = Parts(options.parts_folder)
    parts.open(restart=options.restart)
    try:
        outcomes = _Reading(options, parts, copies, found.files).read(screen, clock)
        problems = (*found.problems, *(one for one in outcomes if one.problem))
        screen.say("Writing the table.")
        write_tables(options.outs, (*outcomes, *found.problems), parts.work_folder("table"))
        if not problems:
            parts.remove()
    finally:
        parts.close()
    return BatchResult(sum(bool(one.parquet) for one in outcomes), problems, found.others)


class _Reading:
    """Of all files of one batch."""

    def __init__(
        self,
        options: BatchOptions,
        parts: Parts,
        copies: Mapping[Path, Path],
        files: Collection[FoundFile],
    ) -> None:
        self._options = options
        self._parts = parts
        self._copies = copies
        self._files = files
        how = [asdict(options.video), options.card.tflite.sha256, SCHEMA_VERSION]
        self._how = json.dumps(how)
        self._keys = {str(file.path): self._key(file) for file in files}

    def read(self, screen: Screen, clock: Clock) -> tuple[ItemOutcome, ...]:
        """One for each file, in their order; finished ones as an earlier run left them."""
        outcomes = {path: one for path in self._keys if (one := self._finished(path))}
        stages = 2 if self._copies else 1
        batch = BatchProgress(self._files, set(outcomes), clock, stages)
        with screen:
            screen.begin(batch)
            for task, said in Crew(self._options.workers).read(self._tasks(set(outcomes))):
                if isinstance(said, Progress):
                    batch.hear(task.path, said)
                    screen.show(batch, task.path)
                else:
                    outcomes[task.path] = outcome = self._keep(said)
                    batch.finish(outcome)
                    screen.finish(batch, outcome)
        return tuple(outcomes[path] for path in self._keys)

    def _tasks(self, finished: Collection[str]) -> Iterator[ItemTask]:
        for file in self._files:
            path = str(file.path)
            if path not in finished:
                copy = self._copies.get(file.path)
                if copy is not None:
                    make_folder(copy.parent)
                yield ItemTask(
                    path,
                    file.kind,
                    str(self._parts.work_folder(self._keys[path])),
                    self._options.video,
                    str(self._options.models_root),
                    str(copy or ""),
                )

    def _finished(self, path: str) -> ItemOutcome | None:
        copy = self._copies.get(Path(path))
        outcome = self._parts.finished(self._keys[path])
        return outcome if copy is None or copy.exists() else None

    def _keep(self, outcome: ItemOutcome) -> ItemOutcome:
        key = self._keys[outcome.path]
        kept = self._parts.keep(key, outcome) if outcome.parquet else outcome
        self._parts.drop_work(key)
        return kept

    def _key(self, file: FoundFile) -> str:
        copy = str(self._copies.get(file.path, ""))
        known_by = [str(file.path), file.size_bytes, file.modified_ns, self._how, copy]
        return hashlib.sha256(json.dumps(known_by).encode()).hexdigest()[:32]
