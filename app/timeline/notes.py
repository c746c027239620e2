"""Notes beside moments: written, read, changed, removed."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING

import streamlit as st

from app.alerts.when import day_and_clock, reader_zone
from app.composition import looking_back
from app.timeline.choice import Choice
from app.timeline.opened import open_note
from app.timeline.sliders import moment_slider, span_while_open
from app.words import plain
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.note import LONGEST_NOTE, Note
from core.timeline.span import Span

if TYPE_CHECKING:
    from core.records.note_store import NoteStore

_OPEN, _TEXT, _AT = "timeline-note-open", "timeline-note-text", "timeline-note-at"
_JUST_NOW = timedelta(minutes=2)
"""What ended so lately is taken for what goes on now."""


def offer_note(choice: Choice, span: Span, zone: tzinfo | None) -> None:
    """A popover: the text, and the moment: now where the shown time ends now, else its middle."""
    st.fragment(_offer)(choice, span, zone)


def _offer(choice: Choice, span: Span, zone: tzinfo | None) -> None:
    with st.popover("Add a note", icon=":material/add_comment:", key=_OPEN, on_change="rerun"):
        kept = span_while_open(_OPEN, span)
        is_past = kept.until_utc < SystemClock().now_utc() - _JUST_NOW
        middle_utc = kept.since_utc + (kept.until_utc - kept.since_utc) / 2
        first_utc = middle_utc if is_past else kept.until_utc
        at_utc = moment_slider("When", kept, zone, first_utc, _AT)
        text = st.text_area(
            "Note",
            key=_TEXT,
            max_chars=LONGEST_NOTE,
            placeholder="What happened? An empty note marks the moment.",
        )
        if not st.button("Keep the note", type="primary", key="timeline-note-keep"):
            return
        session_id = choice.sessions[0] if len(choice.sessions) == 1 else None
        try:
            # the end itself is no part of what is shown
            at_utc = min(at_utc, kept.until_utc - timedelta(seconds=1))
            looking_back().notes.add(at_utc, text, session_id)
        except RecordsError as error:
            # what was written stays in its field
            st.warning(plain(error.sentence))
            return
    for key in (_OPEN, _TEXT, _AT):
        st.session_state.pop(key, None)
    st.rerun()


def show_note(note_id: int) -> None:
    """One note in a dialog."""
    st.dialog("Note", on_dismiss=_close)(_note)(note_id)


def _note(note_id: int) -> None:
    notes, zone = looking_back().notes, reader_zone()
    note = notes.one(note_id)
    if note is None:
        st.info("This note is gone. Somebody may have removed it.")
        return
    st.caption(plain(_about(note, zone)))
    text = st.text_area(
        "Note",
        note.text,
        key=f"timeline-note-{note_id}",
        max_chars=LONGEST_NOTE,
        placeholder="A marked moment without words.",
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        changes = st.button("Keep the change", type="primary", key="timeline-note-change")
        removes = st.button("Remove", icon=":material/delete:", key="timeline-note-remove")
    if not (changes or removes):
        return
    try:
        _change(notes, note_id, None if removes else text)
    except RecordsError as error:
        st.warning(plain(error.sentence))
        return
    _close()
    st.rerun()


def _change(notes: NoteStore, note_id: int, text: str | None) -> None:
    """None removes it."""
    if text is None:
        notes.remove(note_id)
    else:
        notes.change(note_id, text)


def _close() -> None:
    open_note(None)


def _about(note: Note, zone: tzinfo | None) -> str:
    when = day_and_clock(note.at_utc, SystemClock().now_utc(), zone)
    words = f"{when[:1].upper()}{when[1:]}:{note.at_utc.astimezone(zone):%S}"
    session = looking_back().sessions.one(note.session_id) if note.session_id else None
    return f"{words} · {session.title}" if session is not None else words
