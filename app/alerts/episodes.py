"""The list of episodes: filters, pages, one row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

import streamlit as st

from app.alerts.answering import answer
from app.alerts.hint import nobody_is_told
from app.alerts.opened import open_alert
from app.alerts.services import alert_services
from app.alerts.when import day_and_clock, reader_zone
from app.alerts.words import ANSWER, SEVERITY, answered, course, person
from app.words import plain
from core.alerts.alert import Alert, Answer
from core.clock import SystemClock
from core.records.alert_export import episodes_csv, episodes_json
from core.records.stores import AlertFilter, AlertState

PAGE_SIZE = 20
REFRESH_EVERY_S = 2.0

_DAYS = {1: "24 hours", 7: "7 days", 30: "30 days", 0: "All"}
_STATES = {AlertState.OPEN: "Going on", AlertState.OVER: "Over"}
UNANSWERED = "unanswered"
_ANSWERS = {UNANSWERED: "No answer"} | {answer.value: text for answer, text in ANSWER.items()}
_BEFORE = "alerts-before"

_Option = TypeVar("_Option", bound=str)

EMPTY = """**No alerts yet.** Every episode in which the rule fires is kept here: when it was, why
it fired, the picture, who was told and who answered.

To see one without waiting: add yourself under *Who is told* and send a test message. Or start Mien
with `make demo-bot`, which shows every message in a chat of its own, without a Telegram account,
and look into the camera on Live as if something hurt."""


def show_episodes() -> None:
    """Filters above, then the list, which refreshes by itself."""
    nobody_is_told(on_alerts=True)
    if _are_none():
        with st.container(border=True):
            st.markdown(EMPTY)
        st.fragment(_until_the_first, run_every=REFRESH_EVERY_S)()
        return
    chosen = _filters()
    st.fragment(_list, run_every=REFRESH_EVERY_S)(chosen)
    _offer_export(chosen)


def _are_none() -> bool:
    return not alert_services().stores.alerts.list(AlertFilter(), 1)


def _until_the_first() -> None:
    if not _are_none():
        st.rerun()


def _filters() -> AlertFilter:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        days = st.segmented_control(
            "Fired in the last",
            list(_DAYS),
            default=7,
            required=True,
            format_func=_DAYS.__getitem__,
            key="alerts-days",
            persist_state="session",
            on_change=_first_page,
            label_visibility="collapsed",
        )
        text = st.text_input(
            "Find",
            placeholder="Find camera, name, number",
            key="alerts-text",
            persist_state="session",
            on_change=_first_page,
            label_visibility="collapsed",
            width=240,
        )
        with st.popover("Filter", icon=":material/filter_list:"):
            states = _pills("State", _STATES, "alerts-states")
            severities = _pills("Severity", SEVERITY, "alerts-severities")
            answers = _pills("Answer", _ANSWERS, "alerts-answers")
    since_utc = None if not days else SystemClock().now_utc() - timedelta(days=days)
    return AlertFilter(
        since_utc=since_utc,
        states=frozenset(states),
        severities=frozenset(severities),
        answers=frozenset(None if a == UNANSWERED else Answer(a) for a in answers),
        text=text.strip(),
    )


def _pills(title: str, options: Mapping[_Option, str], key: str) -> list[_Option]:
    return st.pills(
        title,
        list(options),
        selection_mode="multi",
        format_func=options.__getitem__,
        key=key,
        persist_state="session",
        on_change=_first_page,
    )


def _list(chosen: AlertFilter) -> None:
    """Rows of one page; new episodes appear on top of the first."""
    pages: list[int] = st.session_state.setdefault(_BEFORE, [])
    alerts = alert_services().stores.alerts.list(
        chosen, PAGE_SIZE + 1, pages[-1] if pages else None
    )
    now_utc = SystemClock().now_utc()
    if not alerts and not pages:
        with st.container(border=True):
            st.markdown("**Nothing matches.** Widen the time, or clear the filter.")
    for alert in alerts[:PAGE_SIZE]:
        _row(alert, now_utc)
    if pages or len(alerts) > PAGE_SIZE:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.button("Newer", disabled=not pages, on_click=_newer, key="alerts-newer")
            st.button(
                "Older",
                disabled=len(alerts) <= PAGE_SIZE,
                on_click=_older,
                args=(alerts[:PAGE_SIZE],),
                key="alerts-older",
            )


def _row(alert: Alert, now_utc: datetime) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"alert-row-{alert.number}"
    ):
        with st.container(gap="xsmall"):
            st.markdown(row_text(alert, now_utc, reader_zone()))
            if alert.is_open and alert.answer is None and not alert.held:
                st.button(
                    "Acknowledge",
                    key=f"alert-ack-{alert.number}",
                    on_click=answer,
                    args=(alert, Answer.ACKNOWLEDGED),
                )
        if st.button("Open", key=f"alert-open-{alert.number}"):
            open_alert(alert.number)
            st.rerun()


def row_text(alert: Alert, now_utc: datetime, zone: tzinfo | None) -> str:
    """Two lines of Markdown: what it is, and when, where and how it went."""
    when = day_and_clock(alert.fired_utc, now_utc, zone)
    severity = f"{SEVERITY[alert.severity].lower()} severity"
    where = " · ".join(filter(None, (alert.camera_name, person(alert), severity)))
    told = f"{course(alert, now_utc)}. {answered(alert)}."
    return (
        f"**Alert {alert.number} · {plain(alert.title)}** {badge(alert)}  \n"
        f"{plain(when[:1].upper() + when[1:])} · {plain(where)}  \n"
        f":gray[{plain(told)}]"
    )


def badge(alert: Alert) -> str:
    """Red only while somebody may be waiting."""
    if alert.answer is not None or alert.held:
        return ""
    if alert.is_open:
        return ":red-badge[:material/notifications_active: Needs an answer]"
    return ":orange-badge[No answer]"


def _offer_export(chosen: AlertFilter) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "CSV",
            # with a mark at the front, or Excel takes it for Latin-1
            lambda: episodes_csv(_every(chosen)).encode("utf-8-sig"),
            file_name="mien-alerts.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "JSON",
            lambda: _json(chosen),
            file_name="mien-alerts.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption("All episodes that match, without pictures and addresses.")


def _json(chosen: AlertFilter) -> str:
    outbox = alert_services().stores.outbox
    return episodes_json((alert, outbox.trail(alert.id)) for alert in _every(chosen))


def _every(chosen: AlertFilter) -> Iterator[Alert]:
    """Not only the page that is shown."""
    store, before = alert_services().stores.alerts, None
    while alerts := store.list(chosen, 500, before):
        yield from alerts
        before = alerts[-1].number


def _newer() -> None:
    st.session_state[_BEFORE] = st.session_state[_BEFORE][:-1]


def _older(shown: tuple[Alert, ...]) -> None:
    st.session_state[_BEFORE] = [*st.session_state[_BEFORE], shown[-1].number]


def _first_page() -> None:
    st.session_state[_BEFORE] = []
