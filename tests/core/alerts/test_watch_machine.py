"""Watching the watcher: absent, frozen, dark, and the loss of the camera that hides them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from core.alerts.change import Change
from core.alerts.engine import AlertEngine
from core.alerts.hours import DailyHours
from core.alerts.policy import AlertPolicy
from core.alerts.rule import Severity, Signal, WatchRule
from core.alerts.standing import Phase
from core.alerts.watch_machine import DARK_BELOW
from core.monitoring import conditions
from core.monitoring.second import Second
from tests.support.person_seconds import START_S, START_UTC, person_second, second

ABSENT = WatchRule(Signal.ABSENT, 10.0, Severity.MEDIUM, cooldown_s=40.0)
LOST = WatchRule(Signal.CAMERA_LOST, 10.0, Severity.HIGH, cooldown_s=40.0)
FROZEN = WatchRule(Signal.FROZEN, 10.0, Severity.HIGH, cooldown_s=40.0)
DARK = WatchRule(Signal.DARK, 10.0, Severity.MEDIUM, cooldown_s=40.0)


def seen(index: int) -> Second:
    return second(index, person_second(0.1))


def empty(index: int) -> Second:
    return second(index)


def still(index: int) -> Second:
    return second(index, person_second(0.1), motion=0.0)


def dim(index: int) -> Second:
    return second(index, brightness=20.0)


def unreadable(index: int) -> Second:
    return second(index, faces=1)


def engine_with(*watches: WatchRule, waking: DailyHours | None = None) -> AlertEngine:
    policy = AlertPolicy(rules=(), watches=watches)
    return AlertEngine(policy if waking is None else replace(policy, waking=waking))


def said(changes: list[Change]) -> list[tuple[str, str, float]]:
    return [
        (change.rule.key, (change.ending or change.kind).value, change.at_s - START_S)
        for change in changes
    ]


def take(
    engine: AlertEngine, kind: Callable[[int], Second], indexes: range
) -> list[tuple[str, str, float]]:
    return said([change for index in indexes for change in engine.take(kind(index))])


def tick(
    engine: AlertEngine, index: float, lost_for_s: float | None
) -> list[tuple[str, str, float]]:
    at_utc = START_UTC + timedelta(seconds=index)
    return said(list(engine.tick(START_S + index, at_utc, lost_for_s=lost_for_s)))


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        pytest.param(ABSENT, empty, id="absent"),
        pytest.param(FROZEN, still, id="frozen"),
        pytest.param(DARK, dim, id="dark"),
    ],
)
def test_fires_when_it_lasts_and_is_over_when_it_is_good_for_a_while(
    rule: WatchRule, met: Callable[[int], Second]
) -> None:
    engine = engine_with(rule)
    assert take(engine, seen, range(5)) == []
    assert take(engine, met, range(5, 60)) == [(rule.key, "fired", 14)]
    assert take(engine, seen, range(60, 63)) == []
    assert take(engine, met, range(63, 70)) == []
    assert take(engine, seen, range(70, 80)) == [(rule.key, "cleared", 74)]


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        pytest.param(ABSENT, empty, id="absent"),
        pytest.param(FROZEN, still, id="frozen"),
        pytest.param(DARK, dim, id="dark"),
    ],
)
def test_a_moment_between_begins_anew(rule: WatchRule, met: Callable[[int], Second]) -> None:
    engine = engine_with(rule)
    assert take(engine, met, range(9)) == []
    assert take(engine, seen, range(9, 10)) == []
    assert take(engine, met, range(10, 30)) == [(rule.key, "fired", 19)]


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        pytest.param(ABSENT, unreadable, id="a face that cannot be read is somebody"),
        pytest.param(ABSENT, still, id="somebody in a still picture is there"),
        pytest.param(
            FROZEN, lambda index: second(index, motion=0.01), id="an empty room hardly moves"
        ),
        pytest.param(
            FROZEN,
            lambda index: second(index, person_second(0.1), motion=0.05),
            id="somebody who sits still moves a little",
        ),
        pytest.param(
            DARK,
            lambda index: second(index, person_second(0.1), brightness=20.0),
            id="dark, but readable",
        ),
        pytest.param(
            DARK, lambda index: second(index, brightness=DARK_BELOW), id="just bright enough"
        ),
    ],
)
def test_is_not_met(rule: WatchRule, kind: Callable[[int], Second]) -> None:
    assert take(engine_with(rule), kind, range(100)) == []


def test_dark_is_as_the_live_page_says_it() -> None:
    assert DARK_BELOW == conditions.DARK_BELOW


def test_a_gap_is_no_absence() -> None:
    engine = engine_with(ABSENT)
    assert take(engine, empty, range(5)) == []
    assert take(engine, empty, range(3600, 3604)) == []
    assert take(engine, empty, range(3604, 3606)) == [("absent", "fired", 3604)]


def test_nobody_told_so_soon_again() -> None:
    engine = engine_with(FROZEN)
    take(engine, still, range(10))
    take(engine, seen, range(10, 20))
    assert take(engine, still, range(20, 60)) == [("frozen", "fired", 49)]


def test_its_cooldown_counts_from_delivery_too() -> None:
    engine = engine_with(FROZEN)
    take(engine, still, range(10))
    take(engine, seen, range(10, 20))
    engine.delivered(None, "frozen", START_S + 15)
    assert take(engine, still, range(20, 60)) == [("frozen", "fired", 55)]


def test_a_snooze_holds_back_and_what_outlasts_it_is_told_again() -> None:
    engine = engine_with(FROZEN)
    engine.snooze("frozen", None, START_S + 60)
    assert take(engine, still, range(70)) == [("frozen", "fired", 60)]
    engine.snooze("frozen", None, START_S + 120)
    assert take(engine, still, range(70, 130)) == [
        ("frozen", "renewed", 120),
        ("frozen", "fired", 120),
    ]


class TestAbsence:
    """Only counts while people are up."""

    WAKING = DailyHours(time(7), time(22), "UTC")

    @staticmethod
    def empty_from(start_utc: datetime) -> Callable[[int], Second]:
        return lambda index: second(index, at_utc=start_utc + timedelta(seconds=index))

    def test_in_the_night_does_not_count(self) -> None:
        engine = engine_with(ABSENT, waking=self.WAKING)
        night = self.empty_from(datetime(2026, 1, 1, 23, tzinfo=UTC))
        assert take(engine, night, range(1000)) == []

    def test_counts_from_the_morning_on(self) -> None:
        engine = engine_with(ABSENT, waking=self.WAKING)
        dawn = self.empty_from(datetime(2026, 1, 1, 6, 59, 50, tzinfo=UTC))
        assert take(engine, dawn, range(100)) == [("absent", "fired", 19)]

    def test_that_was_told_stays_one_until_a_face_is_seen(self) -> None:
        engine = engine_with(ABSENT, waking=self.WAKING)
        dusk = self.empty_from(datetime(2026, 1, 1, 21, 59, 30, tzinfo=UTC))
        assert take(engine, dusk, range(1000)) == [("absent", "fired", 9)]
        assert take(engine, seen, range(1000, 1010)) == [("absent", "cleared", 1004)]

    def test_that_began_in_the_evening_is_not_told_at_night(self) -> None:
        engine = engine_with(ABSENT, waking=self.WAKING)
        dusk = self.empty_from(datetime(2026, 1, 1, 21, 59, 55, tzinfo=UTC))
        assert take(engine, dusk, range(1000)) == []


class TestLoss:
    """No pictures come."""

    def test_fires_when_it_lasts_and_is_over_with_the_next_picture(self) -> None:
        engine = engine_with(LOST)
        take(engine, seen, range(5))
        assert [tick(engine, 4 + silent, silent) for silent in range(4, 10)] == [[]] * 6
        assert tick(engine, 14, 10.0) == [("camera lost", "fired", 14)]
        assert tick(engine, 15, 11.0) == []
        assert take(engine, seen, range(30, 32)) == [("camera lost", "cleared", 30)]

    def test_is_over_when_a_tick_knows_of_pictures(self) -> None:
        engine = engine_with(LOST)
        tick(engine, 14, 10.0)
        assert tick(engine, 20, None) == [("camera lost", "cleared", 20)]

    def test_a_second_from_before_does_not_end_it(self) -> None:
        engine = engine_with(LOST)
        take(engine, seen, range(5))
        tick(engine, 14, 10.0)
        assert take(engine, seen, range(5, 6)) == []
        assert take(engine, seen, range(20, 21)) == [("camera lost", "cleared", 20)]

    def test_of_a_camera_that_never_sent_a_picture(self) -> None:
        engine = engine_with(LOST)
        assert tick(engine, 0, 12.0) == [("camera lost", "fired", 0)]

    def test_a_connection_that_comes_and_goes_is_told_once(self) -> None:
        engine = engine_with(LOST)
        assert tick(engine, 10, 10.0) == [("camera lost", "fired", 10)]
        assert tick(engine, 12, None) == [("camera lost", "cleared", 12)]
        assert tick(engine, 30, 11.0) == []
        assert tick(engine, 49, 30.0) == []
        assert tick(engine, 50, 31.0) == [("camera lost", "fired", 50)]

    def test_hides_the_others(self) -> None:
        engine = engine_with(ABSENT, DARK, LOST)
        bad = [second(index, brightness=20.0, motion=0.0) for index in range(12)]
        fired = said([change for each in bad for change in engine.take(each)])
        assert fired == [(key, "fired", 9) for key in ("absent", "dark")]
        assert tick(engine, 22, 10.0) == [
            *((key, "hidden", 22) for key in ("absent", "dark")),
            ("camera lost", "fired", 22),
        ]

    def test_what_it_hid_counts_from_new(self) -> None:
        engine = engine_with(replace(FROZEN, cooldown_s=0.0), LOST)
        take(engine, still, range(9))
        tick(engine, 20, 11.0)
        assert take(engine, still, range(30, 45)) == [
            ("camera lost", "cleared", 30),
            ("frozen", "fired", 39),
        ]

    def test_leaves_people_alone(self) -> None:
        engine = AlertEngine(AlertPolicy(watches=(LOST,)))
        pain = [second(index, person_second(0.9)) for index in range(10)]
        fired = said([change for each in pain for change in engine.take(each)])
        assert fired == [("pain", "fired", 5)]
        assert tick(engine, 30, 20.0) == [("camera lost", "fired", 30)]
        assert {one.rule.key: one.phase for one in engine.standing()} == {
            "pain": Phase.FIRING,
            "camera lost": Phase.FIRING,
        }

    def test_that_nobody_asked_for_is_not_told(self) -> None:
        engine = engine_with(replace(LOST, enabled=False), FROZEN)
        take(engine, still, range(12))
        assert tick(engine, 100, 88.0) == []
        assert take(engine, still, range(100, 101)) == []


def test_standing_shows_how_long_it_has_been() -> None:
    engine = engine_with(FROZEN, LOST)
    take(engine, still, range(4))
    tick(engine, 8, 5.0)
    assert [(one.phase, one.held_s, one.person, one.score) for one in engine.standing()] == [
        (Phase.PENDING, 4.0, None, None),
        (Phase.PENDING, 5.0, None, None),
    ]
    take(engine, still, range(10, 20))
    assert engine.standing()[0].phase is Phase.FIRING
