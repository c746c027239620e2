"""What the Alerts page shows: kept in its address, so that it can be linked and gone back from."""

from __future__ import annotations

import streamlit as st

SECTION, PEOPLE = "section", "Who is told"
"""Parameter of the section that is shown, and the value that is not the usual one."""

_PARAMETER = "alert"


def opened_alert() -> int | None:
    """The number in the address; None for the list."""
    text = st.query_params.get(_PARAMETER, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def open_alert(number: int | None) -> None:
    """For callbacks: show this episode, or with None the list."""
    if number is None:
        st.query_params.pop(_PARAMETER, None)
    else:
        st.query_params[_PARAMETER] = str(number)
