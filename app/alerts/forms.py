"""Fields that several forms of the section "Who is told" share."""

from __future__ import annotations

import streamlit as st

NAME_MAX = 40
MOST_TURNS = 9


def name_input(name: str) -> str:
    """For people; "" while nothing is typed."""
    return st.text_input("Name", name, max_chars=NAME_MAX).strip()


def turn_input(turn: int) -> int:
    """Whose turn it is to be told."""
    return int(
        st.number_input(
            "Turn",
            1,
            MOST_TURNS,
            turn,
            help="1 is told at once; 2 when nobody of turn 1 has answered after all reminders.",
        )
    )
