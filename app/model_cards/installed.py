"""One installed model with all that its folder tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.model_cards.titles import titles
from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.evaluation import Evaluation, read_evaluation
from core.expression.learning import LearningHistory, read_history

CONTACT_SHEET_FILE = "contact_sheet.jpg"

Content = TypeVar("Content")


@dataclass(frozen=True, eq=False)
class InstalledModel:
    """A card, and what was measured of the model that it describes.

    Attributes:
        card: what the model says of itself.
        title: unlike that of any other model.
        evaluation, history: None where its folder has none, or none that can be read.
        troubles: sentences about what could not be read.
        tflite_bytes: size of the network.
        contact_sheet_jpeg: a picture of examples from its data; None where there is none.
    """

    card: ModelCard
    title: str
    evaluation: Evaluation | None
    history: LearningHistory | None
    troubles: tuple[str, ...]
    tflite_bytes: int
    contact_sheet_jpeg: bytes | None


def look_into(cards: tuple[ModelCard, ...], models_root: Path) -> dict[str, InstalledModel]:
    """By name; what cannot be read of a model is told and hides neither it nor the others."""
    named = titles(cards)
    return {card.name: _model(card, named[card.name], models_root / card.name) for card in cards}


def _model(card: ModelCard, title: str, folder: Path) -> InstalledModel:
    troubles: list[str] = []
    sheet = folder / CONTACT_SHEET_FILE
    return InstalledModel(
        card=card,
        title=title,
        evaluation=_readable(lambda: read_evaluation(folder, card), troubles),
        history=_readable(lambda: read_history(folder), troubles),
        troubles=tuple(troubles),
        tflite_bytes=(folder / card.tflite.name).stat().st_size,
        contact_sheet_jpeg=sheet.read_bytes() if sheet.is_file() else None,
    )


def _readable(read: Callable[[], Content | None], troubles: list[str]) -> Content | None:
    try:
        return read()
    except ModelError as error:
        troubles.append(error.sentence)
        return None
