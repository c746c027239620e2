"""Who is learned from, who decides, and who is reported: never the same person twice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from core.training.datasets.faces import LabelledFaces, Split

SHARES = {Split.TRAINING: 0.8, Split.PUBLIC: 0.1, Split.PRIVATE: 0.1}
_FEWEST_PERSONS = 3

SplitNames = npt.NDArray[np.str_]
"""str (n,): the value of each face's Split, "" where the source does not say."""


def is_split_by_person(faces: LabelledFaces) -> bool:
    """Whether enough people are named to keep each of them in one split."""
    return faces.persons is not None and len(set(faces.persons.tolist()) - {""}) >= _FEWEST_PERSONS


def split_of_each(faces: LabelledFaces, shares: Mapping[Split, float], seed: int) -> SplitNames:
    """A split for every face, by chance: each label has its share in each split, as well as whole
    persons allow; without enough named persons each face stands for itself.

    Args:
        faces: all faces that are to be distributed.
        shares: of each split; training and those that are held out.
        seed: the only source of chance.
    """
    groups = _groups(faces)
    rng = np.random.default_rng(seed)
    places = list(shares)
    counts = np.zeros((groups.max(initial=-1) + 1, len(faces.labels)), np.int64)
    np.add.at(counts, (groups, faces.label_index), 1)
    lacking = _targets(counts.sum(axis=0), shares)
    # Large groups first: small ones then even out what is left. The order among equals is chance.
    order = rng.permutation(len(counts))
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    chosen = np.zeros(len(counts), np.int64)
    for group in order:
        # The split whose distance to its target falls most: |lacking|² - |lacking - group|².
        gain = (2 * lacking - counts[group]) @ counts[group]
        chosen[group] = int(gain.argmax())
        lacking[chosen[group]] -= counts[group]
    training = places.index(Split.TRAINING)
    for held_out in {*range(len(places))} - {training}:
        _leave_no_label_out(chosen, counts, held_out, training)
    return np.array([place.value for place in places])[chosen[groups]]


def _groups(faces: LabelledFaces) -> npt.NDArray[np.int64]:
    """A number per face, the same for faces that must stay together."""
    keys = [f"\n{row}" for row in range(len(faces))]
    if is_split_by_person(faces) and faces.persons is not None:
        keys = [person or key for person, key in zip(faces.persons.tolist(), keys, strict=True)]
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _targets(total: npt.NDArray[np.int64], shares: Mapping[Split, float]) -> npt.NDArray[np.int64]:
    """Faces per split and label; at least one is held out of each label that has three."""
    wanted = np.array([np.round(total * share) for share in shares.values()], np.int64)
    wanted = np.where(total >= len(shares), np.maximum(wanted, 1), wanted)
    training = list(shares).index(Split.TRAINING)
    wanted[training] = 0
    wanted[training] = total - wanted.sum(axis=0)
    return wanted


def _leave_no_label_out(
    chosen: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], held_out: int, training: int
) -> None:
    """Moves the smallest person out of training for each label that a held-out split lacks."""
    for label in range(counts.shape[1]):
        if not counts[chosen == held_out, label].any():
            able = np.flatnonzero((chosen == training) & (counts[:, label] > 0))
            if len(able) > 1:
                chosen[able[counts[able].sum(axis=1).argmin()]] = held_out
