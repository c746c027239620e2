"""Text in a cell of a table."""

from __future__ import annotations

# What a spreadsheet would run as a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: those get an apostrophe before them."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
