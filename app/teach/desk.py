"""What one visitor is teaching. In memory only, and only as long as the visit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.errors import PhotoError
from core.teaching.examples import ExampleReader
from core.teaching.lesson import Lesson

USUAL_LABELS = ("neutral", "happy", "pain")

_log = logging.getLogger(__name__)


@dataclass
class Desk:
    """The lesson, and what the page must remember about it from run to run.

    Attributes:
        lesson: labels and examples.
        skipped: by label, a sentence for each picture that was not taken.
        taught: name of the model that was taught last.
        generation: changes whenever the uploader and the camera are to be empty again.
        taken: pictures of the camera so far, to number them.
    """

    lesson: Lesson = field(default_factory=lambda: Lesson(USUAL_LABELS))
    skipped: dict[str, list[str]] = field(default_factory=dict)
    taught: str | None = None
    generation: int = 0
    taken: int = 0

    def take_in(
        self,
        label: str,
        files: Sequence[tuple[str, bytes]],
        reader: ExampleReader,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Adds the faces of some files; what is not taken gets its sentence, and stops no other."""
        self.generation += 1
        sentences = self.skipped[label] = []
        for index, (name, data) in enumerate(files):
            on_progress(index)
            try:
                sentence = self.lesson.add(label, reader.read(data, name))
            except PhotoError as error:
                _log.info("A picture was skipped: %s", type(error).__name__)
                sentence = error.sentence
            if sentence is not None:
                sentences.append(sentence)

    def clear(self) -> None:
        """Forget all pictures and sentences."""
        self.lesson.clear()
        self.skipped.clear()
        self.generation += 1
