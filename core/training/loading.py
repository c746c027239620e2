"""Networks and weights from files of others, loaded without running anything in them."""

from __future__ import annotations

import warnings
from pathlib import Path

import keras

from core.errors import ModelError


def load_network(path: Path, compiled: bool = False) -> keras.Model:
    """A `.keras` file in Keras's safe mode, in which code inside the file is refused.

    Args:
        path: of the file.
        compiled: with its optimiser and losses, to go on with its training.

    Raises:
        ModelError: the file is missing, damaged, of another kind, or holds code.
    """
    if path.suffix != ".keras":  # Safe mode does not cover the older formats.
        raise ModelError(f"{path.name} is no .keras file; only those are loaded as a network.")
    try:
        return keras.models.load_model(path, compile=compiled, safe_mode=True)
    except (ValueError, OSError, TypeError, KeyError, AttributeError, ImportError) as error:
        if "arbitrary code" in str(error):
            sentence = (
                f"{path.name} holds program code (a Lambda layer), which is not run. Use a network "
                "that is built of Keras's own layers."
            )
        else:
            sentence = f"{path.name} cannot be loaded as a network."
        raise ModelError(sentence, repr(error)) from error


def load_weights(network: keras.Model, path: Path) -> None:
    """Fills a network with the numbers of an `.h5` file, as `keras.applications` publishes them.

    Raises:
        ModelError: the file is missing, damaged, or of another network.
    """
    try:
        # Trap: layers that the file does not have are only warned of, and stay as they were.
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            network.load_weights(path)
    except (ValueError, OSError, TypeError, KeyError, AttributeError, UserWarning) as error:
        raise ModelError(
            f"{path.name} does not hold the weights of {network.name} without its top.", repr(error)
        ) from error
