"""One episode: why it fired, the picture, who was told, what they answered."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import streamlit as st

from app.alerts.answering import answer
from app.alerts.chart import episode_chart
from app.alerts.episodes import badge
from app.alerts.opened import open_alert
from app.alerts.services import alert_services
from app.alerts.when import clock, day_and_clock, reader_zone
from app.alerts.words import (
    CHANNEL,
    FAILED,
    SEVERITY,
    STATE,
    answered,
    course,
    delivery_title,
    person,
)
from app.charts import CHART_CONFIG
from app.words import plain
from core.alerts.alert import Alert, Answer
from core.clock import SystemClock
from core.records.delivery import Attempt, Delivery, State
from core.records.recipient import Recipient

REFRESH_EVERY_S = 2.0

_ICON = {
    State.WAITING: ":material/schedule:",
    State.SENDING: ":material/send:",
    State.SENT: ":material/check_circle:",
    State.UNCERTAIN: ":material/help:",
    State.REFUSED: ":material/error:",
    State.EXPIRED: ":material/error:",
    State.CANCELLED: ":material/block:",
}


def show_episode(number: int) -> None:
    """The opened episode; only what may still change is refreshed."""
    st.button("All alerts", icon=":material/arrow_back:", type="tertiary", on_click=_back)
    alert = alert_services().stores.alerts.one(number)
    if alert is None:
        st.info(f"There is no alert {number}. It may have been deleted with old records.")
        return
    st.header(plain(f"Alert {alert.number} · {alert.title}"))
    st.fragment(_state, run_every=REFRESH_EVERY_S)(number)
    why, told = st.columns([3, 2], gap="large")
    with why:
        _why(alert)
        _picture(alert)
    with told:
        st.subheader("Who was told")
        st.fragment(_trail, run_every=REFRESH_EVERY_S)(number)


def _back() -> None:
    open_alert(None)


def _state(number: int) -> None:
    alert = alert_services().stores.alerts.one(number)
    if alert is None:
        return
    now_utc, zone = SystemClock().now_utc(), reader_zone()
    facts = (
        day_and_clock(alert.fired_utc, now_utc, zone),
        alert.camera_name,
        person(alert),
        f"{SEVERITY[alert.severity]} severity",
        course(alert, now_utc),
    )
    shown = " · ".join(fact[:1].upper() + fact[1:] for fact in facts if fact)
    st.markdown(f"{plain(shown)} {badge(alert)}")
    with st.container(horizontal=True, vertical_alignment="center", key="alert-answers"):
        if alert.answer is None:
            st.button(
                "Acknowledge",
                type="primary",
                key="alert-acknowledge",
                on_click=answer,
                args=(alert, Answer.ACKNOWLEDGED),
                help="Tells everybody that somebody is looking after it; no more reminders.",
            )
            st.button(
                "False alarm",
                key="alert-false",
                on_click=answer,
                args=(alert, Answer.FALSE_ALARM),
                help="Nothing was wrong. Helps to judge the settings later.",
            )
        else:
            at = (
                f", {day_and_clock(alert.answered_utc, now_utc, zone)}"
                if alert.answered_utc
                else ""
            )
            st.markdown(f":material/how_to_reg: {plain(answered(alert) + at)}")


def _why(alert: Alert) -> None:
    st.subheader("Why it fired")
    st.markdown(plain(alert.why.sentence))
    if alert.why.trail:
        st.plotly_chart(
            episode_chart(alert.why, alert.fired_utc, reader_zone()),
            key="alert-chart",
            config=CHART_CONFIG,
            alt="The score before it fired, with both lines; the time that counted is shaded",
        )
        st.caption("The shaded part is the time that counted.")


def _picture(alert: Alert) -> None:
    st.subheader("The picture")
    picture_jpeg = alert_services().stores.alerts.picture(alert.id) if alert.has_picture else None
    if picture_jpeg is not None:
        st.image(picture_jpeg, width="stretch", alt="The camera's picture when it fired")
        days = alert_services().stores.policy.load().picture_days
        st.caption(f"Kept for {days} days, then deleted.")
    else:
        with st.container(border=True):
            st.caption("No picture: it has expired, or none was taken.")


def _trail(number: int) -> None:
    services = alert_services()
    alert = services.stores.alerts.one(number)
    steps = services.stores.outbox.trail(alert.id) if alert is not None else ()
    if not steps:
        st.caption(
            "Held until the morning."
            if alert is not None and alert.held
            else "Nobody: there was no recipient when it fired."
        )
    for recipient, own in groupby(sorted(steps, key=_order), key=lambda step: step[1]):
        with st.container(border=True, gap="xsmall", key=f"alert-told-{recipient.id}"):
            st.markdown(f"**{plain(recipient.name)}** · {CHANNEL[recipient.channel]}")
            for delivery, _, attempts in own:
                st.markdown(delivery_text(delivery, attempts))


_Step = tuple[Delivery, Recipient, tuple[Attempt, ...]]


def _order(step: _Step) -> tuple[int, int, int]:
    delivery, recipient, _ = step
    return recipient.turn, recipient.id, delivery.id


def delivery_text(delivery: Delivery, attempts: Iterable[Attempt]) -> str:
    """Markdown: what was to be told and how far it is; below, each attempt in words."""
    colour = "orange" if delivery.state in FAILED else "gray"
    title = plain(delivery_title(delivery))
    repeat = ", marked as a possible repeat" if delivery.maybe_repeat else ""
    lines = [f"{_ICON[delivery.state]} {title}: :{colour}[{STATE[delivery.state]}{repeat}]"]
    for attempt in attempts:
        at = clock(attempt.at_utc, reader_zone(), seconds=True)
        lines.append(f":small[:gray[{at}] {plain(attempt.sentence)}]")
    return "  \n".join(lines)
