"""How a benchmark tells its figures."""

from __future__ import annotations

import json
from collections.abc import Mapping


def print_figures(figures: Mapping[str, object], *, as_json: bool) -> None:
    """One figure a line, or one JSON object."""
    if as_json:
        print(json.dumps(dict(figures)))
    else:
        print("\n".join(f"{name}: {value}" for name, value in figures.items()))
