"""What carers have asked not to be told for a while, and how to end that early."""

from __future__ import annotations

from datetime import datetime, tzinfo

import streamlit as st

from app.alerts.services import alert_services
from app.alerts.when import day_and_clock, reader_zone
from app.words import plain
from core.alerts.policy import AlertPolicy
from core.clock import SystemClock
from core.records.snoozes import Snooze


def show_snoozes() -> None:
    """For a fragment that refreshes; nothing where nothing is snoozed."""
    stores = alert_services().stores
    active = stores.snoozes.active()
    if not active:
        return
    st.subheader("Snoozed now")
    policy, now_utc, zone = stores.policy.load(), SystemClock().now_utc(), reader_zone()
    for snooze in active:
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"snooze-{snooze.id}"
        ):
            st.markdown(plain(snooze_words(snooze, policy, now_utc, zone)))
            st.button("End it", key=f"snooze-lift-{snooze.id}", on_click=_lift, args=(snooze.id,))


def snooze_words(
    snooze: Snooze, policy: AlertPolicy, now_utc: datetime, zone: tzinfo | None
) -> str:
    """“Pain, person 1, until today, 14:32. By Anna.”"""
    titles = {rule.key: rule.title for rule in (*policy.rules, *policy.watches)}
    what = "All alerts" if snooze.rule_key is None else titles.get(snooze.rule_key, snooze.rule_key)
    whose = "" if snooze.person is None else f", person {snooze.person}"
    until = day_and_clock(snooze.until_utc, now_utc, zone)
    return f"{what}{whose}, until {until}. By {snooze.by}."


def _lift(snooze_id: int) -> None:
    alert_services().stores.snoozes.lift(snooze_id)
