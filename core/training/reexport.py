"""Makes a published model's TFLite file again from its Keras file, and measures it again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import keras

from core.clock import Clock
from core.errors import ModelError
from core.expression.card import CARD_FILE, ModelCard, read_card, verified_bytes
from core.expression.evaluation import EVALUATION_FILE
from core.training.datasets import Split
from core.training.evaluate import evaluate
from core.training.export import ReaderOptions, exported


def reexport(name: str, models_root: Path, data_path: Path, clock: Clock) -> ModelCard:
    """Writes the TFLite file, the card and the evaluation of one model anew, without training.

    The temperature stays: the same weights are as sure as before.

    Raises:
        ModelError: the model is not installed, or has no Keras file that matches its card.
        DatasetError: the evaluation data is missing.
    """
    folder = models_root / name
    card = read_card(folder)
    if card.keras is None:
        raise ModelError(f"The model “{name}” has no network of its own.")
    verified_bytes(folder, card.keras)
    network = keras.models.load_model(folder / card.keras.name, compile=False, safe_mode=True)
    again = exported(network, reader_options(folder))
    (folder / card.tflite.name).write_bytes(again.tflite)
    tflite = replace(card.tflite, sha256=hashlib.sha256(again.tflite).hexdigest())
    card = replace(card, tflite=tflite, outputs=again.outputs)
    (folder / CARD_FILE).write_text(card.to_json())

    private = evaluate(name, models_root, data_path, Split.PRIVATE)
    (folder / EVALUATION_FILE).write_text(private.to_json(indent=1) + "\n")
    measured = {key: getattr(private, key, None) for key in card.figures}
    figures = {key: round(value, 4) for key, value in measured.items() if value is not None}
    today = clock.now_utc().date().isoformat()
    card = replace(card, figures={**card.figures, **figures}, figures_date=today)
    (folder / CARD_FILE).write_text(card.to_json())
    return card


def reader_options(folder: Path) -> ReaderOptions:
    """How the published network of this folder is read.

    Raises:
        ModelError: its history does not say so.
    """
    history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    try:
        return ReaderOptions(**history["reader"])
    except (KeyError, TypeError) as error:
        sentence = f"The history of “{folder.name}” does not say how its network is read."
        raise ModelError(sentence, repr(error)) from error
