"""What is to be learnt: labels, and examples of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from core.errors import DatasetError
from core.teaching.examples import Example

FEWEST_LABELS, MOST_LABELS = 2, 8
FEWEST_PER_LABEL = 5
RECOMMENDED_PER_LABEL = 10
MOST_PER_LABEL = 100

_LONGEST_LABEL = 24
_WORD = re.compile(r"[\w][\w -]*")


class Lesson:
    """Examples under labels, in the order in which they came. Belongs to one thread.

    A label that is taken out of the set keeps its examples until it comes back or all is cleared.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        """Starts empty.

        Raises:
            DatasetError: these labels cannot be taught.
        """
        self._examples: dict[str, list[Example]] = {}
        self.labels: tuple[str, ...] = ()
        self.relabel(labels)

    def relabel(self, labels: Sequence[str]) -> None:
        """Change the set.

        Raises:
            DatasetError: these labels cannot be taught.
        """
        self.labels = checked_labels(labels)
        for label in self.labels:
            self._examples.setdefault(label, [])

    def of(self, label: str) -> tuple[Example, ...]:
        """The examples of one label."""
        return tuple(self._examples[label])

    def __len__(self) -> int:
        return sum(len(self._examples[label]) for label in self.labels)

    def label_of(self, digest: str) -> str | None:
        """Under which label a picture of this content lies; None for a new one."""
        for label in self.labels:
            if any(example.digest == digest for example in self._examples[label]):
                return label
        return None

    def add(self, label: str, example: Example) -> str | None:
        """One more example; else the sentence that says why it was left out."""
        known = self.label_of(example.digest)
        if known == label:
            return f"“{example.name}” is there already; it counts once."
        if known is not None:
            return (
                f"“{example.name}” is also under “{known}”; it was left out here, because one "
                "picture cannot show both."
            )
        if len(self._examples[label]) >= MOST_PER_LABEL:
            return (
                f"“{example.name}” was left out: {MOST_PER_LABEL} pictures of a label are plenty."
            )
        self.remove(example.digest)  # from a label that is out of the set
        self._examples[label].append(example)
        return None

    def remove(self, digest: str) -> None:
        """Forget a picture."""
        for examples in self._examples.values():
            examples[:] = [example for example in examples if example.digest != digest]

    def clear(self) -> None:
        """Forget all pictures."""
        self._examples = {label: [] for label in self.labels}

    def lacking(self) -> str | None:
        """What must be added before this can be learnt, as a sentence; None when it can."""
        few = [
            f"“{label}” has {len(self._examples[label])}"
            for label in self.labels
            if len(self._examples[label]) < FEWEST_PER_LABEL
        ]
        if not few:
            return None
        return (
            f"Too few pictures to learn from: {', '.join(few)}. Each label needs at least "
            f"{FEWEST_PER_LABEL}, better {RECOMMENDED_PER_LABEL}."
        )


def checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Label names as they are kept: small letters, single blanks.

    Raises:
        DatasetError: there are too few or too many, or one is no name or stands twice.
    """
    names = tuple(" ".join(unicodedata.normalize("NFC", name).lower().split()) for name in labels)
    if len(names) < FEWEST_LABELS:
        raise DatasetError(
            "At least two expressions are needed, to be told apart: for example neutral and happy."
        )
    if len(names) > MOST_LABELS:
        raise DatasetError(f"At most {MOST_LABELS} expressions can be taught at a time.")
    for given, name in zip(labels, names, strict=True):
        if not _WORD.fullmatch(name) or len(name) > _LONGEST_LABEL:
            raise DatasetError(
                f"“{given}” cannot be the name of an expression: use letters, digits and blanks, "
                f"up to {_LONGEST_LABEL} of them."
            )
        if names.count(name) > 1:
            raise DatasetError(f"The expression “{name}” stands twice.")
    return names
