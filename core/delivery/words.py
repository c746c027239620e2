"""What carers read: plain words, the alert's number, times as on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from core.alerts.alert import DASHBOARD, Alert, Answer, NewAlert
from core.alerts.change import Ending
from core.alerts.rule import Signal
from core.delivery.channel import Button

REPEAT = "Possible repeat: this may have reached you before."

# Later than this, a message says that it is late.
_LATE = timedelta(minutes=2)

_OF_CAMERA = {
    Signal.ABSENT: "Nobody has been seen for a while, please check.",
    Signal.CAMERA_LOST: "The camera sends no picture. Nobody is being watched there; please check.",
    Signal.FROZEN: "The camera's picture stands still. Please check the camera.",
    Signal.DARK: "It is too dark to see a face. Please check.",
}


def cut(text: str, letters: int) -> str:
    """At most so many letters as Telegram counts them (UTF-16), cut at a word with an ellipsis."""
    if _length(text) <= letters:
        return text
    while _length(text) > letters - 2:
        text = text[: min(len(text) - 1, letters - 2)]
    whole_words = text.rsplit(maxsplit=1)[0] if " " in text[-40:] else text
    return f"{whole_words.rstrip()} …"


def headline(alert: Alert | NewAlert) -> str:
    """Mien · Alert 17 · Kitchen camera"""
    number = f"Alert {alert.number}" if isinstance(alert, Alert) else "Alert"
    return f"Mien · {number} · {_one_line(alert.camera_name)}"


def alert_text(
    alert: Alert | NewAlert,
    now_utc: datetime,
    *,
    maybe_repeat: bool = False,
    reminder: int = 0,
    zone: tzinfo | None = None,
) -> str:
    """The message of an episode as it stands now; also what its edits read.

    Args:
        alert: as recorded, or as handed over while the database is away.
        now_utc: for "this message is late".
        maybe_repeat: an earlier attempt may have arrived.
        reminder: 1 for the first reminder, 0 for the alert itself.
        zone: of the times; the machine's own if None.
    """
    lines = [headline(alert)]
    if reminder:
        lines.append(f"Reminder {reminder}: nobody has answered yet.")
    if maybe_repeat:
        lines.append(REPEAT)
    lines += [please_check(alert), _since(alert, now_utc, zone)]
    if alert.why.sentence:
        lines.append(alert.why.sentence)
    if isinstance(alert, Alert):
        lines += news(alert, now_utc, zone)
        late = not alert.held and not reminder and alert.answer is None and alert.is_open
    else:
        late = True
    if late and now_utc - alert.fired_utc >= _LATE:
        minutes = int((now_utc - alert.fired_utc).total_seconds() // 60)
        lines.append(f"This message is {minutes} min late: it could not be sent before.")
    return "\n".join(lines)


def please_check(alert: Alert | NewAlert) -> str:
    """What the carer is asked to do."""
    if alert.signal is not Signal.EXPRESSION:
        return _OF_CAMERA[alert.signal]
    if "pain" in {alert.rule_key, alert.title.lower()}:
        return "May be in pain, please check."
    return f"{_one_line(alert.title)}: please check."


def news(alert: Alert, now_utc: datetime, zone: tzinfo | None = None) -> list[str]:
    """That it is over, that somebody took it; nothing while neither is so."""
    lines = []
    if alert.over_utc is not None:
        at = moment(alert.over_utc, now_utc, zone)
        match alert.ending:
            case Ending.STOPPED:
                lines.append(f"The watch ended at {at}.")
            case Ending.HIDDEN:
                lines.append(f"Since {at} the camera shows too little to tell.")
            case Ending.UNSEEN:
                lines.append(f"At {at} nobody had been seen for long; it may not be over.")
            case Ending.RENEWED:
                lines.append(f"Since {at} it goes on under a new alert.")
            case _:
                lines.append(f"It is over since {at}.")
    by = _one_line(who_answered(alert))
    match alert.answer:
        case Answer.ACKNOWLEDGED:
            lines.append(f"{by} has taken it.")
        case Answer.SNOOZED:
            lines.append(f"{by} has taken it, and snoozed it.")
        case Answer.FALSE_ALARM:
            lines.append(f"{by} called it a false alarm.")
        case None:
            pass
    return lines


def who_answered(alert: Alert) -> str:
    """To begin a sentence with."""
    if alert.answered_by == DASHBOARD:
        return f"Somebody at {DASHBOARD}"
    return alert.answered_by or "Somebody"


def buttons(alert_id: str) -> tuple[tuple[Button, ...], ...]:
    """Under an alert, until somebody answers."""
    return (
        (Button("Acknowledge", f"ack:{alert_id}"),),
        (Button("Snooze 30 min", f"snooze:{alert_id}"), Button("False alarm", f"false:{alert_id}")),
    )


def digest_text(held: Sequence[Alert], now_utc: datetime, zone: tzinfo | None = None) -> str:
    """What quiet hours held back, oldest first."""
    alerts = "1 alert" if len(held) == 1 else f"{len(held)} alerts"
    lines = [f"Mien · Held back during quiet hours: {alerts}"]
    for alert in sorted(held, key=lambda held_alert: held_alert.number):
        at = moment(alert.fired_utc, now_utc, zone)
        state = " ".join(news(alert, now_utc, zone)) or "It is not over yet."
        lines.append(
            f"Alert {alert.number} · {_one_line(alert.camera_name)} · {at} · "
            f"{_one_line(alert.title)}. {state}"
        )
    return "\n".join(lines)


def gone_text(name: str, channel: str, alert: Alert | None) -> str:
    """To the others, when somebody cannot be reached any more."""
    text = (
        f"Mien · A recipient is gone\n{_one_line(name)} cannot be reached by {channel} any more, "
        "and gets no messages until linked again."
    )
    if alert is None:
        return text
    title = headline(alert).removeprefix("Mien · ")
    return f"{text}\n{title} did not reach them: {please_check(alert)}"


def test_text() -> str:
    """What the test button sends."""
    return (
        "Mien · Test message\n"
        "This is how alerts from Mien reach you. Nothing has happened, and nothing is to be done."
    )


test_text.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test of its own


def moment(at_utc: datetime, now_utc: datetime, zone: tzinfo | None = None) -> str:
    """14:02:11; with the day where that is not today."""
    at, now = at_utc.astimezone(zone), now_utc.astimezone(zone)
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%d %b %H:%M:%S}"


def _since(alert: Alert | NewAlert, now_utc: datetime, zone: tzinfo | None) -> str:
    began_utc = alert.why.dwell_began_utc or alert.fired_utc
    person = f", person {alert.person} in the picture" if alert.person is not None else ""
    return f"Since {moment(began_utc.astimezone(UTC), now_utc, zone)}{person}."


def _one_line(text: str) -> str:
    return " ".join(text.split())[:80]


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
