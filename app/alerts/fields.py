"""The widgets of the alert settings, each tied to one field. Kept by the server."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.alerts.draft import changed
from app.alerts.services import alert_services
from app.words import plain
from core.errors import MienError, RuleError

_DRAFT = "tuning-draft"
_WRONG = "tuning-wrong"
_PLACE = "tuning-place"
OWN_LABELS = "tuning-own-labels"
_MINUTE_S = 60.0


def place() -> int:
    """Of the rule that is shown, among those kept."""
    return int(st.session_state.get(_PLACE, 0))


def show_rule(number: int) -> None:
    """Another rule; what was typed for the one before and made no sense is dropped."""
    st.session_state[_PLACE] = number
    start_afresh()


def start_afresh() -> None:
    """Drop what was typed and not saved."""
    st.session_state[_DRAFT] = {}
    st.session_state[_WRONG] = None
    st.session_state[OWN_LABELS] = False


def slider(
    title: str,
    name: str,
    value: float,
    between: tuple[float, float],
    step: float,
    form: str,
    help_: str,
) -> None:
    """Of the chosen rule; a value outside the limits widens them."""
    least, most = _including(value, between)
    st.slider(title, least, most, step=step, format=form, help=help_, **bound(name, value))
    wrong(name)


def number(title: str, name: str, value: float, between: tuple[float, float], step: float) -> None:
    """Whole where `step` is."""
    kind = int if isinstance(step, int) else float
    least, most = (kind(limit) for limit in _including(value, between))
    form = None if kind is int else "%g"
    st.number_input(title, least, most, step=step, format=form, **bound(name, kind(value)))
    wrong(name)


def minutes(
    title: str, name: str, value_s: float, between_min: tuple[float, float], step_min: float
) -> None:
    """Shown in minutes, kept in seconds."""
    least, most = _including(value_s / _MINUTE_S, between_min)
    st.number_input(
        title,
        least,
        most,
        step=step_min,
        format="%g",
        **bound(name, value_s / _MINUTE_S, scale=_MINUTE_S),
    )
    wrong(name)


def _including(value: float, between: tuple[float, float]) -> tuple[float, float]:
    """Trap: a widget refuses a value outside its limits, and a policy may hold any."""
    return min(between[0], value), max(between[1], value)


def draft() -> dict[str, Any]:
    """What was typed and makes no sense yet, by field."""
    typed: dict[str, Any] = st.session_state.setdefault(_DRAFT, {})
    return typed


def bound(name: str, value: object, scale: float | None = None) -> dict[str, Any]:
    """Key and callback that tie a widget to one field.

    The server's value is written into the widget at each run, as Streamlit forgets it between
    pages; what could not be saved yet stays as it was typed.
    """
    value = draft().get(name, value)
    if scale is not None and name in draft():
        value = draft()[name] / scale
    key = fill(f"tuning-{name}", value)
    return {"key": key, "on_change": _keep, "args": (name, key, scale)}


def fill(key: str, value: object) -> str:
    """The key of a widget that shows this value."""
    st.session_state[key] = value
    return key


def _keep(name: str, key: str, scale: float | None) -> None:
    value = st.session_state[key]
    change(name, value if scale is None else value * scale)


def change(name: str, value: object) -> None:
    """Save all that is changed, or keep it as a draft with the sentence that says why not."""
    if value is None:
        return
    if name == "preset":
        start_afresh()
    typed = {**draft(), name: value}
    st.session_state[_WRONG] = None
    try:
        store = alert_services().stores.policy
        store.save(changed(store.load(), typed, place()))
    except RuleError as error:
        st.session_state[_DRAFT] = typed
        st.session_state[_WRONG] = (name, error.sentence)
    except MienError as error:
        st.session_state[_WRONG] = (name, error.sentence)
    else:
        st.session_state[_DRAFT] = {}


def wrong(*names: str) -> None:
    """The sentence on what was typed into one of these fields and cannot be saved."""
    found: tuple[str, str] | None = st.session_state.get(_WRONG)
    if found is not None and found[0] in names:
        st.warning(f"{plain(found[1])} Not saved yet.", icon=":material/warning:")
