"""Splits drawn by chance keep people together and labels in proportion."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.training.datasets.faces import Split
from core.training.datasets.splitting import SHARES, split_of_each
from tests.core.training.datasets.tiny_folders import faces_of


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=9, max_size=120),
    st.integers(0, 50),
)
def test_nobody_is_in_two_splits(rows: list[tuple[int, int]], seed: int) -> None:
    persons = [f"p{number}" if number else "" for _, number in rows]
    faces = faces_of([label for label, _ in rows], persons)
    split = split_of_each(faces, SHARES, seed)
    met = {(person, one) for person, one in zip(persons, split.tolist(), strict=True) if person}
    known = {person for person, _ in met}
    if len(known) >= 3:
        assert len(met) == len(known)
    assert np.array_equal(split, split_of_each(faces, SHARES, seed))


@settings(deadline=None)
@given(st.lists(st.integers(3, 60), min_size=2, max_size=4), st.integers(0, 50))
def test_without_names_every_label_has_its_share(counts: list[int], seed: int) -> None:
    label_index = [label for label, count in enumerate(counts) for _ in range(count)]
    split = split_of_each(faces_of(label_index), SHARES, seed)
    for label, count in enumerate(counts):
        got = Counter(split[np.array(label_index) == label].tolist())
        for held_out in (Split.PUBLIC, Split.PRIVATE):
            assert got[held_out.value] == max(1, round(count * 0.1))


def test_three_people_with_every_label_give_one_to_each_split() -> None:
    persons = [person for person in ("ann", "bob", "cem") for _ in range(30)]
    split = split_of_each(faces_of([0, 1, 2] * 30, persons), SHARES, seed=1)
    assert Counter(split.tolist()) == {"training": 30, "public": 30, "private": 30}


def test_chance_is_the_seeds() -> None:
    faces = faces_of([0, 1] * 100)
    assert not np.array_equal(*(split_of_each(faces, SHARES, seed) for seed in (1, 2)))


def test_what_is_held_out_already_is_not_drawn_again() -> None:
    shares = {Split.PUBLIC: 0.1, Split.TRAINING: 0.9}
    split = split_of_each(faces_of([0, 1] * 50), shares, seed=1)
    assert Counter(split.tolist()) == {"training": 90, "public": 10}
