"""How detectors and classifiers are built where files are read."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from core.expression.registry import load_classifier
from core.monitoring.analyser import Toolbox
from core.vision.detectors import build_detector


def toolbox(models_root: str) -> Toolbox:
    """With the models of this folder."""
    return Toolbox(build_detector, partial(load_classifier, models_root=Path(models_root)))
