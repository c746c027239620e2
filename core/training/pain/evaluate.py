"""How well pain is told from everything else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.evaluation import Evaluation
from core.expression.litert import LiteRtClassifier, softmax
from core.expression.metrics import confusion_matrix
from core.training.datasets import LabelledFaces
from core.training.pain.recipe import PAIN
from core.training.synthetic.dataset import RenderedFaces

_AT_EASE = ("happy", "neutral")
_BATCH = 64

Values = npt.NDArray[np.float64]


def with_pain(
    measured: Evaluation,
    card: ModelCard,
    faces: LabelledFaces,
    logits: Values,
    rendered: RenderedFaces | None,
    classifier: LiteRtClassifier,
) -> Evaluation:
    """The evaluation of the seven labels, with what was measured of pain.

    Args:
        measured: of the seven labels among themselves.
        card: of the model, with its threshold.
        faces: of FER2013, none of them labelled as in pain.
        logits: (n, 8) of the faces, temperature applied.
        rendered: faces of people that the model does not know.
        classifier: the model.

    Raises:
        ModelError: the card names no threshold.
    """
    called = pain_probability(logits) >= _threshold(card)
    at_ease = np.isin(np.array(faces.labels)[faces.label_index], _AT_EASE)
    figures = {
        "auc_rendered": None,
        "false_positive_rate_happy_neutral": _share(called[at_ease]),
        "false_positive_rate_others": _share(called[~at_ease]),
    }
    if rendered is not None:
        figures |= rendered_figures(card, rendered, classifier)
    return replace(
        measured,
        confusion=tuple(tuple(row) for row in confusion_matrix(logits, faces.label_index).tolist()),
        figures=figures,
    )


def rendered_figures(
    card: ModelCard, rendered: RenderedFaces, classifier: LiteRtClassifier
) -> dict[str, float | None]:
    """AUC of pain against every other label, and how often each side is called pain."""
    images = rendered.images
    logits = np.concatenate(
        [classifier.logits(images[at : at + _BATCH]) for at in range(0, len(images), _BATCH)]
    )
    pain = pain_probability(logits / card.temperature)
    names = rendered.label_names[rendered.label]
    called = pain >= _threshold(card)
    return {
        "auc_rendered": area_under_curve(pain[names == PAIN], pain[names != PAIN]),
        "sensitivity_rendered": _share(called[names == PAIN]),
        "false_positive_rate_rendered_happy_neutral": _share(called[np.isin(names, _AT_EASE)]),
    }


def pain_probability(logits: Values) -> Values:
    """Of eight logits, pain last: (n,)."""
    probability: Values = softmax(logits)[:, -1]
    return probability


def area_under_curve(positive: Values, negative: Values) -> float:
    """Chance that a positive face scores above a negative one, ties half (Mann and Whitney)."""
    ordered = np.sort(negative)
    below, up_to = (np.searchsorted(ordered, positive, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(negative)))


def _threshold(card: ModelCard) -> float:
    if PAIN not in card.thresholds:
        raise ModelError(f"The card of the model “{card.name}” names no threshold for pain.")
    return card.thresholds[PAIN]


def _share(called: npt.NDArray[np.bool_]) -> float | None:
    return float(called.mean()) if len(called) else None
