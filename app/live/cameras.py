"""The live cameras of this server process."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from core.clock import SystemClock
from core.expression.registry import load_classifier
from core.monitoring.analyser import FaceAnalyser, Toolbox
from core.monitoring.hub import CameraHub
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import CameraWorker
from core.vision.detectors import build_detector

MODELS_ROOT = Path(__file__).parents[2] / "models"


def _build_worker(settings: AnalysisSettings) -> CameraWorker:
    clock = SystemClock()
    toolbox = Toolbox(build_detector, partial(load_classifier, models_root=MODELS_ROOT))
    return CameraWorker(partial(FaceAnalyser, toolbox, clock), settings, clock)


CAMERAS = CameraHub(_build_worker)
"""Ended as a whole when the server stops."""
