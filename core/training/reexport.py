"""Makes a published model's TFLite file again from its Keras file, and measures it again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import keras

from core.clock import Clock
from core.errors import ModelError
from core.expression.card import ModelCard, read_card, verify
from core.expression.learning import HISTORY_FILE
from core.expression.model_json import read_json
from core.training.export import ReaderOptions, exported
from core.training.loading import load_network
from core.training.publish import model_file, new_folder, write_measured


def reexport(name: str, models_root: Path, data_path: Path, clock: Clock) -> ModelCard:
    """Replaces the TFLite file, the card and the evaluation of one model, without training.

    The temperature stays: the same weights are as sure as before. So do figures that this data
    cannot give.

    Raises:
        ModelError: the model is not installed, or has no Keras file that matches its card.
        DatasetError: the evaluation data is missing.
    """
    folder = models_root / name
    card, network = published_network(folder)
    made = exported(network, reader_options(folder))
    with new_folder(folder) as beside:
        shutil.copytree(folder, beside, dirs_exist_ok=True)
        tflite_path = beside / card.tflite.name
        tflite_path.write_bytes(made.tflite)
        card = replace(card, tflite=model_file(tflite_path), outputs=made.outputs)
        today = clock.now_utc().date().isoformat()
        return write_measured(replace(card, figures_date=today), beside, data_path)


def published_network(folder: Path) -> tuple[ModelCard, keras.Model]:
    """A model's card and its network, from the Keras file that the card names.

    Raises:
        ModelError: the model is not installed, or has no Keras file that matches its card.
    """
    card = read_card(folder)
    if card.keras is None:
        raise ModelError(f"The model “{card.name}” has no network of its own.")
    verify(folder, card.keras)
    return card, load_network(folder / card.keras.name)


def reader_options(folder: Path) -> ReaderOptions:
    """As the model was published.

    Raises:
        ModelError: the history of the model does not tell.
    """
    sentence = f"The history of “{folder.name}” does not say how its network is read."
    options = read_json(
        folder / HISTORY_FILE, lambda history: ReaderOptions(**history["reader"]), sentence
    )
    if options is None:
        raise ModelError(sentence)
    return options
