"""The alert settings in the sidebar. Kept by the server."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import streamlit as st

from app.alerts.draft import hours
from app.alerts.fields import bound, minutes, number, wrong
from app.alerts.forecast import Forecast
from app.alerts.rule_settings import fold_rule, show_rules
from app.alerts.services import alert_services
from app.alerts.when import lasting
from app.alerts.words import SEVERITY
from app.words import counted, plain
from core.alerts.hours import LOCAL
from core.alerts.policy import AlertPolicy
from core.alerts.rule import Severity, Signal
from core.errors import MienError

_WATCH_HELP = {
    Signal.ABSENT: "Nobody was seen for so long, in waking hours.",
    Signal.CAMERA_LOST: "Pictures stopped coming although nobody pressed STOP.",
    Signal.FROZEN: "Pictures of somebody come, but all are the same.",
    Signal.DARK: "Too dark to read a face.",
}


def alert_tuning() -> None:
    """All alert settings, in the sidebar of Live and Alerts; trouble is said and breaks nothing."""
    with st.sidebar:
        st.subheader("When to alert")
        try:
            store = alert_services().stores.policy
            policy = store.load()
            if store.trouble is not None:
                st.warning(plain(store.trouble), icon=":material/warning:")
            show_rules(policy)
            st.fragment(_forecast, run_every=_forecast_every_s(policy))(policy)
            _folded(policy)
        except MienError as error:
            st.warning(plain(error.sentence), icon=":material/warning:")


def _folded(policy: AlertPolicy) -> None:
    fold_rule(policy)
    with st.expander("Quiet hours"):
        _quiet(policy)
    with st.expander("Watching the watcher"):
        _watches(policy)
    with st.expander("Reminders and keeping"):
        _reminders(policy)


def _quiet(policy: AlertPolicy) -> None:
    st.toggle(
        "Hold medium alerts at night",
        help="They are kept, and told together in the morning.",
        **bound("quiet.on", policy.quiet is not None),
    )
    if policy.quiet is not None:
        _hours(policy, "quiet")
        st.toggle(
            "Hold high alerts too",
            help="Nobody is told of pain until the morning. Think twice.",
            **bound("policy.quiet_holds_high", policy.quiet_holds_high),
        )
        wrong("policy.quiet_holds_high")


def _hours(policy: AlertPolicy, name: str) -> None:
    kept = hours(policy, name)
    begin, end = st.columns(2)
    begin.time_input("From", **bound(f"{name}.start", kept.start))
    end.time_input("To", **bound(f"{name}.end", kept.end))
    wrong(f"{name}.start", f"{name}.end")
    st.selectbox(
        "Time zone",
        _zones(),
        format_func=lambda zone: "This machine's" if zone == LOCAL else zone.replace("_", " "),
        **bound(f"{name}.zone", kept.zone),
    )
    wrong(f"{name}.zone")


@cache
def _zones() -> tuple[str, ...]:
    return (LOCAL, *sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


def _watches(policy: AlertPolicy) -> None:
    for watch in policy.watches:
        name = f"watch.{watch.signal.value}"
        st.toggle(
            watch.title,
            help=_WATCH_HELP.get(watch.signal),
            **bound(f"{name}.enabled", watch.enabled),
        )
        if watch.enabled:
            minutes("for … minutes", f"{name}.after_s", watch.after_s, (0.5, 720.0), 0.5)
            st.radio(
                "Severity",
                list(Severity),
                format_func=SEVERITY.__getitem__,
                horizontal=True,
                label_visibility="collapsed",
                **bound(f"{name}.severity", watch.severity),
            )
        if watch.signal is Signal.ABSENT and watch.enabled:
            st.caption("Counts between these hours:")
            _hours(policy, "waking")


def _reminders(policy: AlertPolicy) -> None:
    number("Reminders until somebody answers", "policy.reminders", policy.reminders, (0, 20), 1)
    every_s = policy.reminder_every_s
    minutes("Minutes between them", "policy.reminder_every_s", every_s, (0.5, 120.0), 0.5)
    deadline_s = policy.deadline_s
    minutes("Give up sending after … minutes", "policy.deadline_s", deadline_s, (1.0, 1440.0), 5.0)
    days = policy.picture_days
    number("Delete pictures after … days", "policy.picture_days", days, (1, 365), 1)


def _forecast_every_s(policy: AlertPolicy) -> float | None:
    return 1.0 if alert_services().forecaster.ask(policy) is None else None


def _forecast(policy: AlertPolicy) -> None:
    try:
        forecast = alert_services().forecaster.ask(policy)
    except MienError as error:
        st.caption(plain(error.sentence))
    else:
        st.caption(forecast_sentence(forecast))


def forecast_sentence(forecast: Forecast | None) -> str:
    """What the last day would have been like."""
    if forecast is None:
        return "Counting what the last 24 hours would have given …"
    if forecast.failed:
        return "The recordings of the last 24 hours can't be read now."
    if not forecast.recorded_s:
        return (
            "Once a camera has been watched, this tells how many alerts the last 24 hours would "
            "have given."
        )
    return (
        f"With these settings the last 24 hours would have given "
        f"**{counted(forecast.alerts, 'alert')}**{_each(forecast)}, from "
        f"{lasting(forecast.recorded_s)} of recordings."
    )


def _each(forecast: Forecast) -> str:
    """Where several rules would have told: how often each."""
    each = ", ".join(f"{plain(title)} {alerts}" for title, alerts in forecast.by_title)
    return f" ({each})" if len(forecast.by_title) > 1 else ""
