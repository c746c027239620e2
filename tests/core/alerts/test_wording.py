"""The sentences that say why an alert fired."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alerts.alert import WhyItFired
from core.alerts.change import Change, ChangeKind, ScorePoint
from core.alerts.presets import PRESETS
from core.alerts.rule import AlertRule, CountRule, Rule, Severity, Signal, WatchRule
from core.alerts.wording import duration, why_it_fired
from tests.support.person_seconds import START_S, START_UTC

PAIN = AlertRule("pain", "Pain", ("pain",))
TRAIL = (ScorePoint(START_S, START_UTC, 0.6),)


def fired(rule: Rule) -> Change:
    is_watch = isinstance(rule, WatchRule)
    return Change(
        ChangeKind.FIRED,
        rule,
        person=None if is_watch else 1,
        at_s=START_S,
        at_utc=START_UTC,
        score=1.0,
        trail=() if is_watch else TRAIL,
        dwell_began_utc=START_UTC if isinstance(rule, AlertRule) else None,
    )


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        pytest.param(PAIN, "“Pain” stayed above 50% for 5 seconds.", id="pain"),
        pytest.param(
            replace(PAIN, enter=0.355, dwell_s=90.0),
            "“Pain” stayed above 35.5% for 1 minute 30 seconds.",
            id="other settings",
        ),
        pytest.param(
            PRESETS["original"].rule,
            "More than 5 of the last 40 readings looked angry, disgusted, afraid, in pain or sad.",
            id="counted",
        ),
        pytest.param(
            CountRule("sad", "Sad", ("sad",), more_than=1, of_last=3),
            "More than 1 of the last 3 readings looked sad.",
            id="one label counted",
        ),
        pytest.param(
            WatchRule(Signal.ABSENT, 1800.0, Severity.MEDIUM),
            "Nobody was seen for 30 minutes.",
            id="absent",
        ),
        pytest.param(
            WatchRule(Signal.CAMERA_LOST, 60.0, Severity.HIGH),
            "No picture came from the camera for 1 minute.",
            id="camera lost",
        ),
        pytest.param(
            WatchRule(Signal.FROZEN, 45.0, Severity.HIGH),
            "The picture did not change for 45 seconds.",
            id="frozen",
        ),
        pytest.param(
            WatchRule(Signal.DARK, 3600.0, Severity.MEDIUM),
            "The picture was too dark to see anybody for 1 hour.",
            id="dark",
        ),
    ],
)
def test_sentence(rule: Rule, sentence: str) -> None:
    assert why_it_fired(fired(rule)).sentence == sentence


def test_a_score_comes_with_its_trail_and_lines() -> None:
    why = why_it_fired(fired(PAIN))
    assert why == WhyItFired(why.sentence, TRAIL, 0.5, 0.3, START_UTC)


def test_a_count_comes_with_its_trail_and_lines() -> None:
    why = why_it_fired(fired(CountRule("sad", "Sad", ("sad",), more_than=4, of_last=40)))
    assert why == WhyItFired(why.sentence, TRAIL, 0.1, 0.05, None)


def test_the_camera_comes_with_when_it_began_alone() -> None:
    why = why_it_fired(fired(WatchRule(Signal.DARK, 60.0, Severity.MEDIUM)))
    began_utc = START_UTC - timedelta(seconds=60)
    assert why == WhyItFired(why.sentence, dwell_began_utc=began_utc)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0 seconds"),
        (1.0, "1 second"),
        (2.5, "2.5 seconds"),
        (60.0, "1 minute"),
        (61.0, "1 minute 1 second"),
        (7200.0, "2 hours"),
        (3660.0, "1 hour 1 minute"),
        (86400.0, "24 hours"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize("signal", [one for one in Signal if one is not Signal.EXPRESSION])
def test_every_condition_has_a_title(signal: Signal) -> None:
    assert WatchRule(signal, 60.0, Severity.HIGH).title
