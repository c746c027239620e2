from __future__ import annotations

import itertools

import pytest

from app.live.browser_camera import BrowserCamera
from app.live.connection import Phase
from app.live.notices import Tone, demo_notice, notice_for
from core.monitoring.conditions import Condition
from core.monitoring.health import Health
from core.monitoring.observation import Observation
from core.monitoring.worker import CameraState
from core.vision.quality import QualityNote
from tests.support.observing import observation, observed_face


def test_every_state_has_its_words() -> None:
    for browser, phase, condition in itertools.product(BrowserCamera, Phase, Condition):
        trouble = "The model is not installed." if condition is Condition.FAILING else None
        notice = notice_for(browser, phase, condition, trouble)
        assert notice.text.endswith((".", "…"))
        assert notice.tone is not Tone.TROUBLE or notice.text.startswith("**")


@pytest.mark.parametrize(
    ("browser", "phase", "condition", "expected"),
    [
        pytest.param("refused", "idle", "good", "not allowed", id="refused"),
        pytest.param("missing", "idle", "good", "No camera", id="no camera"),
        pytest.param("insecure", "idle", "good", "HTTPS", id="no HTTPS"),
        pytest.param("refused", "connecting", "good", "Connecting", id="tried again"),
        pytest.param("fine", "idle", "no face", "Press **START**", id="before START"),
        pytest.param("fine", "playing", "no face", "No face", id="nobody"),
        pytest.param("fine", "playing", "too dark", "too dark", id="dark"),
        pytest.param("fine", "playing", "too far", "too far", id="far"),
        pytest.param("fine", "playing", "several faces", "Several", id="several"),
        pytest.param("fine", "lost", "good", "was lost", id="lost"),
        pytest.param("fine", "taking long", "good", "ICE", id="no path"),
    ],
)
def test_the_most_telling_thing_is_said(
    browser: str, phase: str, condition: str, expected: str
) -> None:
    notice = notice_for(BrowserCamera(browser), Phase(phase), Condition(condition), None)
    assert expected in notice.text


def test_the_sentence_of_a_failing_analysis_is_shown() -> None:
    notice = notice_for(BrowserCamera.FINE, Phase.PLAYING, Condition.FAILING, "The model is gone.")
    assert "The model is gone." in notice.text


def test_a_sentence_is_shown_as_it_stands() -> None:
    trouble = "The model “a_b_c” is not installed."
    notice = notice_for(BrowserCamera.FINE, Phase.PLAYING, Condition.FAILING, trouble)
    assert r"a\_b\_c" in notice.text


def _state(seen: Observation | None, trouble: str | None = None) -> CameraState:
    return CameraState(seen, Health(25, 25, 10, 0, 40, 50, 0.04), trouble)


@pytest.mark.parametrize(
    ("state", "trouble", "expected"),
    [
        pytest.param(None, None, "Waiting", id="before the first picture"),
        pytest.param(_state(None), None, "Waiting", id="before the first look"),
        pytest.param(_state(observation(observed_face())), None, "One face", id="a face"),
        pytest.param(_state(observation()), None, "Waiting for the face", id="missed for a moment"),
        pytest.param(
            _state(observation(observed_face(read=False, notes=(QualityNote.TOO_SMALL,)))),
            None,
            "Smallest face",
            id="smaller than asked for",
        ),
        pytest.param(_state(None, "The model is gone."), None, "model is gone", id="no model"),
        pytest.param(None, "The clip is missing.", "clip is missing", id="no clip"),
    ],
)
def test_what_is_said_of_the_demo(
    state: CameraState | None, trouble: str | None, expected: str
) -> None:
    notice = demo_notice(state, trouble)
    assert expected in notice.text
    assert "camera" not in notice.text
