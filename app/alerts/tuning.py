"""The alert rule in the sidebar: three sliders to see, the rest folded away. Kept by the server."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from app.alerts.draft import (
    NEGATIVE,
    OWN,
    PAIN,
    changed,
    hours,
    preset_of,
)
from app.alerts.forecast import Forecast
from app.alerts.services import alert_services
from app.alerts.when import lasting
from app.alerts.words import SEVERITY
from app.palette import swatch
from app.words import counted, plain
from core.alerts.hours import LOCAL
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from core.alerts.rule import AlertRule, CountRule, Severity, Signal
from core.errors import MienError, RuleError
from core.expression.labels import FERPLUS8

_DRAFT = "tuning-draft"
_WRONG = "tuning-wrong"

_LOOKS_AT = {PAIN: "Pain", NEGATIVE: "Any negative expression", OWN: "My own choice"}
_LABELS = (*FERPLUS8, "pain")
_WATCH_HELP = {
    Signal.ABSENT: "Nobody was seen for so long, in waking hours.",
    Signal.CAMERA_LOST: "Pictures stopped coming although nobody pressed STOP.",
    Signal.FROZEN: "Pictures of somebody come, but all are the same.",
    Signal.DARK: "Too dark to read a face.",
}
_MINUTE_S = 60.0


def alert_tuning() -> None:
    """All alert settings, in the sidebar of Live and Alerts; trouble is said and breaks nothing."""
    with st.sidebar:
        st.subheader("When to alert")
        try:
            store = alert_services().stores.policy
            policy = store.load()
            if store.trouble is not None:
                st.warning(plain(store.trouble), icon=":material/warning:")
            _rule(policy)
            st.fragment(_forecast, run_every=_forecast_every_s(policy))(policy)
            _folded(policy)
        except MienError as error:
            st.warning(plain(error.sentence), icon=":material/warning:")


def _rule(policy: AlertPolicy) -> None:
    _preset(policy)
    rule = policy.rules[0]
    if isinstance(rule, AlertRule):
        _lines(rule)
    else:
        _count(rule)


def _folded(policy: AlertPolicy) -> None:
    rule = policy.rules[0]
    with st.expander("What it looks at"):
        _labels(rule)
    with st.expander("Finer settings"):
        _finer(rule)
    with st.expander("Quiet hours"):
        _quiet(policy)
    with st.expander("Watching the watcher"):
        _watches(policy)
    with st.expander("Reminders and keeping"):
        _reminders(policy)


def _preset(policy: AlertPolicy) -> None:
    titles = {key: preset.title for key, preset in PRESETS.items()} | {OWN: "My own settings"}
    now = preset_of(policy)
    offered = [key for key in titles if key != OWN or now == OWN]
    st.selectbox("Rule", offered, format_func=titles.__getitem__, **_bound("preset", now))
    if now != OWN:
        st.caption(plain(PRESETS[now].description))
    _wrong("preset")


def _lines(rule: AlertRule) -> None:
    _slider("Upper line", "rule.enter", rule.enter, (0.05, 0.95), 0.05, "percent", _ENTER_HELP)
    _slider("Lower line", "rule.exit", rule.exit, (0.0, 0.9), 0.05, "percent", _EXIT_HELP)
    _slider("Must last", "rule.dwell_s", rule.dwell_s, (1.0, 60.0), 1.0, "%d s", _DWELL_HELP)


_ENTER_HELP = "When the score reaches this line, the clock of “Must last” starts."
_EXIT_HELP = "Below this line the episode begins to be over. Lower than the upper line."
_DWELL_HELP = "So long must the score stay up before somebody is told."


def _count(rule: CountRule) -> None:
    _number("More than … negatives", "rule.more_than", rule.more_than, (1, 500), 1)
    _number("… in the last … readings", "rule.of_last", rule.of_last, (2, 1000), 1)
    _number("Seconds between two alerts", "rule.apart_s", rule.apart_s, (1.0, 3600.0), 1.0)


def _labels(rule: AlertRule | CountRule) -> None:
    looks_at = _looks_at(rule.labels)
    st.radio(
        "Expressions",
        list(_LOOKS_AT),
        format_func=_LOOKS_AT.__getitem__,
        key=_fill("tuning-looks-at", looks_at),
        on_change=_choose_labels,
        label_visibility="collapsed",
    )
    if looks_at == OWN:
        st.multiselect(
            "Which ones",
            list(_LABELS),
            format_func=lambda label: swatch(label).title,
            help="Their probabilities are added up.",
            placeholder="Choose some",
            **_bound("rule.labels", list(rule.labels)),
        )
    _wrong("rule.labels")


_OWN_LABELS = "tuning-own-labels"


def _looks_at(labels: tuple[str, ...]) -> str:
    if st.session_state.get(_OWN_LABELS) or "rule.labels" in _draft():
        return OWN
    known = {frozenset(PRESETS[key].rule.labels): key for key in (PAIN, NEGATIVE)}
    return known.get(frozenset(labels), OWN)


def _choose_labels() -> None:
    chosen = st.session_state["tuning-looks-at"]
    st.session_state[_OWN_LABELS] = chosen == OWN
    if chosen != OWN:
        _change("rule.labels", PRESETS[chosen].rule.labels)


def _finer(rule: AlertRule | CountRule) -> None:
    if isinstance(rule, AlertRule):
        _number("Readings, at least", "rule.min_readings", rule.min_readings, (1, 500), 1)
        _slider("Coverage", "rule.coverage", rule.coverage, (0.1, 1.0), 0.05, "percent", _COVER)
        _number("Overlook dips of … s", "rule.grace_s", rule.grace_s, (0.0, 30.0), 0.5)
        _number("Median over … s", "rule.window_s", rule.window_s, (1.0, 30.0), 1.0)
        _number("Over after … s below", "rule.clear_after_s", rule.clear_after_s, (1, 600), 1.0)
        _number("Pause after an episode, s", "rule.cooldown_s", rule.cooldown_s, (0, 3600), 10.0)
    st.selectbox(
        "Severity",
        list(Severity),
        format_func=SEVERITY.__getitem__,
        help="High is sent in quiet hours too, and first.",
        **_bound("rule.severity", rule.severity),
    )
    _wrong("rule.severity")


_COVER = "Share of the seconds in which the face must have been readable."


def _quiet(policy: AlertPolicy) -> None:
    st.toggle(
        "Hold medium alerts at night",
        help="They are kept, and told together in the morning.",
        **_bound("quiet.on", policy.quiet is not None),
    )
    if policy.quiet is not None:
        _hours(policy, "quiet")
        st.toggle(
            "Hold high alerts too",
            help="Nobody is told of pain until the morning. Think twice.",
            **_bound("policy.quiet_holds_high", policy.quiet_holds_high),
        )
        _wrong("policy.quiet_holds_high")


def _hours(policy: AlertPolicy, name: str) -> None:
    kept = hours(policy, name)
    begin, end = st.columns(2)
    begin.time_input("From", **_bound(f"{name}.start", kept.start))
    end.time_input("To", **_bound(f"{name}.end", kept.end))
    _wrong(f"{name}.start", f"{name}.end")
    st.selectbox(
        "Time zone",
        _zones(),
        format_func=lambda zone: "This machine's" if zone == LOCAL else zone.replace("_", " "),
        **_bound(f"{name}.zone", kept.zone),
    )
    _wrong(f"{name}.zone")


@cache
def _zones() -> tuple[str, ...]:
    return (LOCAL, *sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


def _watches(policy: AlertPolicy) -> None:
    for watch in policy.watches:
        name = f"watch.{watch.signal.value}"
        st.toggle(
            watch.title,
            help=_WATCH_HELP.get(watch.signal),
            **_bound(f"{name}.enabled", watch.enabled),
        )
        if watch.enabled:
            _minutes("for … minutes", f"{name}.after_s", watch.after_s, (0.5, 720.0), 0.5)
        if watch.signal is Signal.ABSENT and watch.enabled:
            st.caption("Counts between these hours:")
            _hours(policy, "waking")


def _reminders(policy: AlertPolicy) -> None:
    _number("Reminders until somebody answers", "policy.reminders", policy.reminders, (0, 20), 1)
    every_s = policy.reminder_every_s
    _minutes("Minutes between them", "policy.reminder_every_s", every_s, (0.5, 120.0), 0.5)
    deadline_s = policy.deadline_s
    _minutes("Give up sending after … minutes", "policy.deadline_s", deadline_s, (1.0, 1440.0), 5.0)
    days = policy.picture_days
    _number("Delete pictures after … days", "policy.picture_days", days, (1, 365), 1)


def _slider(
    title: str,
    name: str,
    value: float,
    between: tuple[float, float],
    step: float,
    form: str,
    help_: str,
) -> None:
    least, most = _including(value, between)
    st.slider(title, least, most, step=step, format=form, help=help_, **_bound(name, value))
    _wrong(name)


def _number(title: str, name: str, value: float, between: tuple[float, float], step: float) -> None:
    kind = int if isinstance(step, int) else float
    least, most = (kind(limit) for limit in _including(value, between))
    bound = _bound(name, kind(value))
    st.number_input(title, least, most, step=step, format=None if kind is int else "%g", **bound)
    _wrong(name)


def _minutes(
    title: str, name: str, value_s: float, between_min: tuple[float, float], step_min: float
) -> None:
    least, most = _including(value_s / _MINUTE_S, between_min)
    st.number_input(
        title,
        least,
        most,
        step=step_min,
        format="%g",
        **_bound(name, value_s / _MINUTE_S, scale=_MINUTE_S),
    )
    _wrong(name)


def _including(value: float, between: tuple[float, float]) -> tuple[float, float]:
    """Trap: a widget refuses a value outside its limits, and a policy may hold any."""
    return min(between[0], value), max(between[1], value)


def _draft() -> dict[str, Any]:
    """What was typed and makes no sense yet, by field."""
    draft: dict[str, Any] = st.session_state.setdefault(_DRAFT, {})
    return draft


def _bound(name: str, value: object, scale: float | None = None) -> dict[str, Any]:
    """Key and callback that tie a widget to one field.

    The server's value is written into the widget at each run, as Streamlit forgets it between
    pages; what could not be saved yet stays as it was typed.
    """
    value = _draft().get(name, value)
    if scale is not None and name in _draft():
        value = _draft()[name] / scale
    key = _fill(f"tuning-{name}", value)
    return {"key": key, "on_change": _keep, "args": (name, key, scale)}


def _fill(key: str, value: object) -> str:
    st.session_state[key] = value
    return key


def _keep(name: str, key: str, scale: float | None) -> None:
    value = st.session_state[key]
    _change(name, value if scale is None else value * scale)


def _change(name: str, value: object) -> None:
    """Save all that is changed, or keep it as a draft with the sentence that says why not."""
    if value is None:
        return
    if name == "preset":  # a fresh start
        st.session_state[_DRAFT] = {}
        st.session_state[_OWN_LABELS] = False
    draft = {**_draft(), name: value}
    st.session_state[_WRONG] = None
    try:
        store = alert_services().stores.policy
        store.save(changed(store.load(), draft))
    except RuleError as error:
        st.session_state[_DRAFT] = draft
        st.session_state[_WRONG] = (name, error.sentence)
    except MienError as error:
        st.session_state[_WRONG] = (name, error.sentence)
    else:
        st.session_state[_DRAFT] = {}


def _wrong(*names: str) -> None:
    wrong: tuple[str, str] | None = st.session_state.get(_WRONG)
    if wrong is not None and wrong[0] in names:
        st.warning(f"{plain(wrong[1])} Not saved yet.", icon=":material/warning:")


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
        f"**{counted(forecast.alerts, 'alert')}**, from {lasting(forecast.recorded_s)} of "
        "recordings."
    )
