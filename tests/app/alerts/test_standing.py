from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from app.alerts import standing
from app.alerts.standing import lines, phase_words, score_words, shown_of
from core.alerts.presets import PRESETS
from core.alerts.rule import Severity, Signal, WatchRule
from core.alerts.standing import Phase, Standing
from core.watching.watched_camera import WatchedCamera

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
PAIN = PRESETS["pain-careful"].rule
NEGATIVE = PRESETS["any-negative"].rule
COUNTED = PRESETS["original"].rule
ABSENT = WatchRule(Signal.ABSENT, 900.0, Severity.MEDIUM)


@pytest.mark.parametrize(
    ("now", "told", "said"),
    [
        pytest.param(Standing(PAIN, 1, Phase.CLEAR, 0.1, 0), None, "Watching", id="clear"),
        pytest.param(
            Standing(PAIN, 1, Phase.PENDING, 0.6, 3.2), None, "May be in pain: 3 of 5 s", id="soon"
        ),
        pytest.param(
            Standing(NEGATIVE, 1, Phase.PENDING, 0.7, 12), None,
            "May be: negative expression: 10 of 10 s", id="no further than the whole",
        ),
        pytest.param(
            Standing(PAIN, 1, Phase.FIRING, 0.8, 120), True,
            "Carers were told, alert since 14:00", id="told",
        ),
        pytest.param(
            Standing(PAIN, 1, Phase.FIRING, 0.8, 120), False,
            "Alert since 14:00, not told yet", id="not told",
        ),
        pytest.param(
            Standing(PAIN, 1, Phase.FIRING, 0.8, 120), None, "Alert since 14:00", id="unknown"
        ),
        pytest.param(
            Standing(PAIN, 1, Phase.RESOLVING, 0.1, 8), None,
            "Nearly over: 8 of 20 s below the line", id="resolving",
        ),
        pytest.param(
            Standing(PAIN, 1, Phase.COOLING, 0.1, 0, until_s=400), None,
            "Quiet until 14:07 after the last alert", id="cooling",
        ),
        pytest.param(
            Standing(PAIN, 1, Phase.SNOOZED, 0.1, 0, until_s=1900), None,
            "Snoozed until 14:32", id="snoozed",
        ),
        pytest.param(
            Standing(ABSENT, None, Phase.PENDING, None, 180), None,
            "Nobody seen: 3 min of 15 min", id="absent",
        ),
    ],
)  # fmt: skip
def test_each_phase_has_its_words(now: Standing, told: bool | None, said: str) -> None:
    assert phase_words(now, 100.0, NOW, UTC, told=told) == said


def test_the_face_that_is_shown_is_meant_else_whoever_is_seen() -> None:
    gone = Standing(PAIN, 1, Phase.CLEAR, None, 0)
    here = Standing(PAIN, 2, Phase.CLEAR, 0.2, 0)
    assert shown_of([gone, here], 1) is gone
    assert shown_of([gone, here], None) is here
    assert shown_of([gone], 7) is gone
    assert shown_of([], 1) is None


def test_lines_of_every_kind_of_rule() -> None:
    assert lines(Standing(PAIN, 1, Phase.CLEAR, 0.1, 0)) == (0.5, 0.3)
    assert lines(Standing(COUNTED, 1, Phase.CLEAR, 0.1, 0)) == (0.125, 0.0625)
    assert lines(Standing(ABSENT, None, Phase.CLEAR, None, 0)) == (None, None)


def test_a_score_that_is_missing_is_said() -> None:
    assert score_words(Standing(PAIN, 1, Phase.CLEAR, 0.42, 0)) == "pain 42%"
    assert score_words(Standing(PAIN, 1, Phase.CLEAR, None, 0)) == "pain not readable"


class _Tower:
    """One camera, as a watch would tell it."""

    def __init__(self, *standing: Standing) -> None:
        self._camera = WatchedCamera("c1", "Kitchen", NOW, standing=standing)

    def cameras(self) -> tuple[WatchedCamera, ...]:
        return (self._camera,)


def _panel(camera_id: str, track_id: int) -> AppTest:
    def script(camera_id: str, track_id: int) -> None:
        from app.alerts.standing import show_standing

        show_standing(camera_id, track_id)

    values = {"camera_id": camera_id, "track_id": track_id}
    return AppTest.from_function(script, kwargs=values, default_timeout=60)


def _areas(page: AppTest) -> int:
    return sum(html.proto.body.count("clip-path") for html in page.get("html"))


def test_live_shows_the_score_of_the_face_and_names_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = Standing(PAIN, 1, Phase.PENDING, 0.62, 3)
    other = Standing(PAIN, 2, Phase.SNOOZED, 0.1, 0, until_s=0)
    monkeypatch.setattr(standing, "watch_tower", lambda: _Tower(mine, other))
    page = _panel("c1", 1).run()
    assert not page.exception
    assert "May be in pain" in page.markdown[0].value
    assert "62%" in page.markdown[0].value
    assert "Face 2, pain" in page.caption[0].value
    assert _areas(page) == 1

    # lost and found under another number: the line goes on
    found = Standing(PAIN, 7, Phase.PENDING, 0.7, 4)
    monkeypatch.setattr(standing, "watch_tower", lambda: _Tower(found))
    page.run()
    assert len(page.session_state["live-scores"]["pain"].points) == 2


def test_live_shows_every_rule_of_the_face(monkeypatch: pytest.MonkeyPatch) -> None:
    standings = (
        Standing(PAIN, 1, Phase.CLEAR, 0.2, 0),
        Standing(NEGATIVE, 1, Phase.PENDING, 0.7, 4),
        Standing(PAIN, 2, Phase.CLEAR, 0.1, 0),
        Standing(NEGATIVE, 2, Phase.PENDING, 0.6, 1),
    )
    monkeypatch.setattr(standing, "watch_tower", lambda: _Tower(*standings))
    page = _panel("c1", 1).run()
    assert not page.exception
    assert ["pain 20%" in page.markdown[0].value, "70%" in page.markdown[1].value] == [True, True]
    assert len(page.markdown) == 2
    assert _areas(page) == 2
    assert page.caption[0].value.count("Face ") == 1
    assert "Face 2, negative expression" in page.caption[0].value


def test_without_a_camera_live_says_what_would_stand_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "watch_tower", _Tower)
    page = _panel("", 1).run()
    assert not page.exception
    assert "how close the rule is to an alert" in page.caption[0].value
