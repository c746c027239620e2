"""The state machine of one rule on one person's expression.

"Score" is the median of the scores of the seconds within `window_s`. It is looked at once for each
second in which the person is readable; a second without the person changes nothing but what the
table says. A duration runs from the second in which something was first seen.

| in        | when                                                   | to        | decides        |
|-----------|--------------------------------------------------------|-----------|----------------|
| clear     | score ≥ enter                                          | pending   |                |
| pending   | score ≥ enter now and since `dwell_s`, and `coverage`  | firing    | fired          |
|           | of the dwell was readable, and `min_readings` since    |           |                |
|           | the first window began, and no snooze, no cooldown     |           |                |
| pending   | score < enter, for `grace_s`                           | clear     |                |
| pending   | unseen for longer than `coverage` leaves of the dwell  | clear     |                |
| firing    | score < exit                                           | resolving |                |
| firing    | score ≥ enter, a snooze given since it fired ran out   | firing    | renewed, fired |
| resolving | score < exit, seen for `clear_after_s` in all          | clear     | cleared        |
| resolving | score ≥ exit, for `grace_s`                            | firing    |                |
| any       | the engine ends it (stopped, unseen)                   | clear     | as told        |

Who is not seen stays firing or resolving: a face that is turned away or on the floor is no sign
that it is over. The engine ends that after `people.FORGET_AFTER_S`.
"""

from __future__ import annotations

from datetime import datetime

from core.alerts.change import Change, Ending, ScorePoint
from core.alerts.episode import SLACK_S, Episode
from core.alerts.rule import AlertRule, PersonRule
from core.alerts.standing import Phase, Standing, standing_of
from core.alerts.window import ScoreWindow, Trail
from core.monitoring.second import PersonSecond, Second


class ExpressionMachine:
    """See the table above. Pure: it knows the seconds that it is given, and no clock."""

    def __init__(self, rule: AlertRule) -> None:
        self.rule = rule
        self.episode = Episode()
        self._phase = Phase.CLEAR
        self._since_s = 0.0
        self._window = ScoreWindow(max(rule.window_s, rule.dwell_s))
        self._trail = Trail()
        self._began_utc: datetime | None = None
        self._readings = 0
        self._calm_s = 0.0
        # since when the score has been on the other side of the line than the phase wants
        self._astray_since_s: float | None = None

    def take(self, person: PersonSecond, second: Second) -> tuple[Change, ...]:
        """A second in which the person was readable."""
        self._give_up_if_unseen(second.at_s - 1.0)
        self._window.add(second.at_s, person.readings, person.score(self.rule.labels))
        score = self._window.median(self.rule.window_s)
        self._trail.add(second.at_s, second.at_utc, score)
        self._readings += person.readings
        now = ScorePoint(second.at_s, second.at_utc, score)
        match self._phase:
            case Phase.CLEAR:
                return self._while_clear(now)
            case Phase.PENDING:
                return self._while_pending(now, person.track_id)
            case Phase.FIRING:
                return self._while_firing(now, person.track_id)
            case _:
                return self._while_resolving(now)

    def miss(self, at_s: float) -> None:
        """A second in which the person was not."""
        self._give_up_if_unseen(at_s)

    def end(self, ending: Ending, at_s: float, at_utc: datetime) -> tuple[Change, ...]:
        """Back to clear, whatever it was."""
        self._go(Phase.CLEAR, at_s)
        return self.episode.end(self.rule, ending, at_s, at_utc, self._trail.points())

    def goes_on_with(self, rule: PersonRule) -> bool:
        """Take over changed settings, unless the past means something else under them."""
        if not isinstance(rule, AlertRule) or rule.labels != self.rule.labels:
            return False
        self.rule = rule
        self._window.reach_s = max(rule.window_s, rule.dwell_s)
        return True

    def standing(self, person: int, now_s: float) -> Standing:
        """For the page."""
        held_s = 0.0 if self._phase is Phase.CLEAR else now_s - self._since_s
        score = self._trail.score(now_s, self.rule.window_s)
        return standing_of(self.rule, person, self._phase, score, held_s, self.episode, now_s)

    def _while_clear(self, now: ScorePoint) -> tuple[Change, ...]:
        if now.score >= self.rule.enter:
            self._go(Phase.PENDING, now.at_s)
            self._began_utc = now.at_utc
            self._readings = self._window.readings(self.rule.window_s)
        return ()

    def _while_pending(self, now: ScorePoint, person: int) -> tuple[Change, ...]:
        if now.score < self.rule.enter:
            if self._is_astray_for_long(now.at_s):
                self._go(Phase.CLEAR, now.at_s)
            return ()
        self._astray_since_s = None
        return self._fire(now, person) if self._has_enough(now.at_s) else ()

    def _has_enough(self, now_s: float) -> bool:
        rule = self.rule
        return (
            now_s - self._since_s >= rule.dwell_s - SLACK_S
            and self._readings >= rule.min_readings
            and self.episode.may_open(rule, now_s)
            and self._window.seen_s(rule.dwell_s) >= rule.coverage * rule.dwell_s - SLACK_S
        )

    def _fire(self, now: ScorePoint, person: int) -> tuple[Change, ...]:
        self._go(Phase.FIRING, now.at_s)
        return (self.episode.open(self.rule, person, now, self._trail.points(), self._began_utc),)

    def _while_firing(self, now: ScorePoint, person: int) -> tuple[Change, ...]:
        if now.score < self.rule.exit:
            self._go(Phase.RESOLVING, now.at_s)
            self._calm_s = 0.0
        elif now.score >= self.rule.enter and self.episode.outlasted_snooze(self.rule, now.at_s):
            over = self.episode.close(self.rule, Ending.RENEWED, now, self._trail.points())
            return (over, *self._fire(now, person))
        return ()

    def _while_resolving(self, now: ScorePoint) -> tuple[Change, ...]:
        if now.score >= self.rule.exit:
            if self._is_astray_for_long(now.at_s):
                self._go(Phase.FIRING, now.at_s)
            return ()
        self._astray_since_s = None
        self._calm_s += 1.0
        if self._calm_s < self.rule.clear_after_s - SLACK_S:
            return ()
        return self.end(Ending.CLEARED, now.at_s, now.at_utc)

    def _is_astray_for_long(self, now_s: float) -> bool:
        if self._astray_since_s is None:
            self._astray_since_s = now_s
        return now_s - self._astray_since_s >= self.rule.grace_s - SLACK_S

    def _give_up_if_unseen(self, until_s: float) -> None:
        last_s = self._window.last_s
        if self._phase is not Phase.PENDING or last_s is None:
            return
        room_s = (1.0 - self.rule.coverage) * self.rule.dwell_s
        if until_s - last_s > room_s + SLACK_S:
            self._go(Phase.CLEAR, until_s)

    def _go(self, phase: Phase, at_s: float) -> None:
        self._phase, self._since_s, self._astray_since_s = phase, at_s, None
