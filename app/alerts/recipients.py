"""Who is told: the list, in which order, a test message for each, and how to add somebody."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import streamlit as st

from app.alerts.channels import health_line, is_set_up, show_channels
from app.alerts.forms import name_input, turn_input
from app.alerts.linking import offer_linking
from app.alerts.services import AlertServices, alert_services
from app.alerts.snoozed import show_snoozes
from app.alerts.testing import offer_test, show_test
from app.alerts.when import reader_zone
from app.alerts.words import CHANNEL, escalation, short_email, standing_of
from app.words import plain
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.recipient import ChannelKind, Recipient

REFRESH_EVERY_S = 2.0

EMPTY = """**Nobody is told yet.** An alert is kept and shown here, but it reaches nobody.

Link a carer's Telegram, or add an e-mail address. To try it without either, add a dry run: it
keeps what would have been sent."""


def show_recipients() -> None:
    """The whole section."""
    services = alert_services()
    show_channels(services)
    st.fragment(_list, run_every=REFRESH_EVERY_S)()
    st.subheader("Add somebody")
    offer_linking(services)
    _offer_email(services)
    _offer_dry_run()


def _list() -> None:
    services = alert_services()
    people = services.stores.recipients.all()
    if not people:
        with st.container(border=True):
            st.markdown(EMPTY)
        return
    policy = services.stores.policy.load()
    st.markdown(plain(escalation(people, policy.reminders, policy.reminder_every_s)))
    now_utc = SystemClock().now_utc()
    for who in people:
        _one(who, now_utc)
    st.caption(health_line(services.delivery.health()))
    show_snoozes()


def _one(who: Recipient, now_utc: datetime) -> None:
    with st.container(border=True, key=f"recipient-{who.id}", gap="xsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            waits = not is_set_up(alert_services(), who.channel)
            st.markdown(recipient_text(who, now_utc, waits=waits), width="content")
            with st.container(horizontal=True, width="content"):
                offer_test(who)
                with st.popover("Change", key=f"recipient-change-{who.id}"):
                    _change(who, now_utc)
        show_test(who)


def recipient_text(who: Recipient, now_utc: datetime, *, waits: bool) -> str:
    """Two lines of Markdown: who and how, and whether anything is in the way.

    Args:
        who: is told.
        now_utc: for mutes.
        waits: the channel is not set up.
    """
    how = CHANNEL[who.channel]
    if who.channel is ChannelKind.EMAIL:
        how += f", {short_email(who.address)}"
    standing = standing_of(who, now_utc, reader_zone())
    if waits and who.disabled_why is None:
        standing = f"{CHANNEL[who.channel]} is not set up: messages wait until it is"
    if waits or who.disabled_why is not None:
        standing = f":orange[:material/error: {plain(standing)}]"
    else:
        standing = f":gray[{plain(standing)}]"
    turn = "at once" if who.turn == 1 else f"turn {who.turn}"
    return f"**{plain(who.name)}** · {plain(how)} · {turn}  \n{standing}"


def _change(who: Recipient, now_utc: datetime) -> None:
    # A form: what is typed stays while the list refreshes. Its keys carry what is kept, so that
    # a change made elsewhere shows.
    with st.form(f"recipient-form-{who.id}-{who.name}-{who.turn}", border=False):
        name = name_input(who.name)
        turn = turn_input(who.turn)
        if st.form_submit_button("Save"):
            store = alert_services().stores.recipients
            store.rename(who.id, name or who.name)
            store.set_turn(who.id, turn)
            st.rerun()
    if who.disabled_why is not None:
        st.button("Try again", key=f"recipient-enable-{who.id}", on_click=_enable, args=(who.id,))
    elif who.muted_until_utc is not None and who.muted_until_utc > now_utc:
        st.button("Unmute", key=f"recipient-unmute-{who.id}", on_click=_unmute, args=(who.id,))
    if st.checkbox(f"Remove {plain(who.name)}", key=f"recipient-sure-{who.id}"):
        st.caption("They are told nothing more. Their name stays with past alerts.")
        st.button("Yes, remove", key=f"recipient-gone-{who.id}", on_click=_remove, args=(who.id,))


def _enable(recipient_id: int) -> None:
    alert_services().stores.recipients.enable(recipient_id)


def _unmute(recipient_id: int) -> None:
    alert_services().stores.recipients.mute(recipient_id, None)


def _remove(recipient_id: int) -> None:
    alert_services().stores.recipients.remove(recipient_id)


def _offer_email(services: AlertServices) -> None:
    with (
        st.expander("Add an e-mail address", icon=":material/mail:"),
        st.form("recipient-email", clear_on_submit=False, border=False),
    ):
        if services.settings.email is None:
            st.caption("E-mail is not set up yet: it will be told as soon as it is.")
        name = name_input("")
        address = st.text_input("E-mail address", max_chars=254).strip()
        turn = turn_input(1)
        if st.form_submit_button("Add"):
            if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", address):
                st.warning("That is no e-mail address: it needs a name, an @ and a host.")
            else:
                _add(name or address.partition("@")[0], ChannelKind.EMAIL, address, turn)


def _offer_dry_run() -> None:
    with (
        st.expander("Add a dry run", icon=":material/science:"),
        st.form("recipient-dry", border=False),
    ):
        st.caption("Keeps what would have been sent, and sends nothing. To try the settings.")
        name = name_input("Dry run")
        turn = turn_input(1)
        if st.form_submit_button("Add"):
            _add(name or "Dry run", ChannelKind.DRY_RUN, f"dry-run-{secrets.token_hex(4)}", turn)


def _add(name: str, channel: ChannelKind, address: str, turn: int) -> None:
    try:
        alert_services().stores.recipients.add(name, channel, address, turn)
    except RecordsError as error:
        st.warning(plain(error.sentence))
        return
    st.toast(f"{plain(name)} is told from now on.")
    st.rerun()
