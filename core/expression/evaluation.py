"""How well a model reads, as measured when it was published: the content of `evaluation.json`.

The training writes it, the Models page reads it; both through this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from core.expression.card import ModelCard
from core.expression.model_json import read_json

EVALUATION_FILE = "evaluation.json"
CROSS_VALIDATION = "cross-validation"
"""Instead of a split: each face was read by a model that had not learned from it."""


@dataclass(frozen=True)
class CalibrationBin:
    """Faces whose confidence fell between two bounds: how sure, how often right, how many."""

    confidence: float
    accuracy: float
    faces: int


@dataclass(frozen=True)
class Evaluation:
    """Figures of one model on one split; `..._without_twins` leaves out faces seen in Training.

    Attributes:
        model, split: what was measured, and on which faces.
        n: number of faces.
        accuracy, macro_f1: shares, 0 to 1.
        accuracy_without_twins, macro_f1_without_twins: None where the data has no such notion.
        twins: how many faces have a pixel-identical copy in Training.
        ece: expected calibration error after temperature, 0 to 1.
        labels: of the model, in its order.
        confusion: counts, a row per given label and a column per read one.
        calibration: bins by rising confidence; empty ones are left out.
        tflite_ms_per_face: of one core, one face at a time.
        tflite_bytes, weights: of the network that ships.
        figures: what else was measured, by name; None where the data for it was not given.
    """

    model: str
    split: str
    n: int
    accuracy: float
    accuracy_without_twins: float | None
    macro_f1: float
    macro_f1_without_twins: float | None
    twins: int
    ece: float
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration: tuple[CalibrationBin, ...]
    tflite_ms_per_face: float
    tflite_bytes: int
    weights: int
    figures: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def is_cross_validated(self) -> bool:
        """On the pictures that the model was made of, so that no other model's figures compare."""
        return self.split == CROSS_VALIDATION

    def to_json(self, indent: int | None = None) -> str:
        """One flat object: further figures stand beside the others."""
        values = asdict(self)
        figures = values.pop("figures")
        return json.dumps({**values, **figures}, indent=indent)


def read_evaluation(folder: Path, card: ModelCard) -> Evaluation | None:
    """What was measured of the model in this folder; None where nothing was.

    Raises:
        ModelError: the file lacks something, has it in the wrong form, or is of other labels than
            the model's card.
    """
    sentence = (
        f"The evaluation of the model “{folder.name}” cannot be read, so its figures are not "
        "shown. The model itself works. Publish or install it again."
    )
    return read_json(
        folder / EVALUATION_FILE, lambda values: _parsed(values, card.labels), sentence
    )


def _parsed(values: Mapping[str, Any], model_labels: tuple[str, ...]) -> Evaluation:
    known = {one.name for one in fields(Evaluation)}
    needed = {
        one.name
        for one in fields(Evaluation)
        if one.default is MISSING and one.default_factory is MISSING
    }
    if missing := needed - set(values):
        raise KeyError(f"lacks {sorted(missing)}")
    evaluation = Evaluation(
        **{
            **{name: value for name, value in values.items() if name in known},
            "labels": tuple(str(label) for label in values["labels"]),
            "confusion": tuple(tuple(int(count) for count in row) for row in values["confusion"]),
            "calibration": tuple(CalibrationBin(**one) for one in values["calibration"]),
            "figures": {
                name: float(value)
                for name, value in values.items()
                if name not in known and isinstance(value, (int, float))
            },
        }
    )
    _check(evaluation, model_labels)
    return evaluation


def _check(evaluation: Evaluation, model_labels: tuple[str, ...]) -> None:
    if evaluation.labels != model_labels:
        raise ValueError(f"labels {evaluation.labels}")
    labels = len(evaluation.labels)
    rows = [len(row) for row in evaluation.confusion]
    if rows != [labels] * labels:
        raise ValueError(f"{labels} labels, but rows of {rows} counts")
    if min(count for row in evaluation.confusion for count in row) < 0:
        raise ValueError("a count below zero")
    shares = [evaluation.accuracy, evaluation.macro_f1, evaluation.ece]
    shares += [part for one in evaluation.calibration for part in (one.confidence, one.accuracy)]
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError("a share outside 0 to 1")
