"""The README's tables, made from what was measured when the models were published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.errors import ModelError
from core.expression.card import ModelCard, read_card
from core.expression.evaluation import Evaluation, read_evaluation

SHIPPED = ("mien7", "mien8", "tiny", "pain")
_COLUMNS = (
    "model",
    "reads",
    "PublicTest",
    "PrivateTest",
    "without twins",
    "macro-F1",
    "ECE",
    "weights",
    "TFLite",
    "ms a face",
)
_COMMAND = (
    ".venv/bin/python -m core.training evaluate --model NAME --data fer2013.npz "
    "--split private --json"
)


def readme_figures(models_root: Path) -> str:
    """Markdown: one row per shipped model, then what the first one takes for what.

    Raises:
        ModelError: a shipped model's folder cannot be read.
    """
    measured = [_measured(models_root / name) for name in SHIPPED if (models_root / name).is_dir()]
    first_card, first = measured[0]
    lines = [_cells(_COLUMNS), "|---" * len(_COLUMNS) + "|"]
    lines += [_row(card, evaluation) for card, evaluation in measured]
    lines += ["", f"Measured on {first_card.figures_date} on one core, with the files that ship:"]
    lines += [f"`{_COMMAND}`", "", f"What `{first_card.name}` takes for what on PrivateTest:", ""]
    lines += _confusion(first)
    return "\n".join([*lines, *(line for pair in measured for line in _pain(*pair))])


def _measured(folder: Path) -> tuple[ModelCard, Evaluation]:
    card = read_card(folder)
    evaluation = read_evaluation(folder, card)
    if evaluation is None:
        raise ModelError(f"The model “{folder.name}” was published without an evaluation.")
    return card, evaluation


def _row(card: ModelCard, evaluation: Evaluation) -> str:
    public = card.figures.get("accuracy_public")
    cells = (
        f"`{card.name}`",
        f"{len(card.labels)} expressions",
        "" if public is None else f"{public:.1%}".replace("%", " %"),
        f"{evaluation.accuracy:.1%}".replace("%", " %"),
        f"{evaluation.accuracy_without_twins or 0:.1%}".replace("%", " %"),
        f"{evaluation.macro_f1:.3f}",
        f"{evaluation.ece:.3f}",
        f"{card.weights / 1e6:.2f} million",
        f"{evaluation.tflite_bytes / 1e6:.1f} MB",
        f"{evaluation.tflite_ms_per_face:.2f}",
    )
    return _cells(cells)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _pain(card: ModelCard, evaluation: Evaluation) -> list[str]:
    figures = evaluation.figures
    if "auc_rendered" not in figures:
        return []
    at_ease, others = (
        f"{figures[f'false_positive_rate_{whom}'] or 0:.1%}".replace("%", " %")
        for whom in ("happy_neutral", "others")
    )
    return [
        "",
        f"`{card.name}` at its threshold calls {at_ease} of PrivateTest's happy and neutral faces "
        f"pain, and {others} of all others. On rendered faces of people whom it does not know its "
        f"AUC is {figures['auc_rendered']:.3f}. Its other figures are those of the seven "
        "expressions among themselves.",
    ]


def _confusion(evaluation: Evaluation) -> list[str]:
    labels = evaluation.labels
    lines = [_cells(("labelled ↓, read →", *labels, "found")), "|---" * (len(labels) + 2) + "|"]
    for place, (label, counts) in enumerate(zip(labels, evaluation.confusion, strict=True)):
        cells = [f"**{count}**" if at == place else str(count) for at, count in enumerate(counts)]
        lines.append(_cells((label, *cells, f"{counts[place] / sum(counts):.0%}")))
    return [line.replace("%", " %") for line in lines]
