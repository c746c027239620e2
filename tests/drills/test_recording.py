"""A server that is killed while it records."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.records.recorder import EVERY_S
from tests.support.recording import killed_while_recording

SECOND_S = 1.0
ROOM_S = 1.0
"""For a machine that has other things to do."""


@pytest.mark.parametrize("seed", range(3))
def test_loses_the_second_being_seen_and_the_last_batch_at_most(seed: int, tmp_path: Path) -> None:
    killed = killed_while_recording(tmp_path, random.Random(seed))
    assert killed.kept >= 3
    assert not killed.has_gaps
    # a bound on what is lost, not on speed: one second is being filled, one batch waits
    assert killed.lost_s <= SECOND_S + EVERY_S + ROOM_S
