"""On Live: where each alert rule stands for the face that is shown, against its two lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import streamlit as st

from app.alerts.chart import LIVE_SPAN_S, live_score_html
from app.alerts.services import alert_services
from app.alerts.when import clock, lasting, reader_zone
from app.composition import alert_system, settings_store, watch_tower
from app.words import plain
from core.alerts.rule import AlertRule, CountRule, WatchRule
from core.alerts.standing import Phase, Standing
from core.clock import SystemClock
from core.errors import MienError
from core.monitoring.analyser import ALERT_MODEL
from core.records.delivery import Kind, State
from core.records.stores import AlertFilter, AlertState
from core.watching.watched_camera import WatchedCamera

_SCORES = "live-scores"

STYLE = """<style>.st-key-live-standing { min-height: 10.5rem }</style>"""


@dataclass
class _Scores:
    """What was drawn so far, of one rule and person of one camera."""

    camera_id: str
    person: int | None
    points: deque[tuple[float, float]] = field(default_factory=deque)

    def add(self, now_s: float, score: float | None) -> None:
        if score is not None:
            self.points.append((now_s, score))
        while self.points and self.points[0][0] < now_s - LIVE_SPAN_S:
            self.points.popleft()

    def ago(self, now_s: float) -> list[tuple[float, float]]:
        return [(now_s - at_s, score) for at_s, score in self.points]


def show_standing(camera_id: str, track_id: int | None) -> None:
    """For a fragment, about once a second.

    Args:
        camera_id: of the camera that this page shows; "" for a demo, which raises no alerts.
        track_id: of the face that is shown.
    """
    for trouble in alert_system().troubles():
        st.markdown(f":orange[:material/warning: {plain(trouble)}]")
    camera = _camera(camera_id)
    if camera is None:
        st.caption("While a camera runs, here stands how close the rule is to an alert.")
        return
    with st.container(key="live-standing", gap="xsmall"):
        st.html(STYLE)
        try:
            _show(camera, track_id)
        except MienError as error:
            # The database, while an alert is open: the picture goes on.
            st.caption(plain(error.sentence))


def _camera(camera_id: str) -> WatchedCamera | None:
    cameras = watch_tower().cameras() if camera_id else ()
    return next((camera for camera in cameras if camera.id == camera_id), None)


def _show(camera: WatchedCamera, track_id: int | None) -> None:
    now = SystemClock()
    now_s, now_utc, zone = now.monotonic_s(), now.now_utc(), reader_zone()
    people = [standing for standing in camera.standing if standing.person is not None]
    if camera.trouble is not None:
        st.caption(plain(camera.trouble))
    shown = shown_of(people, track_id)
    if shown is None:
        st.markdown("**Watching** :gray[· nobody is seen]")
        st.html(live_score_html([], None, None, "No score yet"))
    of_shown = rules_of(people, shown)
    for standing in of_shown:
        words = phase_words(standing, now_s, now_utc, zone, told=_told(camera, standing))
        st.markdown(f"**{plain(words)}** :gray[· {plain(score_words(standing))}]")
        enter, exit_ = lines(standing)
        points = _scores(camera, standing, now_s)
        st.html(live_score_html(points, enter, exit_, f"{words}. {score_words(standing)}"))
    others = [
        f"{_whose(standing)}: {phase_words(standing, now_s, now_utc, zone, told=None).lower()}"
        for standing in camera.standing
        if standing not in of_shown and standing.phase is not Phase.CLEAR
    ]
    st.caption(plain(" · ".join(others[:3]) or _reader_words()))


def _reader_words() -> str:
    """Why the score may say pain while the picture says angry."""
    if settings_store().current.model == ALERT_MODEL:
        return "\u00a0"
    return f"Alerts are read by the model “{ALERT_MODEL}”, beside the one that you chose."


def shown_of(people: Sequence[Standing], track_id: int | None) -> Standing | None:
    """Of the face that is shown, else of whoever is seen; of the first rule."""
    own = [standing for standing in people if standing.person == track_id]
    seen = [standing for standing in people if standing.score is not None]
    return next(iter(own or seen or people), None)


def rules_of(people: Sequence[Standing], shown: Standing | None) -> list[Standing]:
    """All rules of this person, as they stand in the settings."""
    return [] if shown is None else [one for one in people if one.person == shown.person]


def _scores(camera: WatchedCamera, shown: Standing, now_s: float) -> list[tuple[float, float]]:
    """Goes on when somebody was lost and found: the rule knows them under a new number then."""
    of_rules: dict[str, _Scores] = st.session_state.setdefault(_SCORES, {})
    kept = of_rules.get(shown.rule.key)
    known = {standing.person for standing in camera.standing}
    if (
        kept is None
        or kept.camera_id != camera.id
        or (kept.person != shown.person and kept.person in known)
    ):
        kept = of_rules[shown.rule.key] = _Scores(camera.id, shown.person)
    kept.person = shown.person
    kept.add(now_s, shown.score)
    return kept.ago(now_s)


def lines(standing: Standing) -> tuple[float | None, float | None]:
    """Upper and lower, as shares."""
    match standing.rule:
        case AlertRule() as rule:
            return rule.enter, rule.exit
        case CountRule() as rule:
            return rule.more_than / rule.of_last, rule.more_than / 2 / rule.of_last
        case WatchRule():
            return None, None


def score_words(standing: Standing) -> str:
    """“pain 62 %”."""
    title = standing.rule.title.lower()
    return f"{title} not readable" if standing.score is None else f"{title} {standing.score:.0%}"


def phase_words(
    standing: Standing, now_s: float, now_utc: datetime, zone: tzinfo | None, *, told: bool | None
) -> str:
    """Where it stands, in a few words.

    Args:
        standing: of one rule and person.
        now_s: on the engine's clock.
        now_utc: the same moment.
        zone: of the reader.
        told: whether the message was delivered; None for unknown.
    """
    match standing.phase:
        case Phase.CLEAR:
            return "Watching"
        case Phase.PENDING:
            return _pending(standing)
        case Phase.FIRING:
            since = clock(now_utc - timedelta(seconds=standing.held_s), zone)
            return {
                True: f"Carers were told, alert since {since}",
                False: f"Alert since {since}, not told yet",
                None: f"Alert since {since}",
            }[told]
        case Phase.RESOLVING:
            return _resolving(standing)
        case Phase.COOLING:
            return f"Quiet until {_until(standing, now_s, now_utc, zone)} after the last alert"
        case Phase.SNOOZED:
            return f"Snoozed until {_until(standing, now_s, now_utc, zone)}"


def _pending(standing: Standing) -> str:
    match standing.rule:
        case AlertRule() as rule:
            return f"{_maybe(standing)}: {_of(standing.held_s, rule.dwell_s)}"
        case WatchRule() as rule:
            return f"{rule.title}: {_of(standing.held_s, rule.after_s)}"
        case CountRule():
            return _maybe(standing)


def _resolving(standing: Standing) -> str:
    if isinstance(standing.rule, AlertRule):
        return f"Nearly over: {_of(standing.held_s, standing.rule.clear_after_s)} below the line"
    return "Nearly over"


def _maybe(standing: Standing) -> str:
    title = standing.rule.title
    return "May be in pain" if "pain" in title.lower() else f"May be: {title.lower()}"


def _of(held_s: float, whole_s: float) -> str:
    if whole_s < 60:
        return f"{min(held_s, whole_s):.0f} of {whole_s:.0f} s"
    return f"{lasting(min(held_s, whole_s))} of {lasting(whole_s)}"


def _until(standing: Standing, now_s: float, now_utc: datetime, zone: tzinfo | None) -> str:
    left_s = max(0.0, (standing.until_s or now_s) - now_s)
    return clock(now_utc + timedelta(seconds=left_s), zone)


def _whose(standing: Standing) -> str:
    if standing.person is None:
        return standing.rule.title
    return f"Face {standing.person}, {standing.rule.title.lower()}"


def _told(camera: WatchedCamera, standing: Standing) -> bool | None:
    """Asked only while an episode is open."""
    if standing.phase is not Phase.FIRING:
        return None
    stores = alert_services().stores
    kept = stores.alerts.list(AlertFilter(states=(AlertState.OPEN,)), 50)
    of = (camera.id, standing.rule.key)
    found = next((alert for alert in kept if (alert.camera_id, alert.rule_key) == of), None)
    if found is None:
        return None
    return any(
        delivery.kind is Kind.ALERT and delivery.state is State.SENT
        for delivery, _, _ in stores.outbox.trail(found.id)
    )
