"""Readings by hour of the day and day of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np

from core.timeline.tally import HOUR_S, Floats, Ints, Tally
from core.timeline.valence import valence

VALENCE, SECONDS = "valence", "seconds"
"""What a heat map may show beside the share of an expression."""

TOO_LITTLE_S = 60
"""With fewer seconds in a field there is no telling."""

_QUARTER_S = 900
"""No zone's time differs from UTC by anything else than whole quarters of an hour."""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """In one zone's local time.

    Attributes:
        what: an expression, "not sure", "valence" or "seconds".
        values: (7, 24) by weekday from Monday and hour: the share of seconds that look so, 0 to 1;
            the mean valence; or the seconds. NaN for the first two where fewer than `TOO_LITTLE_S`
            were read, or no model knows the expression.
        seconds: (7, 24) that were read; every person's count.
    """

    what: str
    values: Floats
    seconds: Floats


def heat(tally: Tally, zone: tzinfo | None, what: str) -> HeatMap:
    """Of everybody in it.

    Args:
        tally: in pieces of at most an hour.
        zone: of the reader; None for this machine's.
        what: as in `HeatMap`.
    """
    if tally.width_s > HOUR_S:
        raise ValueError("A heat map by the hour needs pieces of at most an hour.")
    # A piece that is wider than a quarter may lie in two hours of the zone: its parts count alike.
    parts = max(1, tally.width_s // _QUARTER_S)
    part_s = tally.width_s / parts
    middles_s = tally.begin_s[:, None] + part_s * (np.arange(parts) + 0.5)
    fields = _fields(np.floor(middles_s / _QUARTER_S).astype(np.int64), zone).ravel()

    def by_field(sums: Floats) -> Floats:
        weights = np.repeat(sums / parts, parts)
        added = np.bincount(fields, weights, minlength=7 * 24)
        return added.reshape(7, 24).astype(np.float64)

    seconds = by_field(tally.seconds.astype(np.float64))
    if what == SECONDS:
        return HeatMap(what, seconds, seconds)
    enough = seconds >= TOO_LITTLE_S
    values = np.where(enough, by_field(_sums(tally, what)) / np.maximum(1, seconds), np.nan)
    return HeatMap(what, values, seconds)


def _sums(tally: Tally, what: str) -> Floats:
    if what == VALENCE:
        return np.nan_to_num(valence(tally)) * tally.seconds
    if what in tally.looks:
        return tally.top[:, tally.looks.index(what)].astype(np.float64)
    return np.full(len(tally), np.nan)


def _fields(quarters: Ints, zone: tzinfo | None) -> Ints:
    """Weekday and hour, as one number, of quarters of an hour since 1970."""
    each, inverse = np.unique(quarters, return_inverse=True)
    local = [datetime.fromtimestamp(int(quarter) * _QUARTER_S, zone) for quarter in each]
    fields = np.array([at.weekday() * 24 + at.hour for at in local], np.int64)
    return fields[inverse]
