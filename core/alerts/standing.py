"""Where a rule stands right now, for the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.alerts.episode import Episode
from core.alerts.rule import Rule


class Phase(StrEnum):
    """Of one rule and person. COOLING and SNOOZED stand for CLEAR and PENDING while no episode may
    open.
    """

    CLEAR = "clear"
    PENDING = "pending"
    FIRING = "firing"
    RESOLVING = "resolving"
    COOLING = "cooling"
    SNOOZED = "snoozed"


@dataclass(frozen=True)
class Standing:
    """One rule, and one person whom it looks at.

    Attributes:
        rule: as it applies now.
        person: the track id under which the person was seen last; None for the camera itself.
        phase: see there.
        score: what is compared with the lines (the median, or the share of negatives); None while
            nobody is seen, and for the camera itself.
        held_s: how long it has been pending, firing or resolving; 0.0 otherwise.
        until_s: when the snooze or the cooldown ends, on the engine's clock; None without.
    """

    rule: Rule
    person: int | None
    phase: Phase
    score: float | None
    held_s: float
    until_s: float | None = None


def standing_of(
    rule: Rule,
    person: int | None,
    phase: Phase,
    score: float | None,
    held_s: float,
    episode: Episode,
    now_s: float,
) -> Standing:
    """With what the episode's snooze and cooldown make of the phase."""
    if episode.may_open(rule, now_s):
        return Standing(rule, person, phase, score, held_s)
    until_s = episode.blocked_until_s(rule)
    if not episode.is_open:
        is_snoozed = episode.snoozed_until_s > now_s
        phase = Phase.SNOOZED if is_snoozed else Phase.COOLING
    return Standing(rule, person, phase, score, held_s, until_s)
