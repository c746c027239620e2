from __future__ import annotations

import pytest

from app.live.connection import ConnectionWatch, Phase

IDLE = {"playing": False, "signalling": False}
OFFERED = {"playing": False, "signalling": True}
PLAYING = {"playing": True, "signalling": True}

Look = tuple[float, dict[str, bool], float | None]
"""Seconds, what the browser says, age of the last frame."""


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param([(0, IDLE, None)], Phase.IDLE, id="before START"),
        pytest.param([(0, IDLE, None), (60, OFFERED, None)], Phase.CONNECTING, id="START"),
        pytest.param(
            [(60 + s / 2, OFFERED, None) for s in range(20)], Phase.SLOW, id="no way through"
        ),
        pytest.param(
            [*((60 + s / 2, OFFERED, None) for s in range(20)), (70, IDLE, None)],
            Phase.FAILED,
            id="given up by the browser",
        ),
        pytest.param(
            [(60, OFFERED, None), (61, IDLE, None)], Phase.IDLE, id="STOP while connecting"
        ),
        pytest.param(
            [(60, OFFERED, None), (61, PLAYING, 0.03), (62, PLAYING, 0.03)],
            Phase.PLAYING,
            id="playing",
        ),
        pytest.param(
            [(60, OFFERED, None), (61, PLAYING, 0.03), (62, IDLE, 0.5)], Phase.IDLE, id="STOP"
        ),
        pytest.param(
            [(60, PLAYING, 0.03), *((60 + s, PLAYING, s) for s in range(1, 6)), (66, IDLE, 6)],
            Phase.LOST,
            id="ended after a silence",
        ),
        pytest.param(
            [(60, PLAYING, 0.03), (90, PLAYING, 30), (90.5, IDLE, 30)],
            Phase.IDLE,
            id="back from another page",
        ),
        pytest.param(
            [(60, PLAYING, 0.03), *((95 + s, PLAYING, 35 + s) for s in range(6))],
            Phase.PLAYING,
            id="back from sleep, with a connection that the browser still holds",
        ),
        pytest.param(
            [(60, PLAYING, 0.03), *((95 + s, PLAYING, 35 + s) for s in range(6)), (101, IDLE, 41)],
            Phase.LOST,
            id="back from sleep, until the browser gives it up",
        ),
        pytest.param(
            [
                (60, PLAYING, 0.03),
                *((60 + s, PLAYING, s) for s in range(1, 6)),
                (66, IDLE, 6),
                (99, IDLE, 39),
            ],
            Phase.LOST,
            id="lost stays lost",
        ),
        pytest.param(
            [
                (60, PLAYING, 0.03),
                *((60 + s, PLAYING, s) for s in range(1, 6)),
                (66, IDLE, 6),
                (99, OFFERED, 39),
                (100, PLAYING, None),
            ],
            Phase.PLAYING,
            id="START after a loss",
        ),
    ],
)
def test_phase(looks: list[Look], expected: Phase) -> None:
    watch = ConnectionWatch()
    phase = None
    for now_s, said, frame_age_s in looks:
        phase = watch.update(**said, frame_age_s=frame_age_s, now_s=now_s)
    assert phase is expected
