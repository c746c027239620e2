"""Makes a published model's TFLite file again from its Keras file, and measures it again."""

from __future__ import annotations

import json
import shutil
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
from core.training.publish import model_file, new_folder, rounded_figures


def reexport(name: str, models_root: Path, data_path: Path, clock: Clock) -> ModelCard:
    """Replaces the TFLite file, the card and the evaluation of one model, without training.

    The temperature stays: the same weights are as sure as before. So do figures that this data
    cannot give.

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
    made = exported(network, reader_options(folder, network, card))
    with new_folder(folder) as beside:
        shutil.copytree(folder, beside, dirs_exist_ok=True)
        tflite_path = beside / card.tflite.name
        tflite_path.write_bytes(made.tflite)
        card = replace(card, tflite=model_file(tflite_path), outputs=made.outputs)
        (beside / CARD_FILE).write_text(card.to_json())
        private = evaluate(name, beside.parent, data_path, Split.PRIVATE)
        (beside / EVALUATION_FILE).write_text(private.to_json(indent=1) + "\n")
        figures = {**card.figures, **rounded_figures(private)}
        today = clock.now_utc().date().isoformat()
        card = replace(card, figures=figures, figures_date=today)
        (beside / CARD_FILE).write_text(card.to_json())
    return card


def reader_options(folder: Path, network: keras.Model, card: ModelCard) -> ReaderOptions:
    """As the model was published; early ones tell only whether they mirror.

    Raises:
        ModelError: the history of the model tells neither.
    """
    history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    if "reader" in history:
        return ReaderOptions(**history["reader"])
    heads = network.output if isinstance(network.output, dict) else {}
    fitting = (head for head, one in heads.items() if one.shape[-1] == len(card.labels))
    try:
        return ReaderOptions(next(fitting, None), mirror=bool(history["recipe"]["mirror"]))
    except (KeyError, TypeError) as error:
        sentence = f"The history of “{folder.name}” does not say how its network is read."
        raise ModelError(sentence, repr(error)) from error
