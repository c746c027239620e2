from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import plotly.graph_objects as go
import pytest

from app.palette import ALERT_HEX, swatch
from app.timeline.charts import (
    Mark,
    audience_figure,
    changes_figure,
    compare_figure,
    distribution_figure,
    heat_figure,
    timeline_figure,
    valence_figure,
)
from app.timeline.looks import colour_of, hex_of, in_order
from core.expression.labels import FER7
from core.timeline.adding import coarser, joined, over_sessions
from core.timeline.audience import audience
from core.timeline.changes import changes_between
from core.timeline.distribution import distribution
from core.timeline.grain import MOST_PIECES
from core.timeline.heat import SECONDS, VALENCE, heat
from core.timeline.lanes import lanes
from core.timeline.reading_tally import tally_of_columns
from core.timeline.span import Span
from core.timeline.tally import Tally, empty
from tests.support.tallies import looking

SINCE_UTC = datetime(2026, 1, 1, 12, tzinfo=UTC)
SINCE_S = int(SINCE_UTC.timestamp())
MINUTE = Span(SINCE_UTC, SINCE_UTC + timedelta(minutes=1))
VIENNA = ZoneInfo("Europe/Vienna")


def seen(looks: str, track: int = 1, **rest: Any) -> Tally:
    return looking(looks, track, first_s=SINCE_S, **rest)


def timeline(tally: Tally, *marks: Mark, most: int = 5, **rest: Any) -> go.Figure:
    return timeline_figure(over_sessions(tally), lanes(tally, most), marks, MINUTE, VIENNA, **rest)


def areas(figure: go.Figure) -> dict[str, go.Scatter]:
    return {
        trace.name: trace for trace in figure.select_traces({"type": "scatter"}) if trace.stackgroup
    }


def strips(figure: go.Figure) -> list[go.Heatmap]:
    return [trace for trace in figure.data if trace.type == "heatmap"]


def words_above(figure: go.Figure) -> str:
    return " | ".join(note.text for note in figure.layout.annotations)


def values_sent(figure: go.Figure) -> int:
    return sum(
        np.size(getattr(trace, name))
        for trace in figure.data
        for name in ("x", "y", "z", "text", "customdata")
        if getattr(trace, name, None) is not None
    )


def test_areas_add_up_and_leave_a_gap_where_nobody_was() -> None:
    layers = areas(timeline(seen("hh   s")))
    total = np.sum([layer.y for layer in layers.values()], axis=0)
    assert total == pytest.approx([100, 100, np.nan, np.nan, np.nan, 100], nan_ok=True)
    assert list(layers) == [swatch(label).title for label in ("happy", "neutral", "sad")]
    for label in ("happy", "neutral", "sad"):
        assert layers[swatch(label).title].fillcolor == swatch(label).colour_hex


def test_hovering_tells_all_layers_of_a_moment_and_nothing_in_a_gap() -> None:
    told = next(trace for trace in timeline(seen("h s")).data if trace.customdata is not None)
    assert np.asarray(told.customdata)[[0, 2]].tolist() == [[75, 12, 12], [12, 12, 75]]
    assert np.isnan(told.y[1])
    for column, label in enumerate(("happy", "neutral", "sad")):
        assert f"{swatch(label).title} %{{customdata[{column}]}}%" in told.hovertemplate


def test_strips_show_each_person_in_the_colour_of_the_likeliest() -> None:
    everybody, people = strips(timeline(joined([seen("hh?"), seen(" sn", track=4)])))
    colours = [colour for _, colour in people.colorscale[::2]]
    shown = [[None if np.isnan(code) else colours[int(code)] for code in row] for row in people.z]
    assert shown == [
        [colour_of("happy"), colour_of("happy"), colour_of("not sure")],
        [None, colour_of("sad"), colour_of("neutral")],
    ]
    assert people.text.tolist() == [["Happy", "Happy", "Not sure"], ["", "Sad", "Neutral"]]
    assert people.hoverongaps is False
    assert np.shape(everybody.z) == (1, 3)


def test_the_pieces_of_a_colour_scale_meet_their_numbers() -> None:
    strip = strips(timeline(seen("hsn?")))[0]
    count = len(strip.colorscale) // 2
    assert (strip.zmin, strip.zmax) == (-0.5, count - 0.5)
    for code in range(count):
        place = (code - strip.zmin) / (strip.zmax - strip.zmin)
        assert strip.colorscale[2 * code][0] < place < strip.colorscale[2 * code + 1][0]


@pytest.mark.parametrize(
    ("people", "lanes_drawn", "words"),
    [(1, 0, ""), (2, 2, "Each person"), (4, 3, "1 more")],
    ids=["alone", "two", "more-than-are-drawn"],
)
def test_lanes_are_for_several(people: int, lanes_drawn: int, words: str) -> None:
    tally = joined([seen("h" * (9 - track), track=track) for track in range(1, people + 1)])
    figure = timeline(tally, most=3)
    assert sum(len(strip.y) for strip in strips(figure)) == 1 + lanes_drawn
    assert words in words_above(figure)


def test_pain_has_a_line_where_the_alert_model_ran() -> None:
    assert "Pain" not in words_above(timeline(seen("hhh")))
    tally = coarser(seen("nnnnn", pain={0: 0.25, 1: 0.75, 4: 0.5}), 2)
    figure = timeline(tally)
    assert "Pain" in words_above(figure)
    lines = {trace.name: trace for trace in figure.data if trace.name in {"Mean", "Peak"}}
    assert lines["Mean"].y.tolist() == pytest.approx([50, np.nan, 50], nan_ok=True)
    assert lines["Peak"].y.tolist() == pytest.approx([75, np.nan, 50], nan_ok=True)
    assert list(lines["Mean"].marker.size) == [5, 0, 5]  # no line leads to them


def test_times_are_the_readers_and_cost_nothing() -> None:
    for trace in timeline(seen("hs", pain={0: 0.5})).data:
        if trace.name != "? Not sure":
            assert trace.x is None
            assert trace.dx == 1000
            assert str(trace.x0).startswith("2026-01-01 13:00:00.5")


def test_of_a_video_the_axis_shows_elapsed_time() -> None:
    figure = timeline(seen("hs"), elapsed_from_utc=SINCE_UTC)
    assert figure.layout.xaxis.tickformat == "%-M:%S"
    assert "00:00:00.5" in str(figure.data[0].x0)


ALERT = Mark(SINCE_UTC + timedelta(seconds=20), "alert", "Alert 7: Pain", 7)
NOTE = Mark(SINCE_UTC + timedelta(seconds=40), "note", "<b>Tea</b>", 3)


def test_marks_can_be_told_when_clicked() -> None:
    marks = {t.customdata[0][0]: t for t in timeline(seen("h"), ALERT, NOTE).data[:2]}
    assert list(marks["alert"].customdata[0]) == ["alert", 7]
    assert list(marks["note"].customdata[0]) == ["note", 3]
    assert marks["note"].hovertext == ("&lt;b&gt;Tea&lt;/b&gt;",)
    assert marks["alert"].x[0] == datetime(2026, 1, 1, 13, 0, 20)


def test_red_is_for_alerts_alone() -> None:
    tally = joined([seen("hsn?", pain={0: 1.0}), seen("ss", track=2)])
    assert ALERT_HEX not in timeline(tally, NOTE).to_json()
    assert ALERT_HEX in timeline(tally, ALERT).to_json()


def test_marks_stand_alone_where_nobody_was_seen() -> None:
    figure = timeline(empty(1), NOTE)
    assert len(figure.data) == 1
    assert figure.layout.xaxis.range[0] == datetime(2026, 1, 1, 13)


def test_bands_lie_below_each_other_and_all_show() -> None:
    figure = timeline(joined([seen("hs", pain={0: 0.5}), seen("n", track=2)]), NOTE)
    places = [axis.domain for axis in figure.select_yaxes()]
    assert len(places) == 6
    assert all(upper[0] > lower[1] for upper, lower in pairwise(places))
    assert all(0 <= low < high <= 1 for low, high in places)
    assert places[-1][0] == 0


@pytest.mark.parametrize("drag", [True, False], ids=["mouse", "finger"])
def test_dragging_chooses_a_time_where_a_mouse_can(drag: bool) -> None:
    figure = timeline(seen("h"), drag=drag)
    assert figure.layout.dragmode == ("select" if drag else False)
    assert figure.layout.selectdirection == "h"
    assert all(axis.fixedrange for axis in [*figure.select_xaxes(), *figure.select_yaxes()])


def test_more_people_make_it_higher_and_nothing_else_does() -> None:
    one, two, other = seen("hs"), seen("nn", track=2), seen("ss?n", track=2)
    assert timeline(one).layout.height < timeline(joined([one, two])).layout.height
    assert (
        timeline(joined([one, two])).layout.height == timeline(joined([one, other])).layout.height
    )


def many(pieces: int, people: int) -> Tally:
    rng = np.random.default_rng(3)
    count = pieces * people
    probabilities = rng.dirichlet(np.ones(len(FER7)), count)
    return tally_of_columns(
        FER7,
        np.ones(count),
        np.repeat(np.arange(people) + 1, pieces),
        np.tile(np.arange(pieces) + SINCE_S, people),
        probabilities,
        rng.random(count),
        0.3,
    )


def test_no_more_than_some_thousand_values_go_to_the_browser() -> None:
    figure = timeline(many(MOST_PIECES, people=6), most=4)
    # areas and what they tell, pain and its peaks, valence, strips and their words
    assert values_sent(figure) <= MOST_PIECES * (2 * len(FER7) + 1 + 3 + 2 * (1 + 4)) + 100
    assert len(figure.to_json()) < 250_000


def test_two_minutes_are_small() -> None:
    assert len(timeline(many(120, people=1)).to_json()) < 30_000


def test_distribution_tells_share_and_time_in_the_order_of_the_legend() -> None:
    (bar,) = distribution_figure(distribution(seen("hhh?n" + "h" * 115))).data
    assert list(bar.y) == ["● Happy", "– Neutral", "■ Sad", "? Not sure"]
    assert list(bar.text) == ["98%, 1 min 58 s", "1%, 1 s", "–", "1%, 1 s"]
    assert list(bar.marker.color) == [
        hex_of(look) for look in ("happy", "neutral", "sad", "not sure")
    ]


def test_changes_leave_out_what_took_no_part() -> None:
    field, *numbers = changes_figure(changes_between(seen("hnhnhh?h"))).data
    assert list(field.x) == ["● Happy", "– Neutral", "? Not sure"]
    assert np.asarray(field.z)[0].tolist() == pytest.approx([np.nan, 200 / 3, 100 / 3], nan_ok=True)
    assert np.asarray(field.customdata)[0].tolist() == [0, 2, 1]
    told = {
        (y, x): text
        for trace in numbers
        for y, x, text in zip(trace.y, trace.x, trace.text, strict=True)
    }
    assert told["● Happy", "– Neutral"] == "67%"
    assert len(told) == 4


def test_without_changes_there_is_an_empty_field() -> None:
    assert len(changes_figure(changes_between(seen("hhh"))).data[0].x) == 0


@pytest.mark.parametrize("what", ["happy", "not sure", VALENCE, SECONDS])
@pytest.mark.parametrize("looks", ["", "hhs" * 40], ids=["nobody", "somebody"])
def test_heat_map_says_where_too_little_was_seen(what: str, looks: str) -> None:
    little, shown = heat_figure(heat(seen(looks), UTC, what)).data
    assert (np.isnan(little.z) == np.isfinite(shown.z)).all()
    assert np.isfinite(shown.z).sum() == (1 if looks else 0)
    assert shown.y[0] == "Mon"


def test_heat_map_goes_from_pale_to_the_expressions_colour() -> None:
    tally = seen("hhs" * 40)
    assert (
        heat_figure(heat(tally, UTC, "happy")).data[1].colorscale[-1][1] == "rgba(196, 137, 0, 1)"
    )
    low, middle, high = (
        colour for _, colour in heat_figure(heat(tally, UTC, VALENCE)).data[1].colorscale
    )
    assert len({low, middle, high}) == 3
    shown = heat_figure(heat(tally, UTC, VALENCE)).data[1]
    assert shown.zmin == -shown.zmax


def test_valence_of_several_is_their_mean() -> None:
    (line,) = valence_figure(joined([seen("h"), seen("s", track=2)]), MINUTE, UTC).data
    assert line.y.tolist() == [0]


def test_sessions_are_compared_from_their_beginnings() -> None:
    early, late = looking("hhhs", first_s=100), looking("nn", session=2, first_s=90_000)
    figure = compare_figure(["Kitchen", "Room <4>"], [early, late])
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert sum(bar.x[0] for bar in bars if bar.yaxis == "y") == 100
    assert {bar.name: bar.x[0] for bar in bars if bar.yaxis == "y2"}["– Neutral"] == 100
    lines = [trace for trace in figure.data if trace.type == "scatter"]
    assert lines[0].x0 == lines[1].x0
    assert len({(line.line.color, line.line.dash) for line in lines}) == 2
    assert "Room &lt;4&gt;" in words_above(figure)


def test_each_expression_stands_in_the_legend_once() -> None:
    other = tally_of_columns(("happy", "contempt"), [2], [1], [0], [[0.2, 0.8]], [np.nan], 0.5)
    bars = compare_figure(["One", "Other"], [looking("hs"), other]).select_traces({"type": "bar"})
    named = [bar.name for bar in bars if bar.showlegend]
    assert sorted(named) == sorted(set(named))
    assert swatch("contempt").title in named


def test_a_session_without_anybody_has_an_empty_bar() -> None:
    figure = compare_figure(["Seen", "Empty"], [looking("hh"), empty(1, ("happy",))])
    assert sum(trace.type == "scatter" for trace in figure.data) == 1


def test_the_audience_stands_as_high_as_there_are_faces() -> None:
    hall = joined([seen("nhh"), seen("hh ", track=2), seen("nh", track=3)])
    figure = audience_figure(audience(hall), "happy", MINUTE, UTC)
    assert np.sum([layer.y for layer in areas(figure).values()], axis=0).tolist() == [3, 3, 1]
    assert "3 of 3 look happy" in words_above(figure)


def test_an_audience_that_never_looked_so_has_no_such_moment() -> None:
    assert "happy" not in words_above(audience_figure(audience(seen("n")), "happy", MINUTE, UTC))


def test_an_empty_hall_can_be_drawn() -> None:
    assert not audience_figure(audience(empty(1, ("happy",))), "happy", MINUTE, UTC).data


def test_where_the_clocks_change_the_chart_says_so() -> None:
    night = Span(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC))
    tally = looking("h", first_s=int(night.since_utc.timestamp()))
    assert "clocks change" in words_above(valence_figure(tally, night, VIENNA))


def test_expressions_go_from_pleasant_to_unpleasant_with_not_sure_last() -> None:
    shown = in_order((*FER7, "not sure", "pain", "wonder"))
    assert shown[0] == "happy"
    assert shown[-3:] == ["pain", "wonder", "not sure"]
    assert sorted(shown) == sorted((*FER7, "not sure", "pain", "wonder"))


def test_what_is_sent_is_sound_json() -> None:
    figure = timeline(seen("h s", pain={0: 0.5}), ALERT)
    assert "NaN" not in figure.to_json()
    json.loads(figure.to_json())
