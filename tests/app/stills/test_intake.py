from __future__ import annotations

import pytest

from app.stills.intake import progress_text


@pytest.mark.parametrize(
    ("done", "total", "spent_s", "said"),
    [
        pytest.param(0, 40, 0.0, "Reading picture 1 of 40", id="nothing known yet"),
        pytest.param(10, 40, 5.0, "Reading picture 11 of 40, about 15 s left", id="in the midst"),
        pytest.param(10, 40, 0.1, "Reading picture 11 of 40, about 1 s left", id="never zero"),
        pytest.param(1, 2, 1.0, "Reading picture 2 of 2", id="nearly there"),
    ],
)
def test_progress_says_how_long_once_it_knows(
    done: int, total: int, spent_s: float, said: str
) -> None:
    assert progress_text(done, total, spent_s) == said
