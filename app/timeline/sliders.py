"""Sliders over a span of time, on the reader's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import streamlit as st

from app.timeline.time_axis import clock_axis
from core.timeline.grain import width_for
from core.timeline.span import Span

_MOST_STEPS = 500


def span_while_open(popover: str, span: Span) -> Span:
    """What was shown when a popover was opened, until it is closed.

    What is shown goes on moving, and a slider whose ends move forgets what was chosen.

    Args:
        popover: its key; it runs the page again when it opens.
        span: that is shown now.
    """
    key = f"{popover}-span"
    if not st.session_state.get(popover):
        st.session_state.pop(key, None)
        return span
    kept: Span = st.session_state.setdefault(key, span)
    return kept


def moment_slider(
    label: str, span: Span, zone: tzinfo | None, value_utc: datetime, key: str
) -> datetime:
    """One moment of the span."""
    axis = clock_axis(span, zone)
    at = st.slider(
        label,
        min_value=axis.at(span.since_utc),
        max_value=axis.at(span.until_utc),
        value=axis.at(value_utc),
        step=_step(span),
        format=_format(span),
        key=key,
    )
    return (at - axis.shift).replace(tzinfo=UTC)


def span_slider(label: str, span: Span, zone: tzinfo | None, key: str) -> Span:
    """A part of the span; the whole of it at first."""
    axis = clock_axis(span, zone)
    first, last = axis.at(span.since_utc), axis.at(span.until_utc)
    since, until = st.slider(
        label, first, last, (first, last), step=_step(span), format=_format(span), key=key
    )
    if since >= until:
        return span
    return Span(*((at - axis.shift).replace(tzinfo=UTC) for at in (since, until)))


def _step(span: Span) -> timedelta:
    return timedelta(seconds=width_for(span, _MOST_STEPS))


def _format(span: Span) -> str:
    if span.length_s <= 86400:
        return "HH:mm:ss" if span.length_s <= 2 * 3600 else "HH:mm"
    return "D MMM, HH:mm" if span.length_s <= 60 * 86400 else "D MMM YYYY"
