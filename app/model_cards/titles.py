"""What models are called on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.expression.card import ModelCard


def titles(cards: Sequence[ModelCard]) -> dict[str, str]:
    """By name of the model; where several share a title, the name stands beside it."""
    times = Counter(card.title for card in cards)
    return {
        card.name: card.title if times[card.title] == 1 else f"{card.title} ({card.name})"
        for card in cards
    }
