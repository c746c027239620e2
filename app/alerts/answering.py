"""Answers that are given with a button of a page."""

from __future__ import annotations

import logging

import streamlit as st

from app.alerts.services import alert_services
from app.alerts.words import answered
from app.words import plain
from core.alerts.alert import DASHBOARD, Alert, Answer
from core.errors import MienError

_log = logging.getLogger(__name__)


def answer(alert: Alert, said: Answer) -> None:
    """For callbacks: the first answer counts, and everybody who was told hears of it."""
    services = alert_services()
    try:
        kept, is_first = services.stores.alerts.answer(alert.id, said, DASHBOARD)
    except MienError as error:
        _log.error("Answer not kept: %s", error.cause)
        st.toast(plain(f"{error.sentence} Please press again."), icon=":material/warning:")
        return
    services.delivery.wake()
    if not is_first:
        st.toast(plain(f"{answered(kept)} already."), icon=":material/info:")
