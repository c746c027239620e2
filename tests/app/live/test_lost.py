from __future__ import annotations

from dataclasses import replace

import pytest

from core.watching.watched_camera import WatchedCamera
from tests.support.observing import START_UTC

LOST = WatchedCamera("id", "Kitchen", START_UTC, lost_for_s=17.2, told_after_s=60.0, has_ended=True)


@pytest.mark.parametrize(
    ("lost_for_s", "words"),
    [
        pytest.param(17.2, "Carers will be told in 43 s.", id="before"),
        pytest.param(61.0, "Carers have been told.", id="after"),
    ],
)
def test_what_is_said_of_a_lost_camera(lost_for_s: float, words: str) -> None:
    from app.live.lost import lost_words

    said = lost_words(replace(LOST, lost_for_s=lost_for_s))
    assert said.startswith("**Kitchen: the picture has stopped.**")
    assert words in said
