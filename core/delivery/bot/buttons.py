"""The buttons under an alert: acknowledge, snooze, false alarm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from core.alerts.alert import Alert, Answer
from core.clock import Clock
from core.delivery.bot.door import Door
from core.delivery.bot.incoming import Press, Sender
from core.delivery.stores import Stores
from core.delivery.words import who_answered
from core.records.recipient import Recipient

SNOOZE = timedelta(minutes=30)

NO_USE = "This button is no longer in use."
"""For strangers, for what the bot never sent, and for alerts that are not kept any more."""

_ANSWERS = {
    "ack": Answer.ACKNOWLEDGED,
    "snooze": Answer.SNOOZED,
    "false": Answer.FALSE_ALARM,
}
_DATA = re.compile(r"(ack|snooze|false):([0-9a-f]{1,40})", re.ASCII)


@dataclass(frozen=True)
class PressResult:
    """What the person who pressed reads at once, in at most 200 letters.

    Attributes:
        sentence: a passing note, or a small window where `loud`.
        loud: the press did not do what was asked.
        counted: something was recorded, so the outbox has news.
    """

    sentence: str
    loud: bool = False
    counted: bool = False


class Buttons:
    """Records presses. Blocks; of one thread.

    Args:
        stores: of the server.
        clock: for how long is left of a snooze.
        door: who may press.
        zone: of the times in sentences; the machine's own if None.
    """

    def __init__(
        self, stores: Stores, clock: Clock, door: Door, zone: tzinfo | None = None
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._door = door
        self._zone = zone

    def press(self, press: Press) -> PressResult:
        """Pressing twice, or after somebody else, changes nothing and says so.

        Raises:
            RecordsError: it could not be recorded.
        """
        recipient = self._door.recipient(press.sender)
        found = _DATA.fullmatch(press.data)
        alert = self._stores.alerts.by_id(found[2]) if recipient and found else None
        if recipient is None or press.sender is None or found is None or alert is None:
            return PressResult(NO_USE, loud=True)
        by = _who(recipient, press.sender)
        answer = _ANSWERS[found[1]]
        alert, first = self._stores.alerts.answer(alert.id, answer, by)
        if alert.answer is Answer.SNOOZED:
            self._snooze(alert)
        if first:
            return PressResult(self._thanks(alert), counted=True)
        return PressResult(_already(alert, by), loud=alert.answer is not answer)

    def _snooze(self, alert: Alert) -> None:
        """As long as the answer says; recorded again where an earlier press died before it."""
        until_utc = _snoozed_until(alert)
        same = (alert.camera_id, alert.rule_key, until_utc)
        known = {(s.camera_id, s.rule_key, s.until_utc) for s in self._stores.snoozes.active()}
        if until_utc > self._clock.now_utc() and same not in known:
            by = alert.answered_by or ""
            self._stores.snoozes.add(alert.camera_id, alert.rule_key, None, until_utc, by)

    def _thanks(self, alert: Alert) -> str:
        match alert.answer:
            case Answer.SNOOZED:
                until = f"{_snoozed_until(alert).astimezone(self._zone):%H:%M}"
                return f"“{alert.title}” stays quiet until {until} here. Everyone is told."
            case Answer.FALSE_ALARM:
                return f"Alert {alert.number} is noted as a false alarm. Everyone is told."
            case _:
                return f"Alert {alert.number} is yours. Everyone is told that you have taken it."


def _snoozed_until(alert: Alert) -> datetime:
    return (alert.answered_utc or alert.fired_utc) + SNOOZE


def _already(alert: Alert, by: str) -> str:
    who = "You have" if alert.answered_by == by else f"{who_answered(alert)} has"
    match alert.answer:
        case Answer.SNOOZED:
            return f"{who} already snoozed alert {alert.number}."
        case Answer.FALSE_ALARM:
            return f"{who} already called alert {alert.number} a false alarm."
        case _:
            return f"{who} already taken alert {alert.number}."


def _who(recipient: Recipient, sender: Sender) -> str:
    """In a group, whoever of it pressed."""
    if sender.is_group and sender.person:
        return f"{sender.person} ({recipient.name})"
    return recipient.name
