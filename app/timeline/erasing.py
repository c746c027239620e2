"""Erasing a session or a time: what goes is counted first, and asked once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import streamlit as st

from app.alerts.when import lasting
from app.composition import looking_back
from app.exports import discard_all
from app.timeline.words import session_words, span_words
from app.words import counted, plain
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.erased import Erased
from core.timeline.span import Span

_SESSION, _TIME = "A session", "A time"
_ASKED, _DONE, _NOW = "erasing-asked", "erasing-done", "erasing-now"
_MOST_SESSIONS = 500


def show_erasing(zone: tzinfo | None) -> None:
    """What to erase, and a button that asks once more."""
    if (done := st.session_state.pop(_DONE, None)) is not None:
        st.success(plain(done), icon=":material/check:")
    what = st.segmented_control(
        "What to erase",
        [_SESSION, _TIME],
        default=_SESSION,
        required=True,
        key="erasing-what",
        label_visibility="collapsed",
    )
    chosen = _session(zone) if what == _SESSION else _span(zone)
    asks = st.button("Erase …", icon=":material/delete:", disabled=not chosen, key="erasing-ask")
    if asks:
        st.session_state[_ASKED] = chosen
    if (asked := st.session_state.get(_ASKED)) is not None:
        st.dialog("Erase for good?", on_dismiss=_forget)(_confirm)(*asked)


def _session(zone: tzinfo | None) -> tuple[int, str] | None:
    now_utc = SystemClock().now_utc()
    sessions = {s.id: s for s in looking_back().sessions.list(limit=_MOST_SESSIONS)}
    id_ = st.selectbox(
        "Session",
        list(sessions),
        index=None,
        format_func=lambda id_: session_words(sessions[id_], now_utc, zone),
        placeholder="Choose a session" if sessions else "No session is kept",
        key="erasing-session",
        label_visibility="collapsed",
    )
    return None if id_ is None else (id_, session_words(sessions[id_], now_utc, zone))


def _span(zone: tzinfo | None) -> tuple[Span, str] | None:
    now_utc = SystemClock().now_utc()
    until = now_utc.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    until = st.session_state.setdefault(_NOW, until)  # what is being chosen does not move along
    with st.container(horizontal=True, gap="medium"):
        ends = [
            _moment("From", until - timedelta(hours=1), "since"),
            _moment("To", until + timedelta(minutes=1), "until"),
        ]
    since_utc, until_utc = (_utc(end, zone) for end in ends)
    if since_utc is None or until_utc is None or until_utc <= since_utc:
        st.caption("The time has to end after it begins.")
        return None
    span = Span(since_utc, until_utc)
    return span, span_words(span, now_utc, zone)


def _moment(title: str, value: datetime, key: str) -> datetime | None:
    return st.datetime_input(
        title, value, format="DD/MM/YYYY", step=60, key=f"erasing-{key}", width=220
    )


def _utc(moment: datetime | None, zone: tzinfo | None) -> datetime | None:
    """Trap: a time without a zone is the server's, not the reader's."""
    if moment is None:
        return None
    return (moment.replace(tzinfo=zone) if zone is not None else moment).astimezone(UTC)


def _confirm(what: Span | int, words: str) -> None:
    st.markdown(plain(words[:1].upper() + words[1:]))
    try:
        goes = looking_back().eraser.count(what)
    except RecordsError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return
    if not goes:
        st.info("Nothing that can be erased lies in it.", icon=":material/info:")
        return
    st.markdown("This erases:\n" + "\n".join(f"- {plain(each)}" for each in erased_words(goes)))
    st.caption(
        "It cannot be undone. An alert that still goes on stays, and so do files that somebody "
        "saved. A camera that is on is recorded anew from its next second."
    )
    with st.container(horizontal=True):
        erases = st.button("Erase for good", type="primary", key="erasing-yes")
        if st.button("Keep it", key="erasing-no"):
            _forget()
            st.rerun()
    if erases:
        _erase(what)


def _forget() -> None:
    st.session_state.pop(_ASKED, None)


def _erase(what: Span | int) -> None:
    eraser = looking_back().eraser
    try:
        with st.spinner("Erasing. A long time takes a while."):
            gone = eraser.erase_span(what) if isinstance(what, Span) else eraser.erase_session(what)
    except RecordsError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return
    discard_all()
    _forget()
    st.session_state[_DONE] = f"Erased: {', '.join(erased_words(gone)) or 'nothing'}."
    st.rerun()


def erased_words(goes: Erased) -> list[str]:
    """“12 min of readings”, “26 sums per minute”, …: what is not there is left out."""
    alerts = counted(goes.alerts, "alert")
    if goes.pictures:
        alerts += f" with {counted(goes.pictures, 'picture')}"
    return [
        words
        for words, count in (
            (f"{lasting(goes.seconds)} of readings", goes.seconds),
            (f"{counted(goes.minutes, 'sum')} per minute", goes.minutes),
            (counted(goes.notes, "note"), goes.notes),
            (alerts, goes.alerts),
        )
        if count
    ]
