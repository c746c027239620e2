"""Converts a published model's Keras file to TFLite with floats, as `benchmarks.models` asks.

python -m benchmarks.float_network models/mien7 float.tflite
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from core.errors import ModelError
from core.training.export import exported
from core.training.reexport import published_network, reader_options


def convert(folder: Path, target: Path) -> None:
    """The same network and the same way of reading it as in the file that ships.

    Raises:
        ModelError: the model has no Keras file, or its network cannot be read in one piece.
    """
    _, network = published_network(folder)
    options = reader_options(folder)
    target.write_bytes(exported(network, options, int8=False).tflite)


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]), Path(sys.argv[2]))
    except ModelError as error:
        sys.exit(error.sentence)
