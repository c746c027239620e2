"""The Timeline page: what was seen, from the last two minutes to a year."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, tzinfo

import streamlit as st

from app.alerts.channels import show_troubles
from app.alerts.services import database_is_open
from app.alerts.when import reader_zone
from app.composition import PAGES_ROOT, alert_system, looking_back
from app.timeline.away import said_if_away
from app.timeline.choice import Choice, Range, smallest_range, span_of
from app.timeline.details import show_details
from app.timeline.keeping import show_keeping
from app.timeline.moving import show_chart
from app.timeline.notes import offer_note, show_note
from app.timeline.opened import PAUSED, opened_choice, opened_note
from app.timeline.session_list import choose_sessions
from app.timeline.time_choice import choose_time, move_around
from app.timeline.words import LIVE_WITHIN, RANGES, is_live
from app.words import HONEST_LINE
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.session import Session, SessionSource
from core.timeline.span import Span

TROUBLE_EVERY_S = 5.0
LOOK_EVERY_S = 3.0
"""So often is looked whether a recording has begun or ended."""

REFRESH_EVERY_S = {
    Range.TWO_MINUTES: 2.0,
    Range.HOUR: 4.0,
    Range.SESSION: 4.0,
    Range.TODAY: 15.0,
    Range.DAY: 15.0,
}
REFRESH_LONG_S = 60.0
DETAILS_EVERY_S = 10.0

NOTHING_YET = """**Nothing was seen yet.** Every second in which a camera reads a face is kept here,
as numbers and without pictures: how it looked, when, and for how long. Press START on *Live*, and
come back after a minute."""

GONE = "Not everything that was asked for is kept any more."


def render_timeline() -> None:
    """Lays the page out; what moves is in fragments."""
    st.fragment(_troubles, run_every=TROUBLE_EVERY_S)(is_open := database_is_open())
    if is_open:
        with said_if_away():
            _records()
    st.caption(HONEST_LINE)


def _troubles(database_was_open: bool) -> None:
    """What is wrong now; once the database is back, the page is laid out anew."""
    show_troubles(alert_system().troubles())
    if database_is_open() != database_was_open:
        st.rerun()


def _records() -> None:
    records = looking_back()
    if records.timeline.extent(None) is None:
        with st.container(border=True):
            st.markdown(NOTHING_YET)
            st.page_link(PAGES_ROOT / "live.py", label="Go to Live", icon=":material/videocam:")
            st.caption("“Try it without a camera” on Live shows how it works, but is not kept.")
        with st.expander("What is kept"):
            show_keeping()
        st.fragment(_until_the_first, run_every=LOOK_EVERY_S)()
        return
    now_utc, zone = SystemClock().now_utc(), reader_zone()
    choice = opened_choice()
    said = ""
    if choice is None:
        choice, said = first_choice(records.timeline.extent(), now_utc)
    sessions = _kept(choice)
    if len(sessions) < len(choice.sessions):
        said = GONE if sessions else f"{GONE} All cameras are shown instead."
    _controls(choice, span_of(choice, now_utc, zone, sessions), now_utc, zone, sessions)
    if said:
        st.caption(said)
    moves = is_moving(choice, sessions, now_utc)
    every_s = refresh_every_s(choice) if moves and not st.session_state.get(PAUSED) else None
    show_chart(choice, zone, every_s)
    show_details(choice, zone, max(every_s, DETAILS_EVERY_S) if every_s else None)
    st.fragment(_until_it_changes, run_every=LOOK_EVERY_S)(choice, moves)
    if (note_id := opened_note()) is not None:
        show_note(note_id)


def _controls(
    choice: Choice,
    span: Span,
    now_utc: datetime,
    zone: tzinfo | None,
    sessions: tuple[Session, ...],
) -> None:
    choose_time(choice, span, now_utc, zone)
    whose, around = st.columns([2, 3], gap="small", vertical_alignment="center")
    with whose:
        choose_sessions(choice, span, now_utc, zone)
    with around, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        move_around(choice, span, now_utc, moves=is_moving(choice, sessions, now_utc))
        offer_note(choice, span, zone)


def first_choice(extent: Span | None, now_utc: datetime) -> tuple[Choice, str]:
    """The last hour; where nothing was seen in it a longer time, and a sentence on that."""
    if extent is None:
        return Choice(), ""
    time = smallest_range(extent.until_utc, now_utc)
    if time is Range.HOUR:
        return Choice(), ""
    return Choice(time), f"Nothing was seen in the last hour, so this shows: {RANGES[time]}."


def is_moving(choice: Choice, sessions: tuple[Session, ...], now_utc: datetime) -> bool:
    """Whether seconds that belong to it are being recorded."""
    if isinstance(choice.time, Span):
        return False
    if not sessions:
        lately = Span(now_utc - LIVE_WITHIN, now_utc)
        sessions = looking_back().sessions.list(lately, SessionSource.CAMERA)
    return any(is_live(session, now_utc) for session in sessions)


def refresh_every_s(choice: Choice) -> float:
    """In a long time nothing is seen of a few seconds."""
    if isinstance(choice.time, Span):
        return REFRESH_LONG_S
    return REFRESH_EVERY_S.get(choice.time, REFRESH_LONG_S)


def _kept(choice: Choice) -> tuple[Session, ...]:
    found = (looking_back().sessions.one(id_) for id_ in choice.sessions)
    return tuple(session for session in found if session is not None)


def _until_the_first() -> None:
    with suppress(RecordsError):
        if looking_back().timeline.extent(None) is not None:
            st.rerun()


def _until_it_changes(choice: Choice, moves: bool) -> None:
    """Begins or ends the refreshing."""
    with suppress(RecordsError):
        if is_moving(choice, _kept(choice), SystemClock().now_utc()) != moves:
            st.rerun()
