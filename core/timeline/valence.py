"""How pleasant or unpleasant faces look, as one number."""

from __future__ import annotations

import numpy as np

from core.expression.labels import NEGATIVE
from core.timeline.tally import Floats, Tally


def valence(tally: Tally) -> Floats:
    """Of each row: the mean probability of happy, less that of all negative labels together.

    It tells how a face looks on average, from -1 to 1, and not what somebody feels. A definition of
    our own, near the one of Noldus' FaceReader (happy less the strongest negative expression); the
    sum is taken because only sums may be added up to wider pieces. Not the valence that data sets
    such as AffectNet were labelled with.

    Returns:
        (n,); surprise, neutral and contempt count neither way.
    """
    weights = np.array(
        [1.0 if label == "happy" else -1.0 if label in NEGATIVE else 0.0 for label in tally.labels]
    )
    sums: Floats = tally.probabilities @ weights
    seen = tally.seconds > 0
    return np.where(seen, sums / np.maximum(1, tally.seconds), np.nan)
