from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.alerts import forecast as forecast_module
from app.alerts.draft import added, changed
from app.alerts.forecast import Forecast, Forecaster
from app.alerts.tuning import forecast_sentence
from core.alerts.policy import AlertPolicy
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.second import PersonSecond, Second
from core.records.database import open_database
from core.records.stores import CameraRow, SecondStore
from tests.support.clock import FakeClock
from tests.support.waiting import eventually

NOW_UTC = datetime(2026, 11, 20, 12, tzinfo=UTC)
CALM = Reading(FER7, (0.0, 0.0, 0.0, 0.1, 0.1, 0.0, 0.8))


def _seconds(began_utc: datetime, *phases: tuple[int, float]) -> list[Second]:
    """One for each second of the phases: how long, and how likely pain is."""
    scores = [score for length_s, score in phases for _ in range(length_s)]
    return [
        Second(
            at_s=float(index),
            at_utc=began_utc + timedelta(seconds=index),
            frames=10,
            faces=1,
            brightness=120.0,
            motion=3.0,
            people=(PersonSecond(1, 10, CALM, Reading(("pain", "no pain"), (score, 1 - score))),),
        )
        for index, score in enumerate(scores)
    ]


@pytest.fixture
def seconds(tmp_path: Path) -> Iterator[SecondStore]:
    """Two episodes of pain at 80 % in the last day, one on the day before."""
    database = open_database(None, tmp_path)
    store = SecondStore(database)
    episode = ((60, 0.05), (20, 0.8), (60, 0.05))
    for name, hours in (("one", 3), ("two", 20), ("yesterday", 30)):
        began_utc = NOW_UTC - timedelta(hours=hours)
        store.add(CameraRow(name, "Kitchen"), _seconds(began_utc, *episode))
    yield store
    database.close()


def _answer(forecaster: Forecaster, policy: AlertPolicy) -> Forecast:
    answers: list[Forecast] = []

    def known() -> bool:
        answer = forecaster.ask(policy)
        if answer is not None:
            answers.append(answer)
        return bool(answers)

    eventually(known)
    return answers[0]


def test_the_last_day_is_replayed_and_its_coverage_told(seconds: SecondStore) -> None:
    forecaster = Forecaster(seconds, FakeClock(NOW_UTC))
    assert _answer(forecaster, AlertPolicy()) == Forecast(
        alerts=2, recorded_s=280, by_title=(("Pain", 2),)
    )
    several = added(AlertPolicy())
    assert _answer(forecaster, several).by_title == (("Pain", 2), ("Negative expression", 2))
    strict = changed(AlertPolicy(), {"rule.enter": 0.9})
    assert _answer(forecaster, strict) == Forecast(alerts=0, recorded_s=280)


def test_an_answer_counts_for_some_minutes(seconds: SecondStore) -> None:
    clock = FakeClock(NOW_UTC)
    forecaster = Forecaster(seconds, clock)
    _answer(forecaster, AlertPolicy())
    clock.advance(60)
    assert forecaster.ask(AlertPolicy()) is not None
    clock.advance(300)
    assert forecaster.ask(AlertPolicy()) is None


def test_while_a_slider_moves_the_newest_question_is_answered(seconds: SecondStore) -> None:
    forecaster = Forecaster(seconds, FakeClock(NOW_UTC))
    for enter in (0.6, 0.7, 0.85):
        forecaster.ask(changed(AlertPolicy(), {"rule.enter": enter}))
    last = changed(AlertPolicy(), {"rule.enter": 0.85})
    assert _answer(forecaster, last).alerts == 0


def test_records_that_cannot_be_read_are_a_sentence(tmp_path: Path, seconds: SecondStore) -> None:
    del seconds
    database = open_database(None, tmp_path)
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE second")
    forecaster = Forecaster(SecondStore(database), FakeClock(NOW_UTC))
    forecast = _answer(forecaster, AlertPolicy())
    assert forecast.failed
    assert "can't be read" in forecast_sentence(forecast)
    database.close()


def test_a_fault_of_ours_is_a_sentence_and_the_next_question_is_answered(
    seconds: SecondStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    forecaster = Forecaster(seconds, FakeClock(NOW_UTC))
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(forecast_module, "replay", broken)
        assert _answer(forecaster, AlertPolicy()).failed
    assert _answer(forecaster, changed(AlertPolicy(), {"rule.enter": 0.6})).alerts == 2


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        pytest.param(None, "Counting", id="under way"),
        pytest.param(Forecast(0, 0), "Once a camera has been watched", id="nothing recorded"),
        pytest.param(Forecast(1, 11520), "**1 alert**, from 3 h 12 min of recordings", id="one"),
        pytest.param(
            Forecast(3, 60, by_title=(("Pain", 2), ("Sad", 1))),
            "**3 alerts** (Pain 2, Sad 1), from 1 min",
            id="of several rules",
        ),
        pytest.param(Forecast(0, 60), "**0 alerts**, from 1 min of recordings", id="none"),
    ],
)
def test_words(forecast: Forecast | None, said: str) -> None:
    assert said in forecast_sentence(forecast)
