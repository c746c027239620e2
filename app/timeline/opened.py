"""What the Timeline shows: kept in its address, so that it can be linked, reloaded and gone back
from.
"""

from __future__ import annotations

import streamlit as st

from app.timeline.choice import Choice, from_address, to_address

_EARLIER, _LAST = "timeline-earlier", "timeline-last"
_MOST_EARLIER = 50
_PARAMETERS = ("time", "from", "to", "sessions")
_NOTE = "note"


def opened_choice() -> Choice | None:
    """Of the address; without one what this visitor saw last; None for a first visit."""
    choice = from_address(st.query_params.to_dict())
    if choice is not None:
        st.session_state[_LAST] = choice
        return choice
    last: Choice | None = st.session_state.get(_LAST)
    if last is not None:
        _write(last)
    return last


def open_choice(choice: Choice, now: Choice) -> None:
    """For callbacks: show this one from now on; `go_back` returns to `now`."""
    earlier: list[Choice] = st.session_state.setdefault(_EARLIER, [])
    if now != choice:
        st.session_state[_EARLIER] = [*earlier, now][-_MOST_EARLIER:]
    _write(choice)


def can_go_back() -> bool:
    """Whether something else was shown before."""
    return bool(st.session_state.get(_EARLIER))


def go_back() -> None:
    """For callbacks: to what was shown before."""
    earlier: list[Choice] = st.session_state.get(_EARLIER, [])
    if earlier:
        st.session_state[_EARLIER] = earlier[:-1]
        _write(earlier[-1])


def _write(choice: Choice) -> None:
    st.session_state[_LAST] = choice
    for name in _PARAMETERS:
        st.query_params.pop(name, None)
    st.query_params.update(to_address(choice))


def opened_note() -> int | None:
    """Whose dialog stands over the page; None for none."""
    text = st.query_params.get(_NOTE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def open_note(note_id: int | None) -> None:
    """For callbacks: show this note over the page, or with None no longer."""
    if note_id is None:
        st.query_params.pop(_NOTE, None)
    else:
        st.query_params[_NOTE] = str(note_id)
