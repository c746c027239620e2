"""What a run keeps on disk: the last state to resume from, the best weights, the history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import keras

from core.errors import TrainingError

HISTORY_FILE = "history.json"
MONITOR = "val_fer7_accuracy"


@dataclass
class Progress:
    """How far a run has come. `history` has one row of figures per finished epoch."""

    epochs_done: int = 0
    best_epoch: int = -1
    best_value: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class RunFolder:
    """The folder of one run. Every file is written beside its place and then renamed into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = path / "last.keras"
        self.best = path / "best.keras"
        self._progress = path / "progress.json"

    def read_progress(self) -> Progress:
        """The progress of an interrupted run, or a fresh one.

        Raises:
            TrainingError: the file that tells it was changed or damaged.
        """
        if not (self._progress.exists() and self.last.exists()):
            return Progress()
        try:
            return Progress(**json.loads(self._progress.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise TrainingError(
                f"{self._progress} cannot be read. Delete the folder to begin anew.", repr(error)
            ) from error

    def save(self, model: keras.Model, progress: Progress) -> None:
        """The state after an epoch, resumable, and the learning curves.

        Raises:
            TrainingError: as for `save_model`.
        """
        self.save_model(model, self.last)
        self.write_text(self._progress.name, json.dumps(asdict(progress), indent=1))
        self.write_text(HISTORY_FILE, json.dumps(progress.history, indent=1))

    def save_model(self, model: keras.Model, target: Path) -> None:
        """A network, whole or not at all.

        Raises:
            TrainingError: it cannot be written; what was there before stays.
        """
        with self._beside(target) as beside:
            model.save(beside)

    def write_text(self, name: str, text: str) -> None:
        """A file of the folder, whole or not at all.

        Raises:
            TrainingError: as for `save_model`.
        """
        with self._beside(self.path / name) as beside:
            beside.write_text(text, encoding="utf-8")

    @contextmanager
    def _beside(self, target: Path) -> Iterator[Path]:
        beside = target.with_name(f"writing-{target.name}")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            yield beside
            beside.replace(target)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise TrainingError(
                f"{target.name} could not be written to {self.path}: {error.strerror or error}. "
                "What was kept before is still there. Make room on the disk, and the same command "
                "goes on from it.",
                repr(error),
            ) from error


class Checkpoints(keras.callbacks.Callback):  # type: ignore[misc]
    """Saves the state after each epoch, the weights on each new best, and stops early."""

    def __init__(
        self, folder: RunFolder, progress: Progress, patience_epochs: int, monitor: str = MONITOR
    ) -> None:
        super().__init__()
        self._folder, self._progress, self._patience = folder, progress, patience_epochs
        self._monitor = monitor

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = {name: round(float(value), 5) for name, value in (logs or {}).items()}
        progress = self._progress
        progress.history.append(figures)
        progress.epochs_done = epoch + 1
        value = figures.get(self._monitor, 0.0)
        if progress.best_epoch < 0 or value > progress.best_value:
            progress.best_value, progress.best_epoch = value, epoch
            self._folder.save_model(self.model, self._folder.best)
        self._folder.save(self.model, progress)
        if epoch - progress.best_epoch >= self._patience:
            self.model.stop_training = True
