"""What the product says of a reading: how a face looks, never what a person feels."""

from __future__ import annotations

from core.expression.reading import Reading

NOT_SURE = "not sure"
MAY_BE_IN_PAIN = "may be in pain"
PAIN_FROM = 0.5
"""Of the alert model's score: the threshold on its card."""

HONEST_LINE = (
    "Mien reads how a face looks, not what a person feels, and it can be wrong. "
    "It is not a medical device and not an emergency service."
)

_ADJECTIVES = {
    "disgust": "disgusted",
    "fear": "afraid",
    "surprise": "surprised",
    "contempt": "contemptuous",
    "pain": "in pain",
}


def looks(reading: Reading, sure_from: float) -> str:
    """“looks happy”, or “not sure” below the confidence asked for."""
    return looks_label(reading.top if reading.is_sure(sure_from) else None)


def looks_label(label: str | None) -> str:
    """The same for a label that was already chosen; None is “not sure”."""
    return NOT_SURE if label is None else f"looks {_ADJECTIVES.get(label, label)}"
