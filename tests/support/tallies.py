"""Tallies made up for tests: what each person looked like, second by second."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import strategies as st

from core.timeline.adding import joined
from core.timeline.reading_tally import tally_of_columns
from core.timeline.tally import Tally

LABELS = ("happy", "sad", "neutral")
LETTERS = {"h": 0, "s": 1, "n": 2}
"""Of a label in `looks`; "?" is not sure and a blank nobody."""

SURE, UNSURE = 0.75, 0.375


def looking(
    looks: str,
    track: int = 1,
    session: int = 1,
    first_s: int = 0,
    pain: Mapping[int, float] | None = None,
) -> Tally:
    """One person in pieces of a second.

    Args:
        looks: a letter for each second, as in `LETTERS`.
        track: id of the person.
        session: id.
        first_s: Unix time of the first letter.
        pain: by place in `looks`.
    """
    there = [(place, look) for place, look in enumerate(looks) if look != " "]
    return tally_of_columns(
        LABELS,
        [session] * len(there),
        [track] * len(there),
        [first_s + place for place, _ in there],
        np.array([_probabilities(look) for _, look in there]).reshape(-1, len(LABELS)),
        [(pain or {}).get(place, np.nan) for place, _ in there],
        0.5,
    )


def _probabilities(look: str) -> list[float]:
    if look == "?":
        return [UNSURE, UNSURE, 1 - 2 * UNSURE]
    rest = (1 - SURE) / 2
    return [SURE if index == LETTERS[look] else rest for index in range(len(LABELS))]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Of some people in some sessions; every probability adds up without rounding."""
    people = draw(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.integers(1, 3),
                st.integers(-50, 400),
                st.text("hsn? ", max_size=30),
                st.dictionaries(st.integers(0, 29), st.sampled_from([0.0, 0.25, 0.5, 1.0])),
            ),
            max_size=4,
            unique_by=lambda person: person[:2],
        )
    )
    columns = [
        looking(looks, track, session, first_s, pain)
        for session, track, first_s, looks, pain in people
    ]
    return joined(columns) if columns else looking("")
