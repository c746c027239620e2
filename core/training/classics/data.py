"""What a classic recipe learns from: the user's faces, and rendered ones beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import DatasetError
from core.training.classics.recipes import ClassicRecipe
from core.training.datasets import Framing, LabelledFaces, Split, joined, load

CACHE_FOLDER = Path(".cache/datasets")


@dataclass(frozen=True, eq=False)
class ClassicData:
    """What is learned from, what decides, and what is reported: all with the same labels."""

    training: LabelledFaces
    public: LabelledFaces
    private: LabelledFaces

    @property
    def labels(self) -> tuple[str, ...]:
        return self.training.labels

    def limited(self, faces: int | None, seed: int) -> ClassicData:
        """At most so many faces of each part, drawn by chance: for a trial."""
        parts = (self.training, self.public, self.private)
        return ClassicData(*(part.sample(faces, seed) for part in parts))


@dataclass(frozen=True)
class Sources:
    """Where the faces of a run are.

    Attributes:
        data: files or folders that `load` knows; each is split for itself.
        rendered: more faces to learn from. Nothing is judged by them.
        cache_folder: for decoded pictures.
    """

    data: tuple[Path, ...]
    rendered: Path | None = None
    cache_folder: Path | None = CACHE_FOLDER


def load_sources(
    recipe: ClassicRecipe, sources: Sources, tell: Callable[[str], object] = print
) -> ClassicData:
    """The faces of all sources with the recipe's labels, or with all that the data has.

    Args:
        recipe: whose labels and framing hold.
        sources: where the faces are.
        tell: is given a summary of each source: what was taken, what was skipped and why.

    Raises:
        DatasetError: nothing that can be learned from is there, or a label has no faces.
        DetectorError: faces are to be found, and this installation has no detector.
    """
    framing = Framing(recipe.face_px, recipe.find_faces, recipe.without_face)
    parts: dict[Split, list[LabelledFaces]] = {split: [] for split in Split}
    for path in sources.data:
        dataset = load(path, framing, recipe.seed, sources.cache_folder)
        tell(f"{path.name}: {dataset.report.summary()}")
        for split in Split:
            parts[split].append(dataset[split])
    human = {split: joined(parts[split]) for split in Split}
    labels = recipe.labels or _labels_with_faces(human[Split.TRAINING])
    training = human[Split.TRAINING]
    if sources.rendered is not None:
        # As they are: a renderer's picture is the face already.
        whole = replace(framing, find_faces=False)
        rendered = load(sources.rendered, whole, recipe.seed, sources.cache_folder)
        tell(f"{sources.rendered.name}: {rendered.report.summary()}")
        training = joined([training, *(rendered[split] for split in Split)])
    data = ClassicData(
        training.reading(labels),
        *(human[split].reading(labels) for split in (Split.PUBLIC, Split.PRIVATE)),
    )
    _check(data)
    return data


def _labels_with_faces(faces: LabelledFaces) -> tuple[str, ...]:
    return tuple(label for label, count in faces.counts().items() if count)


def _check(data: ClassicData) -> None:
    without = [label for label, count in data.training.counts().items() if not count]
    if without:
        raise DatasetError(f"There is no face to learn {' or '.join(without)} from.")
    if not len(data.public):
        raise DatasetError("There is no face to judge the training by: all are learned from.")
