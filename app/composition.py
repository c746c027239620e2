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
from core.expression.registry import Survey, default_model, load_classifier, survey
from core.monitoring.analyser import ALERT_MODEL, FaceAnalyser, Toolbox
from core.monitoring.hub import CameraHub
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import CameraWorker
from core.vision.detectors import build_detector

PROJECT_ROOT = Path(__file__).resolve().parents[1]
MODELS_ROOT = Path(os.environ.get("MIEN_MODELS_DIR") or PROJECT_ROOT / "models")
PAGES_ROOT = PROJECT_ROOT / "pages"
ICON = Path(__file__).parent / "assets" / "icon.svg"
WORDMARK = ICON.with_name("wordmark.svg")
DEMO_CLIP = ICON.with_name("demo_face.mp4")


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


def model_survey() -> Survey:
    """Of all models' folders, looked at anew, so that a model published meanwhile appears."""
    return survey(MODELS_ROOT)


def model_cards() -> tuple[ModelCard, ...]:
    """Of all models that can be used."""
    return model_survey().cards


def usable_model(name: str) -> str:
    """This model where it can be used, else the default one.

    Raises:
        ModelError: none is installed.
    """
    return default_model(MODELS_ROOT) if why_unusable(name) else name


def why_unusable(name: str) -> str | None:
    """The sentence about a model that was chosen and is gone or refused; None for a usable one."""
    looked_at = model_survey()
    if any(card.name == name for card in looked_at.cards):
        return None
    refused = {refusal.name: refusal.sentence for refusal in looked_at.refusals}
    return refused.get(name, f"“{name}” is not installed.")


def toolbox() -> Toolbox:
    """How a thread builds its own detector and classifier."""
    return Toolbox(build_detector, partial(load_classifier, models_root=MODELS_ROOT))


def _build_worker(settings: AnalysisSettings) -> CameraWorker:
    clock = SystemClock()
    return CameraWorker(FaceAnalyser(toolbox(), clock, ALERT_MODEL), settings, clock)
