from __future__ import annotations

import pytest

from benchmarks import recorded_days, timeline
from benchmarks.timeline import measure


def test_all_figures_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded_days, "DAY_HOURS", 2)  # the last hour is what the page shows
    figures = measure(1, runs=1)
    assert figures["rows"] == 7200
    assert figures["rollup_rows"] == 119 + 4  # the newest minute waits; four people and hours
    assert figures["bytes_to_browser"] == figures["default_bytes"]
    for what in timeline._LENGTHS:
        assert 1000 < figures[f"{what}_bytes"] < 1_000_000
        assert figures[f"{what}_ms"] > 0
    for name in ("database_mb", "reading_mb", "second_mb", "rollup_mb"):
        assert figures[name] > 0
