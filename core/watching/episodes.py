"""One camera's episodes: what its rules decided, made into alerts for the desk."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.alerts.alert import NewAlert
from core.alerts.change import Change, ChangeKind, Ending
from core.alerts.policy import AlertPolicy
from core.alerts.rule import Severity, Signal
from core.alerts.wording import why_it_fired
from core.watching.picture import RecentPictures

LOGGER = logging.getLogger(__name__)


class Desk(Protocol):
    """Who takes what was decided; never waits."""

    def fired(self, new: NewAlert) -> None:
        """Record it and have it delivered."""

    def over(self, alert_id: str, at_utc: datetime, ending: Ending) -> None:
        """Record that an episode is over."""


@dataclass(frozen=True)
class Episode:
    """One that was handed to the desk.

    Attributes:
        alert_id: its alert's.
        person: track id under which it fired; None for the camera itself.
        rule_key: of its rule.
        fired_s: on the engine's clock.
    """

    alert_id: str
    person: int | None
    rule_key: str
    fired_s: float


class Episodes:
    """Belongs to one watch, under whose lock it is used.

    Args:
        camera_id: of the watch.
        name: gives the camera's name for people.
        desk: takes the alerts.
        pictures: those of the camera.
    """

    def __init__(
        self, camera_id: str, name: Callable[[], str], desk: Desk, pictures: RecentPictures
    ) -> None:
        self._camera_id = camera_id
        self._name = name
        self._desk = desk
        self._pictures = pictures
        self._open: dict[tuple[int | None, str], Episode] = {}
        self._undelivered: dict[str, Episode] = {}

    def act_on(self, changes: Iterable[Change], policy: AlertPolicy) -> None:
        """Hand over what fired and what is over."""
        for change in changes:
            if change.kind is ChangeKind.FIRED:
                self._fire(change, policy)
            else:
                self._end(change)

    def undelivered(self, since_s: float) -> tuple[str, ...]:
        """Ids of the alerts that fired since then, of which no delivery is known yet."""
        for alert_id, episode in list(self._undelivered.items()):
            if episode.fired_s < since_s:
                del self._undelivered[alert_id]
        return tuple(self._undelivered)

    def delivered(self, alert_id: str) -> Episode | None:
        """The episode of an alert that was undelivered; it no longer is."""
        return self._undelivered.pop(alert_id, None)

    def _fire(self, change: Change, policy: AlertPolicy) -> None:
        new = NewAlert(
            id=uuid.uuid4().hex,
            camera_id=self._camera_id,
            camera_name=self._name(),
            person=change.person,
            rule_key=change.rule.key,
            title=change.rule.title,
            signal=change.rule.signal,
            severity=change.rule.severity,
            fired_utc=change.at_utc,
            score=change.score,
            why=why_it_fired(change),
            picture_jpeg=self._pictures.of_alert(change.rule, change.person),
            held=_is_held(change, policy),
        )
        episode = Episode(new.id, change.person, change.rule.key, change.at_s)
        self._open[change.person, change.rule.key] = episode
        self._undelivered[new.id] = episode
        # Numbers only: a log holds no names.
        LOGGER.info("Alert fired: %s, person %s", change.rule.key, change.person)
        self._desk.fired(new)
        if change.rule.signal is Signal.CAMERA_LOST:
            self._pictures.forget()  # no picture of anybody is kept while nobody is watched

    def _end(self, change: Change) -> None:
        episode = self._open.pop((change.person, change.rule.key), None)
        if episode is not None:
            ending = change.ending or Ending.CLEARED
            LOGGER.info("Alert over: %s, person %s: %s", change.rule.key, change.person, ending)
            self._desk.over(episode.alert_id, change.at_utc, ending)


def _is_held(change: Change, policy: AlertPolicy) -> bool:
    if policy.quiet is None or not policy.quiet.covers(change.at_utc):
        return False
    return change.rule.severity is Severity.MEDIUM or policy.quiet_holds_high
