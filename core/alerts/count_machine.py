"""The originals' rule for one person: how many of the last detections looked negative.

| in     | when                                                         | to     | decides        |
|--------|--------------------------------------------------------------|--------|----------------|
| clear  | more than `more_than` negatives, no snooze, `apart_s` passed | firing | fired          |
| firing | a snooze given since it fired ran out, still more            | firing | renewed, fired |
| firing | no more than half of `more_than`                             | clear  | cleared        |
| any    | the engine ends it (stopped, unseen)                         | clear  | as told        |
"""

from __future__ import annotations

from collections import deque
from datetime import datetime

from core.alerts.change import Change, Ending, ScorePoint
from core.alerts.episode import Episode
from core.alerts.rule import CountRule, PersonRule
from core.alerts.standing import Phase, Standing, standing_of
from core.alerts.window import Trail
from core.monitoring.second import PersonSecond, Second


class CountMachine:
    """See the table above. The score is the share of negatives of `of_last`."""

    def __init__(self, rule: CountRule) -> None:
        self.rule = rule
        self.episode = Episode()
        self._negatives: deque[bool] = deque(maxlen=rule.of_last)
        self._trail = Trail()

    def take(self, person: PersonSecond, second: Second) -> tuple[Change, ...]:
        """A second in which the person was readable: one detection."""
        self._negatives.append(is_negative(person, self.rule.labels))
        count = sum(self._negatives)
        now = ScorePoint(second.at_s, second.at_utc, count / self.rule.of_last)
        self._trail.add(now.at_s, now.at_utc, now.score)
        if count > self.rule.more_than:
            return self._fire(now, person.track_id)
        if self.episode.is_open and count <= self.rule.more_than // 2:
            return self.end(Ending.CLEARED, now.at_s, now.at_utc)
        return ()

    def miss(self, at_s: float) -> None:
        """What was not detected is not counted."""

    def end(self, ending: Ending, at_s: float, at_utc: datetime) -> tuple[Change, ...]:
        """Back to clear."""
        return self.episode.end(self.rule, ending, at_s, at_utc, self._trail.points())

    def goes_on_with(self, rule: PersonRule) -> bool:
        """Take over changed settings, unless the past means something else under them."""
        if not isinstance(rule, CountRule) or rule.labels != self.rule.labels:
            return False
        self.rule = rule
        self._negatives = deque(self._negatives, maxlen=rule.of_last)
        return True

    def standing(self, person: int, now_s: float) -> Standing:
        """For the page."""
        opened_s = self.episode.opened_s
        phase = Phase.CLEAR if opened_s is None else Phase.FIRING
        held_s = 0.0 if opened_s is None else now_s - opened_s
        score = sum(self._negatives) / self.rule.of_last
        return standing_of(self.rule, person, phase, score, held_s, self.episode, now_s)

    def _fire(self, now: ScorePoint, person: int) -> tuple[Change, ...]:
        if not self.episode.is_open and self.episode.may_open(self.rule, now.at_s):
            return (self.episode.open(self.rule, person, now, self._trail.points()),)
        if self.episode.outlasted_snooze(self.rule, now.at_s):
            trail = self._trail.points()
            over = self.episode.close(self.rule, Ending.RENEWED, now, trail)
            return (over, self.episode.open(self.rule, person, now, trail))
        return ()


def is_negative(person: PersonSecond, labels: tuple[str, ...]) -> bool:
    """Whether one of these is likeliest: by the alert model, if it knows any of them."""
    watched = person.watched
    knows = watched is not None and not set(labels).isdisjoint(watched.labels)
    reading = watched if watched is not None and knows else person.shown
    return reading.top in labels
