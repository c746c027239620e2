"""How a model was learnt: the content of `history.json`, as curves over the epochs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.expression.model_json import read_json

HISTORY_FILE = "history.json"
_VALIDATION = "val_"


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """One figure after each epoch; NaN where an epoch has none.

    Attributes:
        name: of the figure, as the recipe calls it.
        training, validation: float64 (epochs,); None where it was never measured there.
    """

    name: str
    training: npt.NDArray[np.float64] | None
    validation: npt.NDArray[np.float64] | None


@dataclass(frozen=True, eq=False)
class LearningHistory:
    """All figures of one training.

    Attributes:
        epochs: how many were trained.
        best_epoch: the first is 0; the one whose weights were published. None where unknown.
        curves: by name.
    """

    epochs: int
    best_epoch: int | None
    curves: tuple[LearningCurve, ...]

    def curve(self, name: str) -> LearningCurve | None:
        """Of one figure; None where the recipe has no such figure."""
        return next((one for one in self.curves if one.name == name), None)

    @property
    def scores(self) -> tuple[LearningCurve, ...]:
        """Every curve that rises to 1, one for each head: accuracies and areas under a curve."""
        return tuple(one for one in self.curves if "acc" in one.name or "auc" in one.name)


def read_history(folder: Path) -> LearningHistory | None:
    """How the model in this folder was learnt; None where nothing was kept of it.

    Raises:
        ModelError: the file has not the form of a history.
    """
    sentence = (
        f"The learning history of the model “{folder.name}” cannot be read, so its curves are not "
        "shown. The model itself works."
    )
    return read_json(folder / HISTORY_FILE, _parsed, sentence)


def _parsed(values: Mapping[str, Any]) -> LearningHistory:
    columns = _columns(values["history"])
    names = dict.fromkeys(name.removeprefix(_VALIDATION) for name in columns)
    best = values.get("best_epoch")
    return LearningHistory(
        epochs=max((len(column) for column in columns.values()), default=0),
        best_epoch=int(best) if best is not None and best >= 0 else None,
        curves=tuple(
            LearningCurve(name, columns.get(name), columns.get(_VALIDATION + name))
            for name in names
        ),
    )


def _columns(
    history: list[Mapping[str, float]] | Mapping[str, list[float]],
) -> dict[str, npt.NDArray[np.float64]]:
    """By name, from a row for each epoch, or from a column for each figure as Keras keeps them."""
    if isinstance(history, Mapping):
        return {name: np.asarray(column, np.float64) for name, column in history.items()}
    names = dict.fromkeys(name for row in history for name in row)
    return {
        name: np.array([row.get(name, np.nan) for row in history], np.float64) for name in names
    }
