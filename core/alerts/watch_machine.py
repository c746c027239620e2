"""Watching the watcher: one condition of the camera.

| in      | when                                                        | to      | decides        |
|---------|-------------------------------------------------------------|---------|----------------|
| clear   | the condition is met                                        | pending |                |
| pending | met for `after_s`, no snooze, no cooldown                   | firing  | fired          |
| pending | not met, or it does not count now                           | clear   |                |
| firing  | met, and a snooze given since it fired ran out              | firing  | renewed, fired |
| firing  | not met for `GOOD_FOR_S`; pictures come again (camera lost) | clear   | cleared        |
| any     | the engine ends it (stopped, hidden)                        | clear   | as told        |

Only seconds with pictures count, so that a gap is no absence. The camera's loss is told from
outside, as it shows in nothing that is seen.
"""

from __future__ import annotations

from datetime import datetime

from core.alerts.change import Change, Ending, ScorePoint
from core.alerts.episode import SLACK_S, Episode
from core.alerts.hours import DailyHours
from core.alerts.rule import Signal, WatchRule
from core.alerts.standing import Phase, Standing, standing_of
from core.monitoring.second import Second

GOOD_FOR_S = 5.0
"""A face that is found in the wallpaper for a moment does not end an absence."""

DARK_BELOW = 45.0
"""Mean grey level below which the light is the reason that nobody can be read."""

STILL_BELOW = 0.03
"""A camera that repeats one frame still moves by 0.002 to 0.02 after its coding, and so does an
empty room. Somebody who sits quietly moves by more than 0.4, so only a face tells them apart."""


class WatchMachine:
    """See the table above."""

    def __init__(self, rule: WatchRule) -> None:
        self.rule = rule
        self.episode = Episode()
        self._met_s = 0.0
        self._good_s = 0.0

    def take(self, second: Second, waking: DailyHours) -> tuple[Change, ...]:
        """A second with pictures."""
        met = is_met(self.rule.signal, second, waking)
        if met:
            return self.met_for(self._met_s + 1.0, second.at_s, second.at_utc)
        self._met_s = 0.0
        self._good_s += met is False
        if self._good_s < GOOD_FOR_S:
            return ()
        return self.end(Ending.CLEARED, second.at_s, second.at_utc)

    def met_for(self, met_s: float, at_s: float, at_utc: datetime) -> tuple[Change, ...]:
        """The condition is met, and has been for so long."""
        self._met_s, self._good_s = met_s, 0.0
        now = ScorePoint(at_s, at_utc, 1.0)
        if self.episode.is_open:
            if not self.episode.outlasted_snooze(self.rule, at_s):
                return ()
            over = self.episode.close(self.rule, Ending.RENEWED, now)
            return (over, self.episode.open(self.rule, None, now))
        if met_s < self.rule.after_s - SLACK_S or not self.episode.may_open(self.rule, at_s):
            return ()
        return (self.episode.open(self.rule, None, now),)

    def end(self, ending: Ending, at_s: float, at_utc: datetime) -> tuple[Change, ...]:
        """Back to clear."""
        self._met_s = self._good_s = 0.0
        if not self.episode.is_open:
            return ()
        return (self.episode.close(self.rule, ending, ScorePoint(at_s, at_utc, 1.0)),)

    def use(self, rule: WatchRule) -> None:
        """Go on under changed settings."""
        self.rule = rule

    def standing(self, now_s: float) -> Standing:
        """For the page."""
        opened_s = self.episode.opened_s
        if opened_s is not None:
            phase, held_s = Phase.FIRING, now_s - opened_s
        else:
            phase, held_s = Phase.PENDING if self._met_s else Phase.CLEAR, self._met_s
        return standing_of(self.rule, None, phase, None, held_s, self.episode, now_s)


def is_met(signal: Signal, second: Second, waking: DailyHours) -> bool | None:
    """Whether a second shows the condition; None where it does not count."""
    match signal:
        case Signal.ABSENT:
            if second.faces:
                return False
            # an absence that was told stays one at night, and only a face ends it
            return True if waking.covers(second.at_utc) else None
        case Signal.FROZEN:
            return second.faces > 0 and second.motion < STILL_BELOW
        case Signal.DARK:
            return second.brightness < DARK_BELOW and not second.people
        case _:
            return None
