"""What the Timeline shows: kept in its address, so that it can be linked, reloaded and gone back
from.
"""

from __future__ import annotations

import streamlit as st

from app.timeline.choice import Choice, from_address, to_address

PAUSED = "timeline-paused"
"""Key of a widget that is there whenever the page is."""

_EARLIER, _LAST, _BARE = "timeline-earlier", "timeline-last", "timeline-bare"
_MOST_EARLIER = 50
_PARAMETERS = ("time", "from", "to", "sessions")
_NOTE = "note"


def opened_choice() -> Choice | None:
    """Of the address; None for what is shown at first.

    A bare address means what this visitor saw last before they went to another page; the browser's
    own way back comes to it, too, and then it means the same as before.
    """
    choice = from_address(st.query_params.to_dict())
    if choice is None:
        if PAUSED not in st.session_state:  # a widget's key is gone once another page was shown
            st.session_state[_BARE] = st.session_state.get(_LAST)
        choice = st.session_state.get(_BARE)
    st.session_state[_LAST] = choice
    return choice


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
    others = {k: v for k, v in st.query_params.to_dict().items() if k not in _PARAMETERS}
    # at once, as each change is a step for the browser's own way back
    st.query_params.from_dict(others | to_address(choice))


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
