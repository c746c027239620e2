"""The colours of the pages; those of the expressions are the library's."""

from __future__ import annotations

from core.expression.palette import ALERT_HEX, UNSURE_HEX, Swatch, rgb, swatch

__all__ = [
    "ACCENT_HEX",
    "ALERT_HEX",
    "FAINT_RGBA",
    "SERIES_HEX",
    "UNSURE_HEX",
    "Swatch",
    "rgb",
    "swatch",
]

ACCENT_HEX = "#178A80"
"""The product's own colour in a chart, for what is no expression."""

SERIES_HEX = (ACCENT_HEX, "#C0692A", "#7A6BD1")
"""Lines of a chart that are no expressions."""

FAINT_RGBA = "rgba(128, 128, 128, 0.28)"
"""Grid lines and rules, faint on light and on dark."""
