"""Below the chart: what else can be told of the same time. Only what is open is worked out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

import plotly.graph_objects as go
import streamlit as st

from app.alerts.when import lasting
from app.charts import CHART_CONFIG
from app.composition import looking_back
from app.timeline.away import said_if_away
from app.timeline.charts import (
    changes_figure,
    compare_figure,
    distribution_figure,
    heat_figure,
    valence_figure,
)
from app.timeline.choice import Choice
from app.timeline.day_report import show_day_report
from app.timeline.keeping import show_keeping
from app.timeline.looks import in_order, word_of
from app.timeline.moving import shown_view
from app.timeline.session_list import MOST_OFFERED, list_sessions
from app.timeline.taking import show_tables
from app.timeline.touch import with_room_for_buttons
from app.timeline.view import View
from app.timeline.words import HOW_SURE, session_words
from app.words import plain
from core.clock import SystemClock
from core.records.session import SessionSource
from core.timeline.changes import changes_between
from core.timeline.distribution import distribution
from core.timeline.grain import width_for
from core.timeline.heat import SECONDS, VALENCE, heat
from core.timeline.span import Span
from core.timeline.tally import HOUR_S

LEAST_FOR_WEEK_S = 86400
MOST_COMPARED = 4
_COMPARE_PIECES = 400

NOBODY = "Nobody was read in this time."


def show_details(choice: Choice, zone: tzinfo | None, every_s: float | None) -> None:
    """In a fragment of its own, which refreshes so often; None for not at all."""
    st.fragment(_details, run_every=every_s)(choice, zone)


def _details(choice: Choice, zone: tzinfo | None) -> None:
    titles = (*_CHARTS, _SESSIONS, _AWAY, _KEPT)
    tabs = st.tabs(titles, key="timeline-details", on_change="rerun")
    view = shown_view()
    for title, tab in zip(titles, tabs, strict=True):
        if not tab.open:
            continue
        with tab, said_if_away():
            if title == _SESSIONS:
                list_sessions(choice, SystemClock().now_utc(), zone)
            elif title == _AWAY:
                _take_away(view, zone)
            elif title == _KEPT:
                show_keeping()
            elif view is None or not view.seconds:
                st.caption(NOBODY)
            else:
                _CHARTS[title](view, zone)


def _distribution(view: View, zone: tzinfo | None) -> None:
    _show(distribution_figure(distribution(view.everybody)), "distribution", "How long each lasted")
    st.caption(
        "For how long each expression was the likeliest; with several people, all of their time. "
        f"“Not sure” is where none reached the confidence that was set. {HOW_SURE}"
    )


def _changes(view: View, zone: tzinfo | None) -> None:
    found = changes_between(view.tally)
    if not found.counts.any():
        st.caption("No face went from one expression to another in this time.")
        return
    _show(changes_figure(found), "changes", "What each expression went over to")
    st.caption(
        "From the expression on the left to the one above: what came next, out of all that "
        "followed. Only changes from one second to the next in the same face. Many are the "
        f"model's own hesitation. {HOW_SURE}"
    )


def _week(view: View, zone: tzinfo | None) -> None:
    what = st.selectbox(
        "What",
        [SECONDS, VALENCE, *in_order(view.tally.looks)],
        format_func=_heat_words,
        key="timeline-heat",
        persist_state="session",
        width=320,
    )
    tally = view.tally
    if tally.width_s > HOUR_S:
        only = [session.id for session in view.sessions] or None
        tally = looking_back().timeline.tally(view.span, HOUR_S, only)
    _show(heat_figure(heat(tally, zone, what)), "week", "By hour of the day and weekday")
    little = view.span.length_s < LEAST_FOR_WEEK_S
    st.caption(
        ("This takes days to tell something: choose 7 days or more above. " if little else "")
        + "By the clock of your time zone; a field needs a minute of faces before it is coloured. "
        + HOW_SURE
    )


def _valence(view: View, zone: tzinfo | None) -> None:
    _show(valence_figure(view.tally, view.span, zone), "valence", "Valence over time")
    st.caption(
        "The mean probability of happy less that of angry, disgust, fear, sad and pain together: "
        "+1 would be all smiles, −1 none. A measure of our own for how pleasant faces looked, not "
        f"of how well people were. {HOW_SURE}"
    )


def _compare(view: View, zone: tzinfo | None) -> None:
    timeline, store = looking_back().timeline, looking_back().sessions
    shown = view.sessions or store.list(view.span, SessionSource.CAMERA)
    offered = {session.id: session for session in (*shown, *store.list(limit=MOST_OFFERED))}
    first = [session.id for session in shown][:2]
    now_utc = SystemClock().now_utc()
    chosen = st.multiselect(
        "Sessions to compare",
        list(offered),
        default=first,
        max_selections=MOST_COMPARED,
        format_func=lambda id_: session_words(offered[id_], now_utc, zone),
        key=f"timeline-compare-{'-'.join(map(str, first))}",
        select_all=False,
    )
    if len(chosen) < 2:
        st.caption("Choose two to four sessions, to see them side by side.")
        return
    tallies = []
    for id_ in chosen:
        session = offered[id_]
        span = Span(session.began_utc, session.last_utc)
        tallies.append(timeline.tally(span, width_for(span, _COMPARE_PIECES), [id_]))
    if not any(len(tally) for tally in tallies):
        st.caption("In none of these sessions was a face read.")
        return
    titles = [session_words(offered[id_], now_utc, zone) for id_ in chosen]
    _show(compare_figure(titles, tallies), "compare", "Sessions side by side")
    read_for = [
        f"{offered[id_].title}: faces read for {lasting(int(tally.seconds.sum()))}."
        for id_, tally in zip(chosen, tallies, strict=True)
    ]
    st.caption(plain(f"{' '.join(read_for)} {HOW_SURE}"))


def _take_away(view: View | None, zone: tzinfo | None) -> None:
    st.markdown("**What is shown, as a table**")
    if view is None or not view.seconds:
        st.caption(NOBODY)
    elif view.is_faded:
        st.caption("Single readings of this time are no longer kept, only their sums per minute.")
    else:
        show_tables(view.span, [session.id for session in view.sessions], view.seconds)
    st.markdown("**A day on paper**")
    show_day_report(zone)


def _heat_words(what: str) -> str:
    return {SECONDS: "Time seen", VALENCE: "Valence"}.get(what, word_of(what))


def _show(figure: go.Figure, key: str, alt: str) -> None:
    shown = with_room_for_buttons(figure)
    st.plotly_chart(shown, key=f"timeline-{key}", config=CHART_CONFIG, alt=alt)


_SESSIONS, _AWAY, _KEPT = "Sessions", "Take away", "What is kept"
_CHARTS: dict[str, Callable[[View, tzinfo | None], None]] = {
    "How long": _distribution,
    "Changes": _changes,
    "Hours and days": _week,
    "Valence": _valence,
    "Compare": _compare,
}
