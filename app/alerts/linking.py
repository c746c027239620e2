"""Linking a carer's Telegram: a code that works once, shown large, until it was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from app.alerts.forms import name_input, turn_input
from app.alerts.services import AlertServices, alert_services
from app.alerts.when import lasting
from app.words import plain
from core.clock import SystemClock
from core.delivery.settings import API_URL, TelegramSettings
from core.errors import MienError
from core.records.recipient import ChannelKind, Recipient

REFRESH_EVERY_S = 1.0

_STEPS = """1. Open Telegram on **{name}'s** phone and find {bot}.
2. Press *Start*.
3. Send this code:"""
_LARGE = """<style>.st-key-alerts-link-code code {
    font-size: 2.2rem; font-weight: 700; letter-spacing: .12em; line-height: 1.3 }</style>"""
_LINK = "alerts-link"


@dataclass(frozen=True)
class _Pending:
    """A code that was issued here.

    Attributes:
        code: as it is typed into Telegram.
        name: whose.
        expires_utc: when it stops working.
        known: recipients as they were before.
    """

    code: str
    name: str
    expires_utc: datetime
    known: frozenset[Recipient]


def offer_linking(services: AlertServices) -> None:
    """The form, and once there is a code the steps."""
    pending: _Pending | None = st.session_state.get(_LINK)
    with st.expander(
        "Link a carer's Telegram", icon=":material/link:", expanded=pending is not None
    ):
        if pending is not None:
            st.fragment(_show, run_every=REFRESH_EVERY_S)(pending)
        elif services.settings.telegram is None:
            st.caption("Telegram is not set up yet; above stands what is missing.")
        else:
            _form()


def _form() -> None:
    with st.form("alerts-link-form", border=False):
        name = name_input("")
        turn = turn_input(1)
        if st.form_submit_button("Show a code", type="primary"):
            if not name:
                st.warning("Whose Telegram is it? The name stands in the list and in messages.")
                return
            _issue(name, turn)
            st.rerun()


def _issue(name: str, turn: int) -> None:
    stores = alert_services().stores
    known = frozenset(stores.recipients.all())
    code = stores.link_codes.issue(name, turn)
    st.session_state[_LINK] = _Pending(code.code, name, code.expires_utc, known)


def _show(pending: _Pending) -> None:
    try:
        who = _linked(pending)
    except MienError as error:
        st.caption(plain(error.sentence))
        return
    if who is not None:
        st.session_state.pop(_LINK, None)
        st.toast(f"{plain(who)} is linked, and told from now on.", icon=":material/check:")
        st.rerun()
    left_s = (pending.expires_utc - SystemClock().now_utc()).total_seconds()
    if left_s > 0:
        _steps(pending)
        st.caption(
            f"Works once, for another {lasting(left_s)}. This page notices when it was used."
        )
    else:
        st.markdown("The code has expired.")
    if st.button("Cancel" if left_s > 0 else "Close", key="alerts-link-cancel"):
        st.session_state.pop(_LINK, None)
        st.rerun()


def _steps(pending: _Pending) -> None:
    services = alert_services()
    bot = services.delivery.health().bot_name
    called = f"**@{plain(bot)}**" if bot else "your bot"
    st.markdown(_STEPS.format(name=plain(pending.name), bot=called))
    with st.container(key="alerts-link-code", gap=None):
        st.html(_LARGE)
        st.code(pending.code, language=None)
    link = start_link(services.settings.telegram, bot, pending.code)
    if link is not None:
        st.caption(f"On a device with {plain(pending.name)}'s Telegram this link does it: {link}")


def start_link(telegram: TelegramSettings | None, bot: str | None, code: str) -> str | None:
    """Opens the chat and sends the code; None where the bot is not known, or not Telegram's."""
    if not bot or telegram is None or telegram.api_url != API_URL:
        return None
    return f"https://t.me/{bot}?start={code}"


def _linked(pending: _Pending) -> str | None:
    """The name of whoever used the code: somebody new, or a chat that was linked before."""
    is_new = (
        who.name == pending.name and who.channel is ChannelKind.TELEGRAM
        for who in alert_services().stores.recipients.all()
        if who not in pending.known
    )
    return pending.name if any(is_new) else None
