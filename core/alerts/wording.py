"""What is said of a rule that fired."""

from __future__ import annotations

from datetime import timedelta

from core.alerts.alert import WhyItFired
from core.alerts.change import Change
from core.alerts.rule import AlertRule, CountRule, Signal, WatchRule
from core.expression.wording import looks_label

_OF_CAMERA = {
    Signal.ABSENT: "Nobody was seen for {}.",
    Signal.CAMERA_LOST: "No picture came from the camera for {}.",
    Signal.FROZEN: "The picture did not change for {}.",
    Signal.DARK: "The picture was too dark to see anybody for {}.",
}


def why_it_fired(change: Change) -> WhyItFired:
    """For the message, and for the chart of the episode."""
    match change.rule:
        case AlertRule() as rule:
            sentence = (
                f"“{rule.title}” stayed above {rule.enter * 100:.3g}% for {duration(rule.dwell_s)}."
            )
            lines = rule.enter, rule.exit
            return WhyItFired(sentence, change.trail, *lines, change.dwell_began_utc)
        case CountRule() as rule:
            sentence = (
                f"More than {rule.more_than} of the last {rule.of_last} readings looked "
                f"{_any_of(rule.labels)}."
            )
            return WhyItFired(sentence, change.trail, *rule.lines)
        case WatchRule() as rule:
            sentence = _OF_CAMERA[rule.signal].format(duration(rule.after_s))
            began_utc = change.at_utc - timedelta(seconds=rule.after_s)
            return WhyItFired(sentence, dwell_began_utc=began_utc)


def duration(seconds: float) -> str:
    """“5 seconds”, “1 minute 30 seconds”, “2 hours”."""
    hours, rest_s = divmod(seconds, 3600)
    minutes, rest_s = divmod(rest_s, 60)
    counted = [(hours, "hour"), (minutes, "minute"), (round(rest_s, 1), "second")]
    said = [f"{n:g} {unit}{'' if n == 1 else 's'}" for n, unit in counted if n]
    return " ".join(said) or "0 seconds"


def _any_of(labels: tuple[str, ...]) -> str:
    """“angry, sad or in pain”"""
    words = [looks_label(label).removeprefix("looks ") for label in labels]
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
