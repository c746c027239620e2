"""The day report: what it tells, of which time, and that it is one whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.looking_back import LookingBack, looking_back_on
from app.timeline.day import gather_day, span_of_day
from app.timeline.report import day_report_html, day_words
from core.alerts.alert import Answer
from core.alerts.change import Ending
from core.clock import Clock
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.database import open_database
from core.records.session import SessionSource
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import person, second

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 1, 1)
NOON_UTC = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVENING_UTC = datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return FakeClock(EVENING_UTC)


@pytest.fixture
def records(tmp_path: Path, clock: Clock) -> Iterator[LookingBack]:
    database = open_database(None, tmp_path)
    yield looking_back_on(database, clock)
    database.close()


def _minutes(first: float, count: int) -> list[Second]:
    """Of person 1, so many minutes after noon."""
    return [second(round(first * 60) + index, person()) for index in range(count * 60)]


def _text(html: str) -> str:
    """What a person reads, on one line."""
    body = html.partition("<body>")[2]
    without = re.sub(r"<script.*?</script>", "", body, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())


def _report(records: LookingBack, day: date = DAY, now_utc: datetime = EVENING_UTC) -> str:
    return day_report_html(day, BERLIN, records, now_utc)


def test_it_tells_how_much_of_the_day_was_seen(records: LookingBack) -> None:
    records.seconds.add(CameraRow("a", "Kitchen"), _minutes(0, 10))
    records.seconds.add(CameraRow("b", "Hall"), [*_minutes(5, 3), second(20 * 60)])
    text = _text(_report(records))
    assert "Thursday, 1 January 2026" in text
    assert "20 min 1 s with a camera on" in text
    assert "11 min of it with a face that could be read" in text
    assert "Day report by Mien, made on Friday, 2 January 2026, 10:00. Times are" in text
    assert "CET" in text


def test_it_says_what_it_is_and_is_not(records: LookingBack) -> None:
    text = _text(_report(records))
    assert "not what a person feels" in text
    assert "not a medical device" in text
    assert "What to bear in mind" in text


def test_cameras_stand_with_their_times_in_the_readers_zone(records: LookingBack) -> None:
    records.seconds.add(CameraRow("a", "Kitchen <1>", "mien7"), _minutes(0, 10))
    kept = records.sessions.by_camera_id("a")
    assert kept is not None
    assert "12:59 to 13:09 Kitchen &lt;1&gt; 10 min 10 min 1 mien7" in _text(_report(records))
    records.sessions.rename(kept.id, "Breakfast")
    assert "12:59 to 13:09 Breakfast" in _text(_report(records))


def test_alerts_stand_with_what_became_of_them(records: LookingBack) -> None:
    records.seconds.add(CameraRow("a", "Kitchen"), _minutes(0, 1))
    first = records.alerts.open(new_alert(fired_utc=NOON_UTC), 3600.0)
    records.alerts.close(first.id, NOON_UTC + timedelta(seconds=95), Ending.CLEARED)
    records.alerts.answer(first.number, Answer.ACKNOWLEDGED, "Anna")
    records.alerts.open(new_alert(fired_utc=NOON_UTC, camera_id="other"), 3600.0)
    text = _text(_report(records))
    assert "2 alerts 1 without an answer" in text
    assert "13:00:00 Pain Kitchen, person 1 Pain stayed above 50% for 5 seconds." in text
    assert "Over after 1 min 35 s. Anna has taken it, 10:00 on 2 January" in text
    assert "Going on for 21 h. Nobody has answered" in text


def test_notes_are_text_and_nothing_else(records: LookingBack) -> None:
    records.notes.add(NOON_UTC, "<img src=x onerror=alert(1)>\nand tea")
    records.notes.add(NOON_UTC + timedelta(minutes=1), "")
    html = _report(records)
    assert "<img" not in html
    assert "13:00 &lt;img src=x onerror=alert(1)&gt; and tea" in _text(html)
    assert "13:01 A mark" in _text(html)


def test_it_is_of_this_day_and_of_cameras_alone(records: LookingBack) -> None:
    before = second(0, person(), person(2), person(3))
    records.seconds.add(CameraRow("a", "Yesterday"), [before])
    video = CameraRow("v", "party.mp4", source=SessionSource.VIDEO)
    records.seconds.add(video, [second(86400, person())])
    records.alerts.open(new_alert(fired_utc=NOON_UTC), 3600.0)
    records.notes.add(NOON_UTC, "Of the day before")
    text = _text(_report(records, date(2026, 1, 2)))
    assert "Nothing was seen on this day" in text
    assert "No alerts were raised" in text
    for other in ("Yesterday", "party.mp4", "Of the day before"):
        assert other not in text


def test_a_session_over_midnight_is_cut_there(records: LookingBack) -> None:
    until_midnight = 11 * 60  # minutes after noon UTC, in Berlin
    records.seconds.add(CameraRow("a", "Kitchen"), _minutes(until_midnight - 5, 10))
    first, second_ = (gather_day(date(2026, 1, day), BERLIN, records) for day in (1, 2))
    assert first.sessions[0].read_s + second_.sessions[0].read_s == 600
    assert first.sessions[0].span.until_utc == second_.sessions[0].span.since_utc
    assert first.on_s + second_.on_s == 600


def test_a_day_that_is_not_over_says_so(records: LookingBack) -> None:
    assert "The day was not over then" in _text(_report(records, now_utc=NOON_UTC))
    assert "The day was not over then" not in _text(_report(records))


def test_cameras_at_once_are_counted_once(records: LookingBack) -> None:
    for name, first, count in (("a", 0, 10), ("b", 2, 3), ("c", 8, 7), ("d", 30, 5)):
        records.seconds.add(CameraRow(name, name), _minutes(first, count))
    assert gather_day(DAY, BERLIN, records).on_s == 20 * 60


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 1, 1), 24, id="winter"),
        pytest.param(date(2026, 3, 29), 23, id="an hour is missing"),
        pytest.param(date(2026, 10, 25), 25, id="an hour comes twice"),
    ],
)
def test_a_day_goes_from_midnight_to_midnight(day: date, hours: int) -> None:
    assert span_of_day(day, BERLIN).length_s == hours * 3600


def test_days_have_their_english_names() -> None:
    assert day_words(date(2026, 11, 20)) == "Friday, 20 November 2026"


def test_the_page_asks_nobody_for_anything(records: LookingBack) -> None:
    records.seconds.add(CameraRow("a", "Kitchen"), _minutes(0, 3))
    html = _report(records)
    own = html.replace(html.partition("<script>")[2].partition("</script>")[0], "", 1)
    assert html.count('class="chart"') == 2
    assert len(own) < 200_000
    assert not re.search(r"""(src|href|url\()\s*=?\s*["']?(https?:)?//""", own)
    assert "@import" not in own
