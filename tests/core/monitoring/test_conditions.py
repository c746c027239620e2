from __future__ import annotations

from dataclasses import replace

import pytest

from core.monitoring.conditions import Condition, judge
from core.monitoring.health import Health
from core.monitoring.observation import Observation
from core.monitoring.worker import CameraState
from core.vision.quality import QualityNote
from tests.support.observing import observation, observed_face

HEALTHY = Health(30, 30, 15, 0, 20, 30, 0.03)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(observation(observed_face()), Condition.GOOD, id="one face"),
        pytest.param(
            observation(observed_face(1), observed_face(2)), Condition.SEVERAL, id="two faces"
        ),
        pytest.param(
            observation(
                observed_face(1), observed_face(2, read=False, notes=(QualityNote.TOO_SMALL,))
            ),
            Condition.GOOD,
            id="one near, one far",
        ),
        pytest.param(observation(), Condition.NO_FACE, id="nobody in a bright room"),
        pytest.param(observation(brightness=20), Condition.TOO_DARK, id="nobody in a dark room"),
        pytest.param(
            observation(observed_face(), brightness=20),
            Condition.GOOD,
            id="a dark room, but the face is lit",
        ),
        pytest.param(
            observation(observed_face(read=False, notes=(QualityNote.TOO_DARK,))),
            Condition.TOO_DARK,
            id="a dark face in a bright room",
        ),
        pytest.param(
            observation(observed_face(read=False, notes=(QualityNote.TOO_SMALL,))),
            Condition.TOO_FAR,
            id="a face too small",
        ),
        pytest.param(
            observation(observed_face(read=False, notes=(QualityNote.BLURRED,))),
            Condition.UNREADABLE,
            id="a blurred face",
        ),
        pytest.param(None, Condition.WAITING, id="before the first analysis"),
    ],
)
def test_condition_of_the_picture(seen: Observation | None, expected: Condition) -> None:
    assert judge(CameraState(seen, HEALTHY, None)) is expected


def test_silence_outranks_everything() -> None:
    silent = replace(HEALTHY, frame_age_s=10.0)
    assert judge(CameraState(observation(observed_face()), silent, "Broken.")) is Condition.LOST


def test_a_failing_analysis_outranks_what_it_saw_before() -> None:
    state = CameraState(observation(observed_face()), HEALTHY, "Broken.")
    assert judge(state) is Condition.FAILING
