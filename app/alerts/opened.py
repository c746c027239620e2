"""Which episode is opened: kept in the address, so that it can be sent and gone back from."""

from __future__ import annotations

import streamlit as st

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
