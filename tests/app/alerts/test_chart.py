from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.alerts.chart import episode_chart, live_score_html
from app.palette import ALERT_HEX
from core.alerts.change import ScorePoint
from tests.support.episodes import FIRED_UTC, why_pain

VIENNA = ZoneInfo("Europe/Vienna")


def test_both_lines_and_the_time_that_counted_stand_in_the_readers_time() -> None:
    figure = episode_chart(why_pain(), FIRED_UTC, VIENNA)
    fired = FIRED_UTC.astimezone(VIENNA).replace(tzinfo=None)
    shaded = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (shaded.x0, shaded.x1) == (fired - timedelta(seconds=5), fired)
    assert shaded.fillcolor == ALERT_HEX
    levels = [s.y0 for s in figure.layout.shapes if s.type == "line" and s.y0 == s.y1]
    assert levels == pytest.approx([50, 30])
    assert figure.data[0].x[-1] == fired


def test_a_gap_in_the_scores_breaks_the_line() -> None:
    why = why_pain(calm_s=20)
    with_gap = replace(why, trail=(*why.trail[:8], *why.trail[14:]))
    assert list(episode_chart(with_gap, FIRED_UTC, None).data[0].y).count(None) == 1
    assert None not in list(episode_chart(why, FIRED_UTC, None).data[0].y)


def test_an_episode_of_another_rule_has_no_lines() -> None:
    why = replace(why_pain(), enter=None, exit=None, dwell_began_utc=None)
    (fired,) = episode_chart(why, FIRED_UTC, None).layout.shapes
    assert fired.x0 == fired.x1


def test_a_single_score_is_a_point() -> None:
    why = replace(why_pain(), trail=(ScorePoint(0, FIRED_UTC, 0.7),))
    assert episode_chart(why, FIRED_UTC, None).data[0].mode == "markers"


def test_the_live_score_breaks_where_nothing_was_read() -> None:
    shown = live_score_html([(20, 0.1), (19, 0.2), (9, 0.5), (8, 0.6)], 0.5, 0.3, "Pain 60%")
    assert shown.count("clip-path") == 2
    assert "polygon(83.3% 100.0%,83.3% 90.0%,84.2% 80.0%,84.2% 100.0%)" in shown
    assert "upper line 50%" in shown
    assert "lower line 30%" in shown


def test_a_single_live_score_can_be_seen() -> None:
    assert "polygon(75.0% 100.0%,75.0% 60.0%,75.8% 60.0%" in live_score_html(
        [(30, 0.4)], None, None, ""
    )


def test_what_the_live_score_says_is_no_html() -> None:
    assert '"><script>' not in live_score_html([], None, None, '"><script>')
