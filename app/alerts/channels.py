"""Which ways to reach people are set up, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import streamlit as st

from app.alerts.services import AlertServices
from app.alerts.when import day_and_clock, reader_zone
from app.words import counted, plain
from core.clock import SystemClock
from core.records.recipient import ChannelKind

if TYPE_CHECKING:
    from core.delivery.service import DeliveryHealth


def show_channels(services: AlertServices) -> None:
    """What is set up, and in sentences what is not; never a value."""
    settings = services.settings
    ready = [
        name
        for name, is_set in (("Telegram", settings.telegram), ("E-mail", settings.email))
        if is_set is not None
    ]
    if ready:
        st.caption(f":material/check_circle: Set up: {' and '.join(ready)}.")
    for sentence in settings.missing:
        st.caption(f":material/info: {_with_code(sentence)}")


def is_set_up(services: AlertServices, channel: ChannelKind) -> bool:
    """Whether messages can go out that way; a dry run always can."""
    match channel:
        case ChannelKind.TELEGRAM:
            return services.settings.telegram is not None
        case ChannelKind.EMAIL:
            return services.settings.email is not None
        case ChannelKind.DRY_RUN:
            return True


def _with_code(sentence: str) -> str:
    """Names of settings stand between backticks, which alone are meant as Markdown."""
    return "`".join(
        part if is_code else plain(part)
        for part, is_code in zip(sentence.split("`"), cycle((False, True)), strict=False)
    )


def show_troubles(troubles: Sequence[str]) -> None:
    """Banners, one each; nothing where all is well."""
    for trouble in troubles:
        st.warning(plain(trouble), icon=":material/warning:")


def health_line(health: DeliveryHealth) -> str:
    """“3 messages wait to be sent. The last message was delivered today, 14:02.”"""
    sentences = []
    if health.waiting:
        wait = "waits" if health.waiting == 1 else "wait"
        sentences.append(f"{counted(health.waiting, 'message')} {wait} to be sent.")
    if health.last_sent_utc is not None:
        at = day_and_clock(health.last_sent_utc, SystemClock().now_utc(), reader_zone())
        sentences.append(f"The last message was delivered {at}.")
    return " ".join(sentences)
