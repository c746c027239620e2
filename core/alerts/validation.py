"""What makes a rule nonsense, each in a sentence for the person who set it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.alerts.hours import LOCAL, DailyHours
from core.alerts.rule import AlertRule, CountRule, PersonRule, Signal, WatchRule
from core.errors import RuleError

HOUR_S, DAY_S = 3600.0, 86400.0


def check_person_rule(rule: PersonRule) -> None:
    """Raises RuleError."""
    _require(bool(rule.labels), "Choose at least one expression that the rule looks for.")
    _require(bool(rule.key.strip() and rule.title.strip()), "Give the rule a name.")
    if isinstance(rule, AlertRule):
        _check_lines(rule)
        _check_times(rule)
    else:
        _check_count(rule)


def _check_lines(rule: AlertRule) -> None:
    _require(
        0.0 < rule.enter <= 1.0 and 0.0 <= rule.exit <= 1.0,
        "Both lines must lie between 0 and 100 %, and the upper one above 0.",
    )
    _require(rule.enter > rule.exit, "The upper line must lie above the lower one.")


def _check_times(rule: AlertRule) -> None:
    _require(1.0 <= rule.window_s <= 60.0, "The score is the median of 1 to 60 seconds.")
    _require(
        1.0 <= rule.dwell_s <= 600.0,
        "The score must stay above the upper line for 1 second to 10 minutes before anybody is "
        "told.",
    )
    _require(1 <= rule.min_readings <= 1000, "At least 1 and at most 1000 readings are asked for.")
    _require(
        0.1 <= rule.coverage <= 1.0,
        "The face must be readable in 10 to 100 % of the time before anybody is told.",
    )
    _require(
        0.0 <= rule.grace_s < rule.dwell_s,
        "A dip that is overlooked must be shorter than the time that the score must stay above "
        "the upper line.",
    )
    _require(
        1.0 <= rule.clear_after_s <= HOUR_S,
        "It is over when the score stayed below the lower line for 1 second to 1 hour.",
    )
    _require(
        0.0 <= rule.cooldown_s <= DAY_S, "The pause between two alerts lasts at most 24 hours."
    )


def _check_count(rule: CountRule) -> None:
    _require(1 <= rule.of_last <= 1000, "Between 1 and 1000 of the last readings can be looked at.")
    _require(
        1 <= rule.more_than < rule.of_last,
        "The number of readings that must be negative has to be at least 1 and smaller than the "
        "number of readings that are looked at.",
    )
    _require(
        1.0 <= rule.apart_s <= DAY_S, "Two alerts must lie between 1 second and 24 hours apart."
    )


def check_watch_rule(rule: WatchRule) -> None:
    """Raises RuleError."""
    _require(
        rule.signal is not Signal.EXPRESSION,
        "A watch looks at the camera; for an expression, make a rule.",
    )
    _require(
        5.0 <= rule.after_s <= DAY_S,
        f"“{rule.title}” can be told after 5 seconds to 24 hours.",
    )
    _require(
        0.0 <= rule.cooldown_s <= DAY_S, "The pause between two alerts lasts at most 24 hours."
    )


def check_hours(hours: DailyHours) -> None:
    """Raises RuleError."""
    _require(
        hours.start.tzinfo is None and hours.end.tzinfo is None,
        "Hours are given by the wall clock, their time zone beside them.",
    )
    if hours.zone == LOCAL:
        return
    try:
        ZoneInfo(hours.zone)
    # Trap: folders of the zones' database, and paths out of it, are other errors than strangers.
    except (KeyError, ValueError, OSError) as error:
        raise RuleError(f"There is no time zone “{hours.zone}”.", repr(error)) from error


def check_sending(
    reminder_every_s: float, reminders: int, deadline_s: float, picture_days: int
) -> None:
    """Raises RuleError."""
    _require(
        30.0 <= reminder_every_s <= DAY_S, "Reminders come every 30 seconds to every 24 hours."
    )
    _require(0 <= reminders <= 20, "There can be up to 20 reminders.")
    _require(
        60.0 <= deadline_s <= DAY_S,
        "A message that cannot be delivered is given up after 1 minute to 24 hours.",
    )
    _require(1 <= picture_days <= 365, "Pictures are kept for 1 to 365 days.")


def _require(makes_sense: bool, sentence: str) -> None:
    # each condition is written so that NaN fails it
    if not makes_sense:
        raise RuleError(sentence)
