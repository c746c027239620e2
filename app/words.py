"""Sentences that stand on more than one page."""

import re

from core.expression.wording import HONEST_LINE

__all__ = ["HONEST_LINE", "counted", "plain", "size"]


def counted(count: int, noun: str) -> str:
    """“1 face”, “3 faces”."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plain(text: str) -> str:
    """Text for Streamlit's Markdown that shows as it stands.

    Trap: a file named like a Markdown picture would make the page ask another host for it.
    """
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:])", r"\\\1", text)


def size(size_bytes: int) -> str:
    """“34 MB”, “0.3 MB”, as the uploader counts them."""
    megabytes = size_bytes / 1e6
    return f"{megabytes:.0f} MB" if megabytes >= 10 else f"{max(megabytes, 0.1):.1f} MB"
