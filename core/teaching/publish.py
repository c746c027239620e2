"""Writes what was learnt as a model of its own, and takes such a model away again."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.clock import Clock
from core.errors import ModelError
from core.expression.card import CARD_FILE, ModelCard, ModelFile, read_card, verified_bytes
from core.expression.evaluation import (
    CROSS_VALIDATION,
    EVALUATION_FILE,
    Evaluation,
    read_evaluation,
)
from core.expression.metrics import (
    accuracy,
    calibration_bins,
    confusion_matrix,
    expected_calibration_error,
    macro_f1,
)
from core.teaching.learn import Learnt
from core.teaching.validation import wilson_interval

HEAD_FILE = "head.npz"

_LONGEST_NAME = 40
_NAME = re.compile(r"\w[\w -]*")
_TAKEN = {"default"}  # what the commands call whichever model is the default one


@dataclass(frozen=True)
class Result:
    """How well a taught model reads pictures that it did not learn from.

    Attributes:
        right, pictures: read as they were labelled, of how many.
        low, high: between them lies the true share with 95 % confidence.
        guessing: the share that always saying the commonest label would reach.
    """

    right: int
    pictures: int
    low: float
    high: float
    guessing: float

    @property
    def share(self) -> float:
        """Read as labelled, 0 to 1."""
        return self.right / self.pictures

    @property
    def beats_guessing(self) -> bool:
        """Whether the pictures show it, and not luck."""
        return self.low > self.guessing


def result_of(evaluation: Evaluation) -> Result:
    """Of a taught model's evaluation."""
    counts = np.array(evaluation.confusion)
    right, pictures = int(np.trace(counts)), int(counts.sum())
    low, high = wilson_interval(right, pictures)
    return Result(right, pictures, low, high, float(counts.sum(axis=1).max() / pictures))


def folder_name(title: str, models_root: Path) -> str:
    """The name of a new model's folder.

    Raises:
        ModelError: the title cannot name a folder, or there is such a model already.
    """
    words = " ".join(unicodedata.normalize("NFC", title).split())
    if not _NAME.fullmatch(words) or len(words) > _LONGEST_NAME:
        raise ModelError(
            "Give it a name of letters, digits and blanks that starts with a letter or digit, up "
            f"to {_LONGEST_NAME} of them."
        )
    name = words.lower().replace(" ", "-")
    if name in _TAKEN or (models_root / name).exists():
        raise ModelError(f"There is a model “{name}” already. Choose another name.")
    return name


def publish(learnt: Learnt, title: str, base: str, models_root: Path, clock: Clock) -> ModelCard:
    """Writes `models_root/NAME/`: the base's network, the head, the card and the evaluation.

    The folder appears whole or not at all. No picture and no file's name is in it.

    Args:
        learnt: with the network of `base`.
        title: for the person who chooses between models; the folder's name is made from it.
        base: name of the model whose network was used.
        models_root: the folder of models.
        clock: for the card's date.

    Raises:
        ModelError: the title cannot be used, the base is gone or was taught itself, or the folder
            cannot be written.
    """
    name = folder_name(title, models_root)
    base_card = read_card(models_root / base)
    if base_card.head is not None:
        raise ModelError(f"“{base}” was taught itself. Build on “{base_card.base}” instead.")
    tflite = verified_bytes(models_root / base, base_card.tflite)
    head = replace(learnt.head, base_labels=base_card.labels).to_bytes()
    evaluation = _evaluation(learnt, name, len(tflite), base_card, models_root)
    card = replace(
        _card(learnt, evaluation, base_card, clock),
        name=name,
        title=" ".join(title.split()),
        head=ModelFile(HEAD_FILE, hashlib.sha256(head).hexdigest()),
    )
    files = {
        card.tflite.name: tflite,
        HEAD_FILE: head,
        EVALUATION_FILE: (evaluation.to_json(indent=1) + "\n").encode(),
        CARD_FILE: card.to_json().encode(),
    }
    _write(models_root / name, files)
    return card


def withdraw(name: str, models_root: Path) -> None:
    """Deletes a taught model; never one that was trained.

    Raises:
        ModelError: it was not taught, or cannot be deleted.
    """
    card = read_card(models_root / Path(name).name)
    if card.head is None:
        raise ModelError(f"The model “{name}” was not taught here, so it is not deleted.")
    try:
        shutil.rmtree(models_root / card.name)
    except OSError as error:
        sentence = f"The model “{name}” could not be deleted. Delete its folder by hand."
        raise ModelError(sentence, repr(error)) from error


def _write(target: Path, files: dict[str, bytes]) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".teaching-") as folder:
            beside = Path(folder) / target.name
            beside.mkdir()
            for name, content in files.items():
                (beside / name).write_bytes(content)
            beside.rename(target)
    except OSError as error:
        sentence = "The model could not be saved. Check that the folder of models can be written."
        raise ModelError(sentence, repr(error)) from error


def _evaluation(
    learnt: Learnt, name: str, tflite_bytes: int, base: ModelCard, models_root: Path
) -> Evaluation:
    measured = read_evaluation(models_root / base.name, base)
    label_index = learnt.validation.label_index
    logits = learnt.validation.logits / learnt.temperature
    confusion = confusion_matrix(logits, label_index)
    bins = calibration_bins(logits, label_index)
    return Evaluation(
        model=name,
        split=CROSS_VALIDATION,
        n=len(label_index),
        accuracy=accuracy(logits, label_index),
        accuracy_without_twins=None,
        macro_f1=macro_f1(confusion),
        macro_f1_without_twins=None,
        twins=0,
        ece=expected_calibration_error(bins),
        labels=learnt.labels,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        calibration=bins,
        tflite_ms_per_face=measured.tflite_ms_per_face if measured else 0.0,
        tflite_bytes=tflite_bytes,
        weights=base.weights + learnt.head.weights.size + learnt.head.bias.size,
    )


def _card(learnt: Learnt, evaluation: Evaluation, base: ModelCard, clock: Clock) -> ModelCard:
    result = result_of(evaluation)
    how = "one" if learnt.validation.left_out == 1 else f"about {learnt.validation.left_out}"
    return ModelCard(
        name=evaluation.model,
        title="",
        description=(
            f"{_capital(_listed(learnt.labels))}, learnt from {result.pictures} pictures of one "
            "person."
        ),
        labels=learnt.labels,
        input_px=base.input_px,
        colour=base.colour,
        scaling=base.scaling,
        temperature=round(learnt.temperature, 4),
        keras=None,
        tflite=base.tflite,
        weights=evaluation.weights,
        data=(
            f"{result.pictures} pictures of one person, which were not kept. The network is "
            f"that of “{base.name}”: {base.data}"
        ),
        licence=f"The head belongs to whoever taught it. The network: {base.licence}",
        limits=_limits(learnt, result),
        figures={
            "cross_validated_accuracy": round(result.share, 4),
            "cross_validated_accuracy_low": round(result.low, 4),
            "cross_validated_accuracy_high": round(result.high, 4),
            "cross_validated_macro_f1": round(evaluation.macro_f1, 4),
            "cross_validated_ece": round(evaluation.ece, 4),
            "accuracy_of_guessing": round(result.guessing, 4),
            "pictures": result.pictures,
        },
        figures_command=(
            f"measured while it was taught: learnt anew without {how} of its pictures at a time, "
            "which were then read"
        ),
        figures_date=clock.now_utc().date().isoformat(),
        outputs=("logits", "embedding"),
        base=base.name,
    )


def _limits(learnt: Learnt, result: Result) -> tuple[str, ...]:
    guessing = (
        ()
        if result.beats_guessing
        else ("Its pictures do not show that it reads better than a guess would.",)
    )
    return (
        *guessing,
        f"Learnt from {result.pictures} pictures of one person; it knows nobody else.",
        "Pictures that were taken in one go look alike: in other light, from another side or on "
        "another day it is wrong more often than its figures say.",
        f"It says {_listed(learnt.labels)} and nothing else, also of a face that shows none.",
        "It reads how a face looks, not what a person feels.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(labels: tuple[str, ...]) -> str:
    return f"{', '.join(labels[:-1])} or {labels[-1]}"
