"""Which models are installed, and how one is loaded."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import ModelError
from core.expression.card import ModelCard, read_card, verified_bytes, verify
from core.expression.head import head_from_bytes
from core.expression.litert import LiteRtClassifier
from core.expression.taught import TaughtClassifier

DEFAULT_MODEL = "mien7"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """A folder that is not used as a model, and why."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Survey:
    """All folders of models, by name: those that can be used, and those that are refused."""

    cards: tuple[ModelCard, ...]
    refusals: tuple[Refusal, ...]


def survey(models_root: Path) -> Survey:
    """Compares every model's files with its card; a refused one stops none of the others."""
    folders = sorted(path for path in models_root.glob("*") if path.name[0] != ".")
    checked = [_checked(folder, stamp) for folder in folders if (stamp := _stamp(folder))]
    return Survey(
        cards=tuple(one for one in checked if isinstance(one, ModelCard)),
        refusals=tuple(one for one in checked if isinstance(one, Refusal)),
    )


def installed_models(models_root: Path) -> tuple[ModelCard, ...]:
    """The cards of all usable folders, by name; a refused one is logged and left out."""
    return survey(models_root).cards


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
    return _loaded(models_root / name)


def _loaded(folder: Path) -> LiteRtClassifier:
    card = read_card(folder)
    tflite = verified_bytes(folder, card.tflite)
    if card.head is None:
        return LiteRtClassifier(card, tflite)
    head = head_from_bytes(verified_bytes(folder, card.head), card.name)
    return TaughtClassifier(card, tflite, head)


@lru_cache(maxsize=256)
def _checked(folder: Path, _: tuple[tuple[str, int, int], ...]) -> ModelCard | Refusal:
    """Hashing and loading take tens of milliseconds a model: once for each state of its folder."""
    try:
        card = read_card(folder)
        _loaded(folder)
        if card.keras is not None:
            verify(folder, card.keras)
    except ModelError as error:
        _log.warning("%s (%s)", error.sentence, error.cause)
        return Refusal(folder.name, error.sentence)
    return card


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file of the folder does; empty for what is no folder, or gone by now."""
    try:
        stats = {path.name: path.stat() for path in sorted(folder.iterdir())}
    except OSError:
        return ()
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items())
