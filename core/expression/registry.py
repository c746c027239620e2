"""Which models are installed, and how one is loaded."""

from __future__ import annotations

import logging
from pathlib import Path

from core.errors import ModelError
from core.expression.card import CARD_FILE, ModelCard, read_card, verified_bytes
from core.expression.litert import LiteRtClassifier

DEFAULT_MODEL = "mien7"

_log = logging.getLogger(__name__)


def installed_models(models_root: Path) -> tuple[ModelCard, ...]:
    """The cards of all usable folders, by name; a broken card is logged and left out."""
    cards = []
    for path in sorted(models_root.glob(f"*/{CARD_FILE}")):
        try:
            cards.append(read_card(path.parent))
        except ModelError as error:
            _log.warning("%s (%s)", error.sentence, error.cause)
    return tuple(cards)


def default_model(models_root: Path) -> str:
    """The shipped default where it is installed, else the first installed model.

    Raises:
        ModelError: none is installed.
    """
    names = [card.name for card in installed_models(models_root)]
    if DEFAULT_MODEL in names:
        return DEFAULT_MODEL
    if not names:
        raise ModelError("No model is installed. Put one into the folder “models”.")
    return names[0]


def load_classifier(name: str, models_root: Path) -> LiteRtClassifier:
    """A new classifier of the model of this name, for the calling thread.

    Raises:
        ModelError: it is not installed, or its files do not match its card.
    """
    if Path(name).name != name or not (models_root / name).is_dir():
        raise ModelError(f"The model “{name}” is not installed.")
    folder = models_root / name
    card = read_card(folder)
    return LiteRtClassifier(card, verified_bytes(folder, card.tflite))
