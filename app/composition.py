"""The composition root: where the parts of `core` are put together, once per server process.

Shared by all sessions: the settings, the hub of live cameras, the models' cards. Never shared:
detectors and classifiers keep state and belong to the thread that uses them, so what is shared
is how to build them.
"""

from __future__ import annotations

import os
from functools import cache, partial
from pathlib import Path

from app.settings import SettingsStore
from core.clock import SystemClock
from core.expression.card import ModelCard
from core.expression.registry import default_model, installed_models, load_classifier
from core.monitoring.analyser import FaceAnalyser, Toolbox
from core.monitoring.hub import CameraHub
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import CameraWorker
from core.vision.detectors import build_detector

PROJECT_ROOT = Path(__file__).resolve().parents[1]
MODELS_ROOT = PROJECT_ROOT / "models"
PAGES_ROOT = PROJECT_ROOT / "pages"
ICON = Path(__file__).parent / "assets" / "icon.svg"
WORDMARK = ICON.with_name("wordmark.svg")


def data_dir() -> Path:
    """Where the server keeps what must survive a restart: `MIEN_DATA_DIR`, else `data/`."""
    return Path(os.environ.get("MIEN_DATA_DIR") or PROJECT_ROOT / "data")


@cache
def settings_store() -> SettingsStore:
    """The one store of this process."""
    return SettingsStore(data_dir())


@cache
def camera_hub() -> CameraHub:
    """The live cameras of this process."""
    return CameraHub(_build_worker)


def model_cards() -> tuple[ModelCard, ...]:
    """Of all installed models; a few small files, so a model published meanwhile appears."""
    return installed_models(MODELS_ROOT)


def usable_model(name: str) -> str:
    """This model where it is installed, else the default one.

    Raises:
        ModelError: none is installed.
    """
    if any(card.name == name for card in model_cards()):
        return name
    return default_model(MODELS_ROOT)


def toolbox() -> Toolbox:
    """How a thread builds its own detector and classifier."""
    return Toolbox(build_detector, partial(load_classifier, models_root=MODELS_ROOT))


def _build_worker(settings: AnalysisSettings) -> CameraWorker:
    clock = SystemClock()
    return CameraWorker(FaceAnalyser(toolbox(), clock), settings, clock)
