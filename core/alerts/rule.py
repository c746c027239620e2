"""What has to happen before a carer is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """High is never held for quiet hours unless told; medium waits for the morning."""

    MEDIUM = "medium"
    HIGH = "high"


class Signal(StrEnum):
    """What a rule looks at."""

    EXPRESSION = "expression"
    ABSENT = "absent"
    CAMERA_LOST = "camera lost"
    FROZEN = "frozen"
    DARK = "dark"


@dataclass(frozen=True)
class AlertRule:
    """A rule on one person's expression, in seconds and readings.

    clear → pending when the median over `window_s` reaches `enter`; pending → firing when that
    held for `dwell_s` with `min_readings` and `coverage`; firing → resolving → clear below `exit`
    for `clear_after_s`.

    Attributes:
        key: names the rule in records; unique in a policy.
        title: for people, for instance "Pain".
        labels: whose probabilities are added up.
        enter, exit: probabilities, 0 to 1, enter above exit.
        window_s: of the median.
        dwell_s: how long the median must hold.
        min_readings: at least so many readings from the window's start on.
        coverage: share of the seconds of the dwell that must have a reading.
        grace_s: dips below enter (above exit) shorter than this do not reset the dwell.
        clear_after_s: how long below exit until it is over.
        cooldown_s: after an episode, from its delivery on, until the next may open.
        severity: decides order and quiet hours.
        enabled: a rule that is off decides nothing.
    """

    key: str
    title: str
    labels: tuple[str, ...]
    enter: float = 0.5
    exit: float = 0.3
    window_s: float = 3.0
    dwell_s: float = 5.0
    min_readings: int = 8
    coverage: float = 0.6
    grace_s: float = 1.0
    clear_after_s: float = 20.0
    cooldown_s: float = 120.0
    severity: Severity = Severity.HIGH
    enabled: bool = True

    @property
    def signal(self) -> Signal:
        return Signal.EXPRESSION


@dataclass(frozen=True)
class CountRule:
    """More than `more_than` negatives among the last `of_last` detections: the originals' rule.

    A detection is one second of one person with a readable face; it is negative when a label of
    `labels` is its likeliest. Over when no more than half of `more_than` are left, so that a count
    that goes up and down around the limit is one episode. Alerts of one person lie at least
    `apart_s` apart.
    """

    key: str
    title: str
    labels: tuple[str, ...]
    more_than: int = 5
    of_last: int = 40
    apart_s: float = 5.0
    severity: Severity = Severity.MEDIUM
    enabled: bool = True

    @property
    def signal(self) -> Signal:
        return Signal.EXPRESSION

    @property
    def lines(self) -> tuple[float, float]:
        """Shares of `of_last`: fires above the first, is over at or below the second."""
        return self.more_than / self.of_last, self.more_than // 2 / self.of_last


@dataclass(frozen=True)
class WatchRule:
    """Watching the watcher: a condition of the camera that lasts for `after_s`.

    Attributes:
        signal: which condition.
        after_s: how long until it is told.
        severity: decides order and quiet hours.
        cooldown_s: from one alert's delivery on, until the next: a connection that comes and goes
            is told once.
    """

    signal: Signal
    after_s: float
    severity: Severity
    enabled: bool = True
    cooldown_s: float = 600.0

    @property
    def key(self) -> str:
        return self.signal.value

    @property
    def title(self) -> str:
        return _WATCH_TITLES[self.signal]


Rule = AlertRule | CountRule | WatchRule
PersonRule = AlertRule | CountRule

_WATCH_TITLES = {
    Signal.ABSENT: "Nobody seen",
    Signal.CAMERA_LOST: "Camera lost",
    Signal.FROZEN: "Picture frozen",
    Signal.DARK: "Too dark",
}
