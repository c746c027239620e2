"""Teaches a model of one person's expressions from a folder per label."""

from __future__ import annotations

from pathlib import Path

from core.clock import Clock
from core.expression.card import ModelCard
from core.expression.registry import load_classifier
from core.teaching.examples import ExampleReader
from core.teaching.folders import lesson_from_folders
from core.teaching.learn import learn
from core.teaching.publish import folder_name, publish
from core.vision.detectors import build_detector


def teach(
    pictures: Path, title: str, base: str, models_root: Path, clock: Clock
) -> tuple[ModelCard, tuple[str, ...]]:
    """Reads the pictures, learns, and publishes.

    Returns:
        The new model's card, and a sentence for each picture that was skipped.

    Raises:
        DatasetError: the folder does not hold what can be taught.
        ModelError: the name cannot be used, or the base gives no embedding.
    """
    folder_name(title, models_root)  # said before the work, not after it
    network = load_classifier(base, models_root)
    lesson, skipped = lesson_from_folders(pictures, ExampleReader(build_detector))
    return publish(learn(lesson, network), title, base, models_root, clock), skipped
