"""Measures an installed model, as it ships, on one split."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.expression.card import ModelCard, read_card
from core.expression.evaluation import Evaluation
from core.expression.labels import FER7, FERPLUS8
from core.expression.litert import LiteRtClassifier
from core.expression.metrics import (
    accuracy,
    calibration_bins,
    confusion_matrix,
    expected_calibration_error,
    macro_f1,
)
from core.expression.registry import default_model, load_classifier
from core.training.datasets import Framing, LabelledFaces, Split, load, load_ferplus, twins_of
from core.training.datasets.framing import resized
from core.training.pain.evaluate import with_pain
from core.training.pain.recipe import PAIN_LABELS
from core.training.synthetic.dataset import load_rendered

RENDERED_FILE = "rendered_test.npz"
"""In a pain model's folder: rendered faces of people whom it does not know."""

_BATCH = 64
_TIMED_FACES = 300


def evaluate(
    name: str,
    models_root: Path,
    data_path: Path,
    split: Split,
    rendered_path: Path | None = None,
    framing: Framing | None = None,
) -> Evaluation:
    """Reads every face of the split with the shipped TFLite file.

    Args:
        name: of an installed model, or "default".
        models_root: the folder of models.
        data_path: anything that `load` knows.
        split: which faces.
        rendered_path: a rendered set of people whom the model does not know, for the pain model;
            without it the set that ships with the model.
        framing: how the pictures of a folder become faces; None for whole pictures.

    Raises:
        ModelError: the model is not usable.
        DatasetError: the data is not.
    """
    name = default_model(models_root) if name == "default" else name
    card = read_card(models_root / name)
    classifier = load_classifier(name, models_root)
    framing = replace(framing or Framing(), side_px=card.input_px)
    faces = faces_labelled(card.labels, data_path, split, framing)
    twins = twins_of(faces, load(data_path, framing)[Split.TRAINING])
    logits = tflite_logits(classifier, faces) / card.temperature
    if card.labels != PAIN_LABELS:
        return _figures(card, split, faces, logits, twins, classifier, models_root)
    # The seven are judged among themselves: nobody labelled pain in FER2013.
    seven = logits[:, : len(FER7)]
    measured = _figures(card, split, faces, seven, twins, classifier, models_root)
    rendered_path = rendered_path or _shipped_faces(models_root / name)
    rendered = load_rendered(rendered_path) if rendered_path else None
    return with_pain(measured, card, faces, logits, rendered, classifier)


def _shipped_faces(folder: Path) -> Path | None:
    path = folder / RENDERED_FILE
    return path if path.exists() else None


def faces_labelled(
    labels: tuple[str, ...], data_path: Path, split: Split, framing: Framing | None = None
) -> LabelledFaces:
    """The faces of a split as a model with these labels is judged by them.

    Raises:
        DatasetError: the data cannot be used, or has no such face.
    """
    if labels == FERPLUS8:
        return load_ferplus(data_path, split)
    faces = load(data_path, framing)[split].known_to(labels)
    if not len(faces):
        raise DatasetError(
            f"{data_path.name} has no face in its {split.value} split that is labelled "
            f"{' or '.join(labels)}."
        )
    return faces


def tflite_logits(classifier: LiteRtClassifier, faces: LabelledFaces) -> npt.NDArray[np.float64]:
    """Logits of all faces, (n, labels)."""
    images, side_px = faces.images_grey, classifier.input_px
    return np.concatenate(
        [
            classifier.logits(resized(images[at : at + _BATCH], side_px))
            for at in range(0, len(images), _BATCH)
        ]
    )


def ms_per_face(classifier: LiteRtClassifier, faces: LabelledFaces) -> float:
    """Median milliseconds of one core for one face at a time; other programs' load left out."""
    taken = []
    for image in resized(faces.images_grey[:_TIMED_FACES], classifier.input_px):
        start_s = time.thread_time()
        classifier.logits(image[np.newaxis])
        taken.append(time.thread_time() - start_s)
    return float(np.median(taken) * 1000)


def _figures(
    card: ModelCard,
    split: Split,
    faces: LabelledFaces,
    logits: npt.NDArray[np.float64],
    twins: npt.NDArray[np.bool_],
    classifier: LiteRtClassifier,
    models_root: Path,
) -> Evaluation:
    labels = faces.label_index
    confusion = confusion_matrix(logits, labels)
    bins = calibration_bins(logits, labels)
    measured = accuracy(logits, labels)
    fresh = ~twins
    return Evaluation(
        model=card.name,
        split=split.value,
        n=len(faces),
        accuracy=measured,
        accuracy_without_twins=accuracy(logits[fresh], labels[fresh]) if fresh.any() else None,
        macro_f1=macro_f1(confusion),
        macro_f1_without_twins=(
            macro_f1(confusion_matrix(logits[fresh], labels[fresh])) if fresh.any() else None
        ),
        twins=int(twins.sum()),
        ece=expected_calibration_error(bins),
        labels=card.labels,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        calibration=bins,
        tflite_ms_per_face=ms_per_face(classifier, faces),
        tflite_bytes=(models_root / card.name / card.tflite.name).stat().st_size,
        weights=card.weights,
        figures={"ferplus_accuracy": measured} if card.labels == FERPLUS8 else {},
    )


def summary(evaluation: Evaluation) -> str:
    """The figures as a few lines of text, with the confusion matrix."""
    without = evaluation.accuracy_without_twins
    head = (
        f"{evaluation.model} on {evaluation.split}: {evaluation.n} faces, "
        f"accuracy {evaluation.accuracy:.2%}"
        + (f" ({without:.2%} without {evaluation.twins} twins)" if without is not None else "")
        + f", macro-F1 {evaluation.macro_f1:.3f}, ECE {evaluation.ece:.3f}, "
        f"{evaluation.tflite_ms_per_face:.2f} ms a face"
    )
    columns = " ".join(f"{label[:8]:>8}" for label in evaluation.labels)
    rows = (
        f"{label:>10} " + " ".join(f"{count:8d}" for count in counts)
        for label, counts in zip(evaluation.labels, evaluation.confusion, strict=True)
    )
    return "\n".join([head, "", f"{'given/read':>10} {columns}", *rows])
