"""What /status says: cameras, open alerts, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from core.alerts.alert import Alert
from core.alerts.standing import Phase, Standing
from core.delivery.bot_context import WatchedCamera
from core.delivery.words import headline, moment, news
from core.records.recipient import Recipient

NOBODY_WATCHED = "No camera is being watched now. Open Live in Mien and press START."


def status_text(
    asker: Recipient,
    recipients: Iterable[Recipient],
    open_alerts: Sequence[Alert],
    cameras: Sequence[WatchedCamera],
    now_utc: datetime,
    zone: tzinfo | None = None,
) -> str:
    """Everything that a carer should know now, in plain lines.

    Args:
        asker: whose own quiet is told.
        recipients: all, to tell whom no message reaches.
        open_alerts: episodes that are not over.
        cameras: all that are watched.
        now_utc: for "3 min ago".
        zone: of the times; the machine's own if None.
    """
    blocks = [_camera(camera, now_utc, zone) for camera in cameras] or [NOBODY_WATCHED]
    blocks.append(_alerts(open_alerts, now_utc, zone))
    blocks += [
        f"{recipient.name} gets no messages: {recipient.disabled_why}"
        for recipient in recipients
        if recipient.disabled_why is not None
    ]
    if asker.muted_until_utc is not None and asker.muted_until_utc > now_utc:
        until = moment(asker.muted_until_utc, now_utc, zone)
        blocks.append(f"You are muted until {until}. /resume ends it.")
    return "\n\n".join(blocks)


def _camera(camera: WatchedCamera, now_utc: datetime, zone: tzinfo | None) -> str:
    lines = [f"{camera.name}: watched since {moment(camera.since_utc, now_utc, zone)}."]
    if camera.lost_for_s is not None:
        lines.append(f"No picture has come for {lasting(camera.lost_for_s)}.")
    if camera.trouble is not None:
        lines.append(camera.trouble)
    lines.append(_last_face(camera.last_face_utc, now_utc, zone))
    busy = [_doing(standing) for standing in camera.standing if standing.phase is not Phase.CLEAR]
    return "\n".join([*lines, *(busy or ["All quiet: nothing is near an alert."])])


def _doing(standing: Standing) -> str:
    person = "" if standing.person is None else f", person {standing.person}"
    score = "" if standing.score is None else f" at {standing.score:.0%}"
    held = lasting(standing.held_s)
    match standing.phase:
        case Phase.PENDING if standing.person is None:
            doing = f"for {held} so far"
        case Phase.PENDING:
            doing = f"rising{score}, for {held}"
        case Phase.FIRING:
            doing = f"alert{score}, for {held}"
        case Phase.RESOLVING:
            doing = f"easing{score}, for {held}"
        case Phase.SNOOZED:
            doing = "snoozed"
        case _:
            doing = "told a moment ago, resting"
    return f"{standing.rule.title}{person}: {doing}."


def _last_face(at_utc: datetime | None, now_utc: datetime, zone: tzinfo | None) -> str:
    if at_utc is None:
        return "No face has been seen yet."
    seconds = max(0.0, (now_utc - at_utc).total_seconds())
    if seconds < 10:
        return "A face is seen now."
    return f"Last face at {moment(at_utc, now_utc, zone)}, {lasting(seconds)} ago."


def lasting(seconds: float) -> str:
    """“40 s”, “3 min”, “2 h 5 min”."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(int(seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _alerts(open_alerts: Sequence[Alert], now_utc: datetime, zone: tzinfo | None) -> str:
    if not open_alerts:
        return "No alert is open."
    return "\n".join(_alert(alert, now_utc, zone) for alert in open_alerts)


def _alert(alert: Alert, now_utc: datetime, zone: tzinfo | None) -> str:
    since = moment(alert.fired_utc, now_utc, zone)
    told = " ".join(news(alert, now_utc, zone)) or "Nobody has answered yet."
    return f"{headline(alert).removeprefix('Mien · ')}: {alert.title}, since {since}. {told}"
