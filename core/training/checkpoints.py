"""What a run keeps on disk: the last state to resume from, the best weights, the history."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import keras

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
        """The progress of an interrupted run, or a fresh one."""
        if not (self._progress.exists() and self.last.exists()):
            return Progress()
        return Progress(**json.loads(self._progress.read_text()))

    def save(self, model: keras.Model, progress: Progress) -> None:
        """The state after an epoch, resumable."""
        self.save_model(model, self.last)
        beside = self._progress.with_suffix(".writing")
        beside.write_text(json.dumps(asdict(progress), indent=1))
        beside.replace(self._progress)

    def save_model(self, model: keras.Model, target: Path) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f"writing-{target.name}")
        model.save(beside)
        beside.replace(target)


class Checkpoints(keras.callbacks.Callback):  # type: ignore[misc]
    """Saves the state after each epoch, the weights on each new best, and stops early."""

    def __init__(self, folder: RunFolder, progress: Progress, patience_epochs: int) -> None:
        super().__init__()
        self._folder, self._progress, self._patience = folder, progress, patience_epochs

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = {name: round(float(value), 5) for name, value in (logs or {}).items()}
        progress = self._progress
        progress.history.append(figures)
        progress.epochs_done = epoch + 1
        if figures.get(MONITOR, 0.0) > progress.best_value:
            progress.best_value, progress.best_epoch = figures[MONITOR], epoch
            self._folder.save_model(self.model, self._folder.best)
        self._folder.save(self.model, progress)
        if epoch - progress.best_epoch >= self._patience:
            self.model.stop_training = True
