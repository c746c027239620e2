"""What others write into the database reaches the watches within a second or so."""

from __future__ import annotations

from datetime import datetime

from core.alerts.policy import AlertPolicy
from core.clock import Clock
from core.delivery.stores import Stores
from core.records.delivery import State
from core.watching.desk import AlertDesk
from core.watching.tower import WatchTower
from core.watching.watch import CameraWatch

ALIVE_EVERY_S = 20.0
"""Servers that say nothing for a minute count as gone, and their alerts as ended."""
RECIPIENTS_EVERY_S = 5.0

_SnoozeKey = tuple[str, str, int | None]


class Follower:
    """Reads settings, snoozes, deliveries and recipients. Belongs to one thread, which may wait
    for the database: the watches do not.
    """

    def __init__(self, stores: Stores, tower: WatchTower, desk: AlertDesk, clock: Clock) -> None:
        self._stores = stores
        self._tower = tower
        self._desk = desk
        self._clock = clock
        self._policy = AlertPolicy()
        self._snoozed: dict[_SnoozeKey, datetime] = {}
        self._alive_s: float | None = None
        self._asked_s: float | None = None

    def follow(self) -> None:
        """One round; RecordsError where the database cannot be read now."""
        self._say_alive()
        self._know_recipients()
        self._policy = self._stores.policy.load()
        self._tower.use(self._policy)
        watches = self._tower.watches()
        self._pass_on_snoozes(watches)
        for watch in watches:
            for alert_id in watch.undelivered():
                if self._is_delivered(alert_id):
                    watch.delivered(alert_id)

    def _say_alive(self) -> None:
        now_s = self._clock.monotonic_s()
        if self._alive_s is None or now_s - self._alive_s >= ALIVE_EVERY_S:
            self._stores.alerts.end_left_open()
            self._alive_s = now_s

    def _know_recipients(self) -> None:
        now_s = self._clock.monotonic_s()
        if self._asked_s is None or now_s - self._asked_s >= RECIPIENTS_EVERY_S:
            self._desk.recipients = self._stores.recipients.all()
            self._asked_s = now_s

    def _pass_on_snoozes(self, watches: tuple[CameraWatch, ...]) -> None:
        wanted = self._wanted_snoozes(watches)
        by_id = {watch.id: watch for watch in watches}
        for key, until_utc in wanted.items():
            if self._snoozed.get(key) != until_utc:
                for_s = (until_utc - self._clock.now_utc()).total_seconds()
                by_id[key[0]].snooze(key[1], key[2], for_s)
        for camera_id, rule_key, person in self._snoozed.keys() - wanted.keys():
            if camera_id in by_id:
                by_id[camera_id].snooze(rule_key, person, 0.0)
        self._snoozed = wanted

    def _wanted_snoozes(self, watches: tuple[CameraWatch, ...]) -> dict[_SnoozeKey, datetime]:
        """The last of those that say the same thing."""
        rules = (*self._policy.rules, *self._policy.watches)
        wanted: dict[_SnoozeKey, datetime] = {}
        for snooze in self._stores.snoozes.active():
            keys = [rule.key for rule in rules] if snooze.rule_key is None else [snooze.rule_key]
            for watch in watches:
                if snooze.camera_id in {None, *watch.ids}:
                    for rule_key in keys:
                        key = watch.id, rule_key, snooze.person
                        wanted[key] = max(wanted.get(key, snooze.until_utc), snooze.until_utc)
        return wanted

    def _is_delivered(self, alert_id: str) -> bool:
        trail = self._stores.outbox.trail(alert_id)
        return any(delivery.state is State.SENT for delivery, _, _ in trail)
