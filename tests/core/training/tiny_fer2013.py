"""A FER2013 npz in miniature: noise with one bright patch per class, and the real one's flaws."""

from pathlib import Path

import numpy as np

_FACES = {0: 140, 1: 35, 2: 35}


def write_tiny_fer2013(path: Path) -> Path:
    """Training has 140 faces, of which one is blank; PrivateTest's fifth has a twin in it."""
    rng = np.random.default_rng(0)
    usage = np.repeat(list(_FACES), list(_FACES.values())).astype(np.uint8)
    label = (np.arange(len(usage)) % 7).astype(np.uint8)
    images = rng.integers(0, 120, (len(usage), 48, 48), dtype=np.uint8)
    for image, place in zip(images, label, strict=True):
        image[:, place * 6 : place * 6 + 6] += 130
    votes = np.zeros((len(usage), 10), np.uint8)
    votes[np.arange(len(usage)), label % 8] = 10
    named, flag = np.ones(len(usage), bool), np.zeros(len(usage), np.uint8)
    private = np.flatnonzero(usage == 2)
    images[0] = 0
    images[private[4]] = images[20]
    votes[private[0]] = [1, 8, 0, 0, 0, 0, 0, 0, 1, 0]
    named[private[1]] = False
    flag[private[2]] = 1
    np.savez(
        path,
        images=images,
        label=label,
        usage=usage,
        ferplus=votes,
        ferplus_named=named,
        flag=flag,
    )
    return path
