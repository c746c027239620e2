"""What rules would have decided about seconds that were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from core.alerts.change import Change
from core.alerts.engine import AlertEngine
from core.alerts.policy import AlertPolicy
from core.alerts.rule import Signal
from core.monitoring.second import Second


def replay(seconds: Iterable[Second], policy: AlertPolicy) -> tuple[Change, ...]:
    """The decisions, in the order of time; an episode that is open at the end stays open.

    Every alert counts as delivered in the moment in which it fired, and nothing was snoozed.

    Args:
        seconds: of one connection of one camera, in the order of time.
        policy: may be another one than that under which they were watched.
    """
    return tuple(_decisions(seconds, AlertEngine(policy), _lost_after_s(policy)))


def _decisions(
    seconds: Iterable[Second], engine: AlertEngine, lost_after_s: float | None
) -> Iterator[Change]:
    before: Second | None = None
    for second in seconds:
        if before is not None and lost_after_s is not None:
            gap_s = second.at_s - 1.0 - before.at_s
            if gap_s >= lost_after_s:
                at_utc = before.at_utc + timedelta(seconds=lost_after_s)
                at_s = before.at_s + lost_after_s
                yield from engine.tick(at_s, at_utc, lost_for_s=lost_after_s)
        yield from engine.take(second)
        before = second


def _lost_after_s(policy: AlertPolicy) -> float | None:
    for rule in policy.watches:
        if rule.signal is Signal.CAMERA_LOST and rule.enabled:
            return rule.after_s
    return None
