"""Episodes, deliveries and recipients in words. Plain text: escape before Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from app.alerts.when import day_and_clock, lasting
from core.alerts.alert import DASHBOARD, Alert, Answer
from core.alerts.change import Ending
from core.alerts.rule import Severity
from core.records.delivery import Delivery, Kind, State
from core.records.recipient import ChannelKind, Recipient

CHANNEL = {
    ChannelKind.TELEGRAM: "Telegram",
    ChannelKind.EMAIL: "E-mail",
    ChannelKind.DRY_RUN: "Dry run",
}
SEVERITY = {Severity.HIGH: "High", Severity.MEDIUM: "Medium"}
ANSWER = {
    Answer.ACKNOWLEDGED: "Acknowledged",
    Answer.SNOOZED: "Snoozed",
    Answer.FALSE_ALARM: "False alarm",
}
KIND = {
    Kind.ALERT: "Alert",
    Kind.UPDATE: "Update of the message",
    Kind.DIGEST: "Morning digest",
    Kind.NOTICE: "Notice",
    Kind.TEST: "Test message",
}
STATE = {
    State.WAITING: "waiting",
    State.SENDING: "on its way",
    State.SENT: "delivered",
    State.UNCERTAIN: "may have arrived",
    State.REFUSED: "not delivered",
    State.EXPIRED: "given up",
    State.CANCELLED: "no longer needed",
}
FAILED = frozenset({State.REFUSED, State.EXPIRED})


def course(alert: Alert, now_utc: datetime) -> str:
    """How it ended, or that it goes on."""
    if alert.over_utc is None:
        return f"Going on for {lasting((now_utc - alert.fired_utc).total_seconds())}"
    lasted = lasting((alert.over_utc - alert.fired_utc).total_seconds())
    match alert.ending:
        case Ending.STOPPED:
            return f"The watch ended after {lasted}"
        case Ending.HIDDEN:
            return f"After {lasted} something graver about the camera took its place"
        case Ending.UNSEEN:
            return f"The person was not seen any more; closed after {lasted}"
        case Ending.RENEWED:
            return f"Went on after a snooze, under a new number, after {lasted}"
        case _:
            return f"Over after {lasted}"


def answered(alert: Alert) -> str:
    """Who answered what, or that nobody has."""
    if alert.answer is None:
        return "Held for the morning" if alert.held else "Nobody has answered"
    who = alert.answered_by or "somebody"
    on_page = who == DASHBOARD
    match alert.answer:
        case Answer.ACKNOWLEDGED:
            return "Taken on the dashboard" if on_page else f"{who} has taken it"
        case Answer.SNOOZED:
            return "Snoozed on the dashboard" if on_page else f"Snoozed by {who}"
        case Answer.FALSE_ALARM:
            return "Marked as a false alarm here" if on_page else f"False alarm, says {who}"


def person(alert: Alert) -> str:
    """“person 2”; empty where the camera itself is meant."""
    return "" if alert.person is None else f"person {alert.person}"


def delivery_title(delivery: Delivery) -> str:
    """“Alert”, “Reminder 2”."""
    if delivery.kind is Kind.REMINDER:
        return f"Reminder {delivery.reminder}"
    return KIND[delivery.kind]


def escalation(recipients: Sequence[Recipient], reminders: int, reminder_every_s: float) -> str:
    """Who is told when, in one sentence; those that can't be reached are left out."""
    turns: dict[int, list[str]] = {}
    for recipient in recipients:
        if recipient.disabled_why is None:
            turns.setdefault(recipient.turn, []).append(recipient.name)
    if not turns:
        return "Nobody is told."
    first, *later = sorted(turns)
    are = "is" if len(turns[first]) == 1 else "are"
    parts = [f"{_named(turns[first])} {are} told at once"]
    wait_s = (reminders + 1) * reminder_every_s
    for place, turn in enumerate(later, start=1):
        after = lasting(wait_s * place)
        nobody = "if nobody has answered " if turn == later[0] else ""
        parts.append(f"{nobody}after {after}, {_named(turns[turn])}")
    reminded = (
        f" Whoever was told is reminded {_times(reminders)}, every {lasting(reminder_every_s)}, "
        "until somebody answers."
        if reminders
        else " There are no reminders."
    )
    return f"{'; '.join(parts)}.{reminded}"


def standing_of(recipient: Recipient, now_utc: datetime, zone: tzinfo | None) -> str:
    """What keeps a recipient from being told, or that nothing does."""
    if recipient.disabled_why is not None:
        return recipient.disabled_why
    if recipient.muted_until_utc is not None and recipient.muted_until_utc > now_utc:
        return f"Muted until {day_and_clock(recipient.muted_until_utc, now_utc, zone)}"
    return "Will be told"


def short_email(address: str) -> str:
    """Enough to tell two apart, too little to copy: “an…@example.org”."""
    name, _, host = address.rpartition("@")
    return f"{name[:2]}…@{host}"


def _named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
