"""Where an alert would reach nobody, the pages that watch say so."""

from __future__ import annotations

import logging

import streamlit as st

from app.alerts.opened import PEOPLE, SECTION
from app.alerts.services import alert_services
from app.composition import PAGES_ROOT
from core.errors import MienError

_log = logging.getLogger(__name__)

_HINT = "**Nobody is told when an alert fires.** It is only kept, and shown here."

_WAY = "Choose who is told"


def nobody_is_told(*, on_alerts: bool = False) -> None:
    """A hint and the way to change it; nothing where somebody can be told.

    Args:
        on_alerts: the way is a section of this very page.
    """
    try:
        people = alert_services().stores.recipients.all()
    except MienError as error:
        # The sidebar says so already.
        _log.warning("Recipients not read: %s", error.cause)
        return
    if any(who.disabled_why is None for who in people):
        return
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="alerts-nobody",
    ):
        st.markdown(f":material/notifications_off: {_HINT}", width="content")
        if on_alerts:
            st.button(_WAY, key="alerts-choose", on_click=_show_people)
        else:
            way = {SECTION: PEOPLE}
            st.page_link(PAGES_ROOT / "alerts.py", label=_WAY, query_params=way)


def _show_people() -> None:
    st.session_state[SECTION] = PEOPLE
