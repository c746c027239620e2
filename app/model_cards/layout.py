"""How the parts of a model's page are laid out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def two_places(beside: bool) -> Sequence[DeltaGenerator]:
    """Beside each other where there is room, else one below the other."""
    return st.columns(2, gap="large") if beside else (st.container(), st.container())


def empty_state(text: str) -> None:
    """What would be here, and why it is not."""
    with st.container(border=True):
        st.markdown(text)
