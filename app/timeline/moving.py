"""The chart and what stands around it, which extend by themselves while something is recorded."""

from __future__ import annotations

from datetime import datetime, tzinfo

import streamlit as st

from app.alerts.when import day_and_clock
from app.charts import CHART_CONFIG
from app.composition import PAGES_ROOT, looking_back
from app.timeline.away import said_if_away
from app.timeline.choice import Choice, Range, closer, smallest_range, span_of
from app.timeline.mark import Mark
from app.timeline.marks import ALERT
from app.timeline.opened import open_choice, open_note
from app.timeline.session_list import sessions_words
from app.timeline.sliders import span_slider, span_while_open
from app.timeline.time_axis import clock_axis, picked_span
from app.timeline.touch import follow_pointer, is_held, is_phone, with_room_for_buttons
from app.timeline.view import View, build_view
from app.timeline.words import chart_words, marks_words, seen_words, span_words
from app.words import counted, plain
from core.clock import SystemClock
from core.timeline.span import Span

_PLACE, _CHART = "timeline-place", "timeline-chart"
_SHOWN, _LEAVES, _OPEN = "timeline-shown", "timeline-leaves", "timeline-closer"
_MOST_LISTED = 20

_PLACE_STYLE = f"<style>.st-key-{_PLACE} {{ min-height: 20rem }}</style>"


def show_chart(choice: Choice, zone: tzinfo | None, every_s: float | None) -> None:
    """In a fragment of its own, which refreshes so often; None for not at all."""
    st.fragment(_moving, run_every=every_s)(choice, zone, moves=every_s is not None)


def shown_view() -> View | None:
    """What the chart shows now, for all that stands below it."""
    shown = st.session_state.get(_SHOWN)
    return None if shown is None else shown[1]


def _moving(choice: Choice, zone: tzinfo | None, *, moves: bool) -> None:
    _leave()
    with said_if_away():
        _show(choice, zone, moves=moves)


def _show(choice: Choice, zone: tzinfo | None, *, moves: bool) -> None:
    now_utc = SystemClock().now_utc()
    view = _view(choice, zone, now_utc)
    whose = sessions_words(view.sessions)
    st.markdown(f"**{plain(_title(view.span, now_utc, zone))}** · {plain(whose)}")
    with st.container(key=_PLACE):
        if view.figure is None:
            _nothing(choice, view, now_utc, zone)
        else:
            st.html(_PLACE_STYLE)
            st.caption(plain(seen_words(view)))
            _chart(choice, view, zone)
    # its script looks for the chart, so it stands below
    follow_pointer(_PLACE, _open_mark, moves=moves and not is_phone())
    if view.figure is not None:
        st.caption(plain(chart_words(view, drags=not is_phone())))
        if is_phone():
            _choose_part(choice, view, zone)
        if view.marks:
            _list_marks(view.marks, now_utc, zone)


def _view(choice: Choice, zone: tzinfo | None, now_utc: datetime) -> View:
    """The one that is shown already, as long as somebody's pointer is on it."""
    shown: tuple[Choice, View] | None = st.session_state.get(_SHOWN)
    if shown is not None and shown[0] == choice and is_held():
        return shown[1]
    records = looking_back()
    kept = (records.sessions.one(id_) for id_ in choice.sessions)
    sessions = [session for session in kept if session is not None]
    span = span_of(choice, now_utc, zone, sessions)
    view = build_view(records, span, sessions, zone, drag=not is_phone())
    if view.figure is not None:
        with_room_for_buttons(view.figure)
    st.session_state[_SHOWN] = choice, view
    return view


def _chart(choice: Choice, view: View, zone: tzinfo | None) -> None:
    words = f"{seen_words(view)}, {span_words(view.span, SystemClock().now_utc(), zone)}"
    if is_phone():
        st.plotly_chart(view.figure, key=_CHART, config=CHART_CONFIG, alt=words)
        return

    # Trap: a new figure is a new widget, whose selection is empty. Only a callback, which runs
    # before the chart is drawn again, still sees what was dragged.
    def dragged() -> None:
        boxes = st.session_state[_CHART]["selection"]["box"]
        span = picked_span(clock_axis(view.span, zone), boxes)
        if span is not None:
            _zoom(choice, span)

    st.plotly_chart(
        view.figure,
        key=_CHART,
        config=CHART_CONFIG,
        alt=words,
        on_select=dragged,
        selection_mode=("box",),
    )


def _choose_part(choice: Choice, view: View, zone: tzinfo | None) -> None:
    """Instead of dragging, where a finger scrolls the page."""
    with st.popover("Look closer", icon=":material/zoom_in:", key=_OPEN, on_change="rerun"):
        span = span_while_open(_OPEN, view.span)
        part = span_slider("Part of this time", span, zone, "timeline-part")
        wants = st.button(
            "Show this part", type="primary", disabled=part == span, key="timeline-part-show"
        )
        if not wants:
            return
    st.session_state.pop(_OPEN)
    _zoom(choice, part)
    st.rerun()


def _zoom(choice: Choice, span: Span) -> None:
    open_choice(closer(choice, span.since_utc, span.until_utc), choice)
    st.session_state[_LEAVES] = "zoom"


def _open_mark(kind: str, number: int) -> None:
    if kind == ALERT:
        st.session_state[_LEAVES] = number
    else:
        open_note(number)
        st.session_state[_LEAVES] = "note"


def _leave() -> None:
    """What a callback of this fragment asked for and only the whole page can do."""
    leaves = st.session_state.pop(_LEAVES, None)
    if isinstance(leaves, int):
        st.switch_page(PAGES_ROOT / "alerts.py", query_params={"alert": str(leaves)})
    elif leaves is not None:
        st.rerun()


def _list_marks(marks: tuple[Mark, ...], now_utc: datetime, zone: tzinfo | None) -> None:
    """The same as in the chart, for keyboards and screen readers."""
    alerts = sum(mark.kind == ALERT for mark in marks)
    title = marks_words(alerts, len(marks) - alerts)
    with st.expander(f"{title[:1].upper()}{title[1:]} in this time", key="timeline-marks"):
        for mark in reversed(marks[-_MOST_LISTED:]):
            icon = "notifications" if mark.kind == ALERT else "sticky_note_2"
            when = day_and_clock(mark.at_utc, now_utc, zone)
            st.button(
                f"{when[:1].upper()}{when[1:]} · {plain(mark.text)}",
                icon=f":material/{icon}:",
                type="tertiary",
                key=f"timeline-mark-{mark.kind}-{mark.ref}",
                on_click=_open_mark,
                args=(mark.kind, mark.ref),
            )
        if len(marks) > _MOST_LISTED:
            st.caption(f"{counted(len(marks) - _MOST_LISTED, 'earlier one')}: look closer.")


def _nothing(choice: Choice, view: View, now_utc: datetime, zone: tzinfo | None) -> None:
    """Why there is no chart, and where there would be one."""
    records = looking_back()
    with st.container(border=True):
        if view.sessions:
            st.markdown("**Nothing of what you chose lies in this time.**")
            goal, label = Choice(Range.SESSION, choice.sessions), "Show all of it"
        else:
            on = records.sessions.list(view.span, limit=1)
            why = "A camera was on, but no face could be read." if on else "No camera was on."
            st.markdown(f"**Nobody was seen in this time.** {why}")
            extent = records.timeline.extent()
            if extent is None:
                st.caption("No camera was read yet. Videos that you kept stand under Sessions.")
                return
            goal = Choice(smallest_range(extent.until_utc, now_utc))
            last = day_and_clock(extent.until_utc, now_utc, zone)
            label = f"Show the last recording, {last}"
        if goal != choice and st.button(label, key="timeline-go"):
            open_choice(goal, choice)
            st.rerun()


def _title(span: Span, now_utc: datetime, zone: tzinfo | None) -> str:
    words = span_words(span, now_utc, zone)
    return words[:1].upper() + words[1:]
