"""What a model is bad at, computed from its confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass

from core.expression.evaluation import Evaluation


@dataclass(frozen=True)
class Weakness:
    """A label that is found less often than labels are on the whole.

    Attributes:
        label: as the data names it.
        faces: how many are labelled so.
        found: share of them that is read so, 0 to 1.
        taken_for: the label that the missed ones are most often taken for; None where none is
            missed.
        taken: share of them that is, 0 to 1.
    """

    label: str
    faces: int
    found: float
    taken_for: str | None
    taken: float


def weaknesses(evaluation: Evaluation, most: int = 3) -> tuple[Weakness, ...]:
    """The labels found less often than the accuracy promises, the worst first.

    Args:
        evaluation: of one model.
        most: how many labels at most.
    """
    every = [
        _weakness(evaluation, index) for index, row in enumerate(evaluation.confusion) if sum(row)
    ]
    weak = [one for one in every if one.found < evaluation.accuracy]
    return tuple(sorted(weak, key=lambda one: one.found)[:most])


def unmeasured(evaluation: Evaluation) -> tuple[str, ...]:
    """Labels of the model that no face of the evaluation carries."""
    return tuple(
        label
        for label, row in zip(evaluation.labels, evaluation.confusion, strict=True)
        if not sum(row)
    )


def _weakness(evaluation: Evaluation, index: int) -> Weakness:
    row = evaluation.confusion[index]
    faces = sum(row)
    missed = [0 if column == index else count for column, count in enumerate(row)]
    mostly = missed.index(max(missed))
    return Weakness(
        label=evaluation.labels[index],
        faces=faces,
        found=row[index] / faces,
        taken_for=evaluation.labels[mostly] if missed[mostly] else None,
        taken=missed[mostly] / faces,
    )
