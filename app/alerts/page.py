"""The Alerts page: every episode, and who is told."""

from __future__ import annotations

import streamlit as st

from app.alerts.channels import show_troubles
from app.alerts.episode import show_episode
from app.alerts.episodes import show_episodes
from app.alerts.opened import PEOPLE, SECTION, opened_alert
from app.alerts.recipients import show_recipients
from app.alerts.services import database_is_open
from app.composition import alert_system
from app.words import HONEST_LINE

TROUBLE_EVERY_S = 5.0

_EPISODES = "Episodes"
NOT_FOR = (
    "Reading emotions at work or in schools is unlawful in the EU, save for medical or safety "
    "reasons: Mien is not for watching staff or pupils."
)


def render_alerts() -> None:
    """Lays the page out: one episode where one is opened, else the two sections."""
    st.fragment(_troubles, run_every=TROUBLE_EVERY_S)(database_was_open := database_is_open())
    if database_was_open:
        _sections()
    st.caption(f"{HONEST_LINE} Don't rely on it alone. {NOT_FOR}")


def _sections() -> None:
    number = opened_alert()
    if number is not None:
        show_episode(number)
        return
    view = st.segmented_control(
        "Section",
        [_EPISODES, PEOPLE],
        default=_EPISODES,
        required=True,
        key=SECTION,
        bind="query-params",
        label_visibility="collapsed",
    )
    if view == PEOPLE:
        show_recipients()
    else:
        show_episodes()


def _troubles(database_was_open: bool) -> None:
    """What is wrong now; once the database is back, the page is laid out anew."""
    show_troubles(alert_system().troubles())
    if database_is_open() != database_was_open:
        st.rerun()
