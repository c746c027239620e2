"""Rules to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.alerts.rule import AlertRule, CountRule, PersonRule, Severity
from core.expression.labels import NEGATIVE


@dataclass(frozen=True)
class Preset:
    """A rule that was thought through, to take as it is or to change.

    Attributes:
        key: of the preset. The two for pain make the same rule, so that changing from one to the
            other goes on with its episodes.
        title, description: for people.
        rule: what it sets.
    """

    key: str
    title: str
    description: str
    rule: PersonRule


_NEGATIVE = tuple(sorted(NEGATIVE))

_ALL = (
    Preset(
        "pain-careful",
        "Pain, careful",
        "Tells when a face looks in pain for 5 seconds. Few false alarms; what shows only for a "
        "moment or faintly is missed.",
        AlertRule("pain", "Pain", ("pain",)),
    ),
    Preset(
        "pain-sensitive",
        "Pain, sensitive",
        "Tells after 3 seconds, and already when a face looks a little as if in pain. Misses less, "
        "and tells more often without need.",
        AlertRule(
            "pain", "Pain", ("pain",), enter=0.35, exit=0.2, dwell_s=3.0, coverage=0.5, grace_s=2.0
        ),
    ),
    Preset(
        "any-negative",
        "Any negative expression",
        "Tells when a face looks angry, disgusted, afraid, sad or in pain, taken together, for 10 "
        "seconds.",
        AlertRule(
            "negative",
            "Negative expression",
            _NEGATIVE,
            enter=0.6,
            exit=0.4,
            dwell_s=10.0,
            grace_s=2.0,
            clear_after_s=30.0,
            cooldown_s=300.0,
            severity=Severity.MEDIUM,
        ),
    ),
    Preset(
        "original",
        "Like the original",
        "Tells when more than 5 of the last 40 readings, one a second, looked negative. Quick, and "
        "often without need: one reading in eight is enough.",
        CountRule("original", "Negative expressions, counted", _NEGATIVE),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.key: preset for preset in _ALL})


def own_rule(labels: tuple[str, ...], title: str = "") -> AlertRule:
    """A rule on a label set of one's own; without a title it is named by the labels."""
    name = " or ".join(labels).capitalize()
    key = "-".join(("own", *sorted(labels)))
    return AlertRule(key, title.strip() or name, labels, severity=Severity.MEDIUM)
