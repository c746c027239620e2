"""Measured figures: their names for a person, what they mean, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.expression.card import ModelCard
from core.expression.evaluation import Evaluation


@dataclass(frozen=True)
class FigureName:
    """What a figure is called, and what it means."""

    title: str
    meaning: str = ""


_NAMES = {
    "accuracy": FigureName("Accuracy", "Share of the faces that it reads as they are labelled."),
    "accuracy_without_twins": FigureName(
        "Accuracy without twins",
        "The same without test faces that also stand among the training faces, pixel for pixel.",
    ),
    "macro_f1": FigureName(
        "Macro-F1",
        "Counts every expression alike, however rare it is: the mean of the harmonic means of "
        "precision and recall. 1 is perfect.",
    ),
    "macro_f1_without_twins": FigureName("Macro-F1 without twins"),
    "ece": FigureName(
        "Calibration error",
        "How far its confidence is from how often it is right, on average (expected calibration "
        "error). 0 is perfect.",
    ),
    "tflite_ms_per_face": FigureName(
        "Time a face", "On one core of the computer that it was measured on."
    ),
    "accuracy_keras": FigureName(
        "Accuracy before conversion", "Of the Keras network from which the small file was made."
    ),
    "ferplus_accuracy": FigureName(
        "FERPlus accuracy", "Against what most of FERPlus's ten annotators said."
    ),
    "auc_rendered": FigureName(
        "Pain told apart, rendered faces",
        "Area under the ROC curve on rendered faces of people who were not trained on: the chance "
        "that a face in pain scores above one that is not. 1 is perfect, 0.5 is guessing.",
    ),
    "false_positive_rate_happy_neutral": FigureName(
        "Happy and neutral faces called pain", "On real photographs, at the threshold that ships."
    ),
    "false_positive_rate_others": FigureName(
        "Other faces called pain", "On real photographs, at the threshold that ships."
    ),
    "sensitivity_rendered": FigureName(
        "Pain found, rendered faces",
        "Share of the rendered faces in pain that it calls so, at the threshold that ships.",
    ),
    "false_positive_rate_rendered_happy_neutral": FigureName(
        "Rendered happy and neutral faces called pain", "At the threshold that ships."
    ),
}
_SHARES = ("accuracy", "rate", "share", "recall", "precision", "sensitivity")


def named(figure: str) -> FigureName:
    """Of any figure; one that is not known is called what its file calls it."""
    return _NAMES.get(figure) or FigureName(figure.replace("_", " ").capitalize())


def written(figure: str, value: float) -> str:
    """A figure with the precision that it deserves."""
    if figure == "tflite_ms_per_face":
        return f"{value:.2f} ms"
    if any(part in figure for part in _SHARES) and 0 <= value <= 1:
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if value > 1 else f"{value:.3f}"


def size(count_bytes: int) -> str:
    """“1.6 MB”, “41 kB”."""
    return f"{count_bytes / 1e6:.1f} MB" if count_bytes >= 1e6 else f"{count_bytes / 1e3:.0f} kB"


def figures_of(card: ModelCard, evaluation: Evaluation | None) -> Mapping[str, float]:
    """All that was measured of a model, by name; the evaluation's figures are the more exact."""
    if evaluation is None:
        return card.figures
    own = {name: value for name, value in asdict(evaluation).items() if name in _NAMES}
    measured = {**card.figures, **own, **evaluation.figures}
    # a model that was taught on a network that nobody timed has no time, which is not no time
    return {
        name: value
        for name, value in measured.items()
        if value is not None and (name != "tflite_ms_per_face" or value > 0)
    }
