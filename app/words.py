"""Sentences that stand on more than one page."""

import re

from core.expression.wording import HONEST_LINE

__all__ = ["HONEST_LINE", "counted", "plain"]


def counted(count: int, noun: str) -> str:
    """“1 face”, “3 faces”."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plain(text: str) -> str:
    """Text for Streamlit's Markdown that shows as it stands.

    Trap: a file named like a Markdown picture would make the page ask another host for it.
    """
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:])", r"\\\1", text)
