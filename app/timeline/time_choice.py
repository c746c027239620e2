"""Above the chart: which time is shown, the ways back, and the pause."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

import streamlit as st

from app.timeline.choice import LONGEST, Choice, Range, closer, wider
from app.timeline.opened import PAUSED, can_go_back, go_back, open_choice
from app.timeline.time_axis import clock_axis
from app.timeline.words import RANGES
from core.timeline.span import Span

_FROM, _TO = "timeline-from", "timeline-to"


def choose_time(choice: Choice, span: Span, now_utc: datetime, zone: tzinfo | None) -> None:
    """The ranges that end now, and any other time."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # Trap: whatever the browser reports next may still have the value that was shown before,
        # which would count as chosen. So each choice has a widget of its own, which no one writes.
        key = f"timeline-range-{choice.time}"
        st.segmented_control(
            "Time",
            list(RANGES),
            default=choice.time if choice.time in RANGES else None,
            format_func=RANGES.__getitem__,
            key=key,
            on_change=_use_range,
            args=(choice, key),
            label_visibility="collapsed",
            wrap=True,
        )
        with st.popover("Other time", icon=":material/calendar_month:"):
            _other_time(choice, span, now_utc, zone)


def move_around(choice: Choice, span: Span, now_utc: datetime, *, moves: bool) -> None:
    """Back, out, and the pause.

    Args:
        choice: that is shown.
        span: which it means now.
        now_utc: beyond which nothing is shown.
        moves: whether something is being recorded that the chart would show.
    """
    st.button("Back", icon=":material/arrow_back:", disabled=not can_go_back(), on_click=go_back)
    st.button(
        "Zoom out",
        icon=":material/zoom_out:",
        on_click=lambda: open_choice(wider(choice, span, now_utc), choice),
    )
    st.toggle(
        "Pause",
        key=PAUSED,
        disabled=not moves,
        help="While something is being recorded, what is shown extends by itself.",
    )


def _use_range(choice: Choice, key: str) -> None:
    chosen: Range | None = st.session_state[key]
    if chosen is not None:
        open_choice(Choice(chosen, choice.sessions), choice)


def _other_time(choice: Choice, span: Span, now_utc: datetime, zone: tzinfo | None) -> None:
    axis = clock_axis(Span(now_utc - LONGEST, now_utc), zone)
    ends = {
        _FROM: ("From", axis.at(span.since_utc)),
        _TO: ("To", axis.at(span.until_utc) + timedelta(minutes=1)),
    }
    first, last = axis.at(now_utc - LONGEST), axis.at(now_utc) + timedelta(days=1)
    since, until = (
        st.datetime_input(
            title,
            value=min(max(at.replace(second=0, microsecond=0), first), last),
            min_value=first,
            max_value=last,
            step=timedelta(minutes=1),
            format="DD/MM/YYYY",
            key=f"{key}-{at:%Y%m%d%H%M}",
        )
        for key, (title, at) in ends.items()
    )
    if since is None or until is None or since >= until:
        st.caption("The time has to end after it begins.")
    elif st.button("Show this time", type="primary", key="timeline-other"):
        begin_utc, end_utc = (axis.utc(at.isoformat(" ")) for at in (since, until))
        open_choice(closer(choice, begin_utc, end_utc), choice)
        st.rerun()
