"""The rules in the sidebar: one at a time, three sliders to see, the rest folded away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.alerts.draft import NEGATIVE, OWN, PAIN, added, preset_of, removed, unread
from app.alerts.fields import (
    OWN_LABELS,
    bound,
    change,
    draft,
    fill,
    number,
    place,
    show_rule,
    slider,
    wrong,
)
from app.alerts.services import alert_services
from app.alerts.words import SEVERITY
from app.composition import model_cards, settings_store, usable_model
from app.palette import swatch
from app.words import plain
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from core.alerts.rule import AlertRule, CountRule, PersonRule, Severity
from core.errors import MienError
from core.expression.labels import FERPLUS8
from core.monitoring.analyser import ALERT_MODEL

_LOOKS_AT = {PAIN: "Pain", NEGATIVE: "Any negative expression", OWN: "My own choice"}
_LABELS = (*FERPLUS8, "pain")


def show_rules(policy: AlertPolicy) -> None:
    """Which rules there are, and the one that was chosen."""
    _kept(policy)
    rule = shown_rule(policy)
    if rule is None:
        st.caption("No rule looks at faces: nobody is told of an expression.")
    else:
        _preset(policy)
        if isinstance(rule, AlertRule):
            _lines(rule)
        else:
            _count(rule)
        _readable(rule)
    _add_and_remove(policy)


def fold_rule(policy: AlertPolicy) -> None:
    """What is seldom changed of the chosen rule."""
    rule = shown_rule(policy)
    if rule is not None:
        with st.expander("What it looks at"):
            _labels(rule)
        with st.expander("Finer settings"):
            _finer(rule)


def shown_rule(policy: AlertPolicy) -> PersonRule | None:
    """The chosen one; None where there are none."""
    if place() >= len(policy.rules):  # another session has removed some
        show_rule(0)
    return policy.rules[place()] if policy.rules else None


def _kept(policy: AlertPolicy) -> None:
    if len(policy.rules) > 1:
        shown_rule(policy)
        st.radio(
            "Rules",
            range(len(policy.rules)),
            format_func=lambda at: rule_words(policy.rules[at]),
            key=fill("tuning-rules", place()),
            on_change=lambda: show_rule(st.session_state["tuning-rules"]),
        )
    if len(policy.rules) > 1 or not all(rule.enabled for rule in policy.rules):
        _on_and_off(policy)


def _on_and_off(policy: AlertPolicy) -> None:
    rule = shown_rule(policy)
    if rule is not None:
        st.toggle("This rule is on", **bound("rule.enabled", rule.enabled))
        wrong("rule.enabled")


def rule_words(rule: PersonRule) -> str:
    """“Pain, high, off”."""
    off = "" if rule.enabled else ", off"
    return f"{plain(rule.title)}, {SEVERITY[rule.severity].lower()}{off}"


def _add_and_remove(policy: AlertPolicy) -> None:
    with st.container(horizontal=True):
        st.button("Add a rule", type="tertiary", icon=":material/add:", on_click=_add)
        if len(policy.rules) > 1:
            st.button("Remove this rule", type="tertiary", on_click=_remove, args=(place(),))


def _add() -> None:
    show_rule(_save(added, -1))


def _remove(at: int) -> None:
    _save(lambda policy: removed(policy, at), 0)
    show_rule(0)


def _save(made: Callable[[AlertPolicy], AlertPolicy], at: int) -> int:
    """Where the rule to be shown then stands."""
    store = alert_services().stores.policy
    try:
        policy = made(store.load())
        store.save(policy)
    except MienError as error:
        st.toast(plain(error.sentence), icon=":material/warning:")
        return place()
    return range(len(policy.rules))[at] if policy.rules else 0


def _readable(rule: PersonRule) -> None:
    """A rule that no model can serve must not look as if it watched."""
    known = _known_labels()
    missing = unread(rule.labels, known)
    if not known or not missing:  # without any model Live itself says so
        return
    named = plain(" or ".join(f"“{swatch(label).word}”" for label in missing))
    if len(missing) == len(rule.labels):
        sentence = f"No model in use reads {named}, so this rule never tells anybody."
        st.warning(f"{sentence} Choose another model, or look at something else.")
    else:
        st.caption(f"No model in use reads {named}; the rule goes by the rest.")


def _known_labels() -> frozenset[str]:
    """Of the model that Live uses, and of the one that reads for the alert."""
    cards = {card.name: card for card in model_cards()}
    if not cards:
        return frozenset()
    used = {usable_model(settings_store().current.model), ALERT_MODEL}
    return frozenset(label for name in used & cards.keys() for label in cards[name].labels)


def _preset(policy: AlertPolicy) -> None:
    titles = {key: preset.title for key, preset in PRESETS.items()} | {OWN: "My own settings"}
    now = preset_of(policy, place())
    offered = [key for key in titles if key != OWN or now == OWN]
    st.selectbox("Rule", offered, format_func=titles.__getitem__, **bound("preset", now))
    if now != OWN:
        st.caption(plain(PRESETS[now].description))
    wrong("preset")


def _lines(rule: AlertRule) -> None:
    slider("Upper line", "rule.enter", rule.enter, (0.05, 0.95), 0.05, "percent", _ENTER_HELP)
    slider("Lower line", "rule.exit", rule.exit, (0.0, 0.9), 0.05, "percent", _EXIT_HELP)
    slider("Must last", "rule.dwell_s", rule.dwell_s, (1.0, 60.0), 1.0, "%d s", _DWELL_HELP)


_ENTER_HELP = "When the score reaches this line, the clock of “Must last” starts."
_EXIT_HELP = "Below this line the episode begins to be over. Lower than the upper line."
_DWELL_HELP = "So long must the score stay up before somebody is told."


def _count(rule: CountRule) -> None:
    number("More than … negatives", "rule.more_than", rule.more_than, (1, 500), 1)
    number("… in the last … readings", "rule.of_last", rule.of_last, (2, 1000), 1)
    number("Seconds between two alerts", "rule.apart_s", rule.apart_s, (1.0, 3600.0), 1.0)


def _labels(rule: AlertRule | CountRule) -> None:
    looks_at = _looks_at(rule.labels)
    st.radio(
        "Expressions",
        list(_LOOKS_AT),
        format_func=_LOOKS_AT.__getitem__,
        key=fill("tuning-looks-at", looks_at),
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
            **bound("rule.labels", list(rule.labels)),
        )
    wrong("rule.labels")


def _looks_at(labels: tuple[str, ...]) -> str:
    if st.session_state.get(OWN_LABELS) or "rule.labels" in draft():
        return OWN
    known = {frozenset(PRESETS[key].rule.labels): key for key in (PAIN, NEGATIVE)}
    return known.get(frozenset(labels), OWN)


def _choose_labels() -> None:
    chosen = st.session_state["tuning-looks-at"]
    st.session_state[OWN_LABELS] = chosen == OWN
    if chosen != OWN:
        change("rule.labels", PRESETS[chosen].rule.labels)


def _finer(rule: AlertRule | CountRule) -> None:
    if isinstance(rule, AlertRule):
        number("Readings, at least", "rule.min_readings", rule.min_readings, (1, 500), 1)
        slider("Coverage", "rule.coverage", rule.coverage, (0.1, 1.0), 0.05, "percent", _COVER)
        number("Overlook dips of … s", "rule.grace_s", rule.grace_s, (0.0, 30.0), 0.5)
        number("Median over … s", "rule.window_s", rule.window_s, (1.0, 30.0), 1.0)
        number("Over after … s below", "rule.clear_after_s", rule.clear_after_s, (1, 600), 1.0)
        number("Pause after an episode, s", "rule.cooldown_s", rule.cooldown_s, (0, 3600), 10.0)
    st.selectbox(
        "Severity",
        list(Severity),
        format_func=SEVERITY.__getitem__,
        help="High is sent in quiet hours too, and first.",
        **bound("rule.severity", rule.severity),
    )
    wrong("rule.severity")


_COVER = "Share of the seconds in which the face must have been readable."
