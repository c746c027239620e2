"""Converts a published model's Keras file to TFLite with floats, as `benchmarks.models` asks.

python -m benchmarks.float_network models/mien7 float.tflite
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

from core.errors import ModelError
from core.expression.card import read_card, verified_bytes
from core.training.export import exported
from core.training.reexport import reader_options


def convert(folder: Path, target: Path) -> None:
    """The same network and the same way of reading it as in the file that ships.

    Raises:
        ModelError: the model has no Keras file, or its network cannot be read in one piece.
    """
    card = read_card(folder)
    if card.keras is None:
        raise ModelError(f"The model “{card.name}” has no network of its own.")
    verified_bytes(folder, card.keras)
    network = keras.models.load_model(folder / card.keras.name, compile=False, safe_mode=True)
    options = reader_options(folder, network, card)
    target.write_bytes(exported(network, options, int8=False).tflite)


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]), Path(sys.argv[2]))
    except ModelError as error:
        sys.exit(error.sentence)
