"""The sessions that were kept: which are shown, their names, and a list of all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import streamlit as st

from app.alerts.when import day_and_clock, lasting
from app.composition import looking_back
from app.timeline.choice import Choice, Range
from app.timeline.opened import open_choice
from app.timeline.words import is_live, session_words
from app.words import counted, plain
from core.errors import RecordsError
from core.records.session import Session, SessionSource
from core.records.session_store import LONGEST_NAME
from core.timeline.span import Span

if TYPE_CHECKING:
    from app.looking_back import LookingBack

PAGE_SIZE = 10
MOST_OFFERED = 200
"""Sessions to choose from above the chart, the newest; the list below has all."""

_PAGE = "timeline-session-page"

EMPTY = "Each connection of a camera, from START to STOP, will be listed here."


def choose_sessions(choice: Choice, span: Span, now_utc: datetime, zone: tzinfo | None) -> None:
    """Which of them are shown; none chosen means all cameras."""
    store = looking_back().sessions
    offered = {s.id: s for s in store.list(span, SessionSource.CAMERA, MOST_OFFERED)}
    for id_ in choice.sessions:
        session = store.one(id_)
        if session is not None:
            offered.setdefault(id_, session)
    key = f"timeline-sessions-{choice.sessions}"  # see the trap in `choose_time`
    st.multiselect(
        "Sessions",
        list(offered),
        default=[id_ for id_ in choice.sessions if id_ in offered],
        format_func=lambda id_: session_words(offered[id_], now_utc, zone),
        key=key,
        placeholder="All cameras" if offered else "All cameras · no session in this time",
        on_change=_choose,
        args=(choice, span, key),
        label_visibility="collapsed",
        select_all=False,
    )


def _choose(choice: Choice, span: Span, key: str) -> None:
    chosen = tuple(st.session_state[key])
    time = choice.time
    if time is Range.SESSION:
        time = Range.SESSION if chosen else span
    open_choice(replace(choice, time=time, sessions=chosen), choice)


def list_sessions(choice: Choice, now_utc: datetime, zone: tzinfo | None) -> None:
    """All of them, the newest first; each can be shown, named and written about."""
    records = looking_back()
    source = SessionSource.CAMERA
    if records.sessions.list(source=SessionSource.VIDEO, limit=1):
        source = st.segmented_control(
            "Kind",
            [SessionSource.CAMERA, SessionSource.VIDEO],
            default=SessionSource.CAMERA,
            required=True,
            format_func={
                SessionSource.CAMERA: "Cameras",
                SessionSource.VIDEO: "Videos that were kept",
            }.__getitem__,
            key="timeline-session-kind",
            persist_state="session",
            label_visibility="collapsed",
            on_change=_to_page,
            args=(0,),
        )
    page: int = st.session_state.get(_PAGE, 0)
    until = (page + 1) * PAGE_SIZE
    found = records.sessions.list(source=source, limit=until + 1)
    if not found:
        st.caption(EMPTY)
    for session in found[until - PAGE_SIZE : until]:
        _row(records, session, choice, now_utc, zone)
    if page or len(found) > until:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.button(
                "Newer", disabled=not page, on_click=_to_page, args=(page - 1,), key="session-newer"
            )
            st.button(
                "Older",
                disabled=len(found) <= until,
                on_click=_to_page,
                args=(page + 1,),
                key="session-older",
            )


def _to_page(page: int) -> None:
    st.session_state[_PAGE] = page


def _row(
    records: LookingBack, session: Session, choice: Choice, now_utc: datetime, zone: tzinfo | None
) -> None:
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"timeline-session-{session.id}",
    ):
        st.markdown(row_text(session, now_utc, zone), width="content")
        with st.container(horizontal=True, width="content"):
            shown = Choice(Range.SESSION, (session.id,))
            if st.button("Show", key=f"session-show-{session.id}", disabled=choice == shown):
                open_choice(shown, choice)
                st.rerun()
            with st.popover("Name", icon=":material/edit:"):
                _rename(records, session)


def row_text(session: Session, now_utc: datetime, zone: tzinfo | None) -> str:
    """Two lines of Markdown: what it is, and when, how long and with which model."""
    dot = " :green-badge[:material/fiber_manual_record: Live]" if is_live(session, now_utc) else ""
    when = day_and_clock(session.began_utc, now_utc, zone)
    facts = (
        when[:1].upper() + when[1:],
        lasting(session.length.total_seconds()),
        session.camera_name if session.name else "",
        f"model {session.model}" if session.model else "",
    )
    return f"**{plain(session.title)}**{dot}  \n:gray[{plain(' · '.join(filter(None, facts)))}]"


def _rename(records: LookingBack, session: Session) -> None:
    key = f"session-name-{session.id}"
    name = st.text_input(
        "Name of the session",
        session.name,
        key=key,
        max_chars=LONGEST_NAME,
        placeholder=session.camera_name,
    )
    if st.button("Keep the name", type="primary", key=f"{key}-keep"):
        try:
            records.sessions.rename(session.id, name)
        except RecordsError as error:
            st.warning(plain(error.sentence))
            return
        st.rerun()


def sessions_words(sessions: tuple[Session, ...]) -> str:
    """“Kitchen”, “3 sessions”; “All cameras” for none."""
    if not sessions:
        return "All cameras"
    return sessions[0].title if len(sessions) == 1 else counted(len(sessions), "session")
