"""The composition root: where the parts of `core` are put together, once per server process.

Shared by all sessions: the settings, the hub of live cameras, the models' cards. Never shared:
detectors and classifiers keep state and belong to the thread that uses them, so what is shared
is how to build them.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.alert_system import AlertSystem
from app.secrets_file import delivery_settings_from
from app.settings import SettingsStore
from app.video.shelf import Shelf
from core.batch.jobs import VideoJobs
from core.clock import SystemClock
from core.expression.card import ModelCard
from core.expression.registry import Survey, default_model, load_classifier, survey
from core.monitoring.analyser import ALERT_MODEL, FaceAnalyser, Toolbox
from core.monitoring.hub import CameraHub
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import CameraWorker
from core.stills.photo_reader import PhotoReader
from core.vision.detectors import build_detector
from core.watching.tower import WatchTower

if TYPE_CHECKING:
    from app.looking_back import LookingBack
    from core.delivery.service import DeliveryService
    from core.delivery.settings import DeliverySettings
    from core.delivery.stores import Stores
    from core.records.second_store import SecondStore

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


@cache
def alert_system() -> AlertSystem:
    """The alerts of this process; the server's lifespan starts and stops them."""
    return AlertSystem(
        os.environ.get("MIEN_DATABASE_URL") or None,
        data_dir(),
        delivery_settings_from(PROJECT_ROOT),
        SystemClock(),
        place=lambda: settings_store().current.place,
        photo_reader=PhotoReader(toolbox(), _usable_settings, ALERT_MODEL),
    )


def videos_dir() -> Path:
    """Whose videos may be chosen on the page: `MIEN_VIDEOS_DIR`, else `videos` beside the data."""
    return Path(os.environ.get("MIEN_VIDEOS_DIR") or data_dir() / "videos")


@cache
def video_shelf() -> Shelf:
    """The videos that visitors brought; the server's lifespan starts and stops it."""
    return Shelf(VideoJobs(data_dir() / "work", MODELS_ROOT), SystemClock())


def watch_tower() -> WatchTower:
    """The watches over the cameras."""
    return alert_system().tower


def stores() -> Stores:
    """Of the database; RecordsError where it cannot be opened."""
    return alert_system().opened().stores


def second_store() -> SecondStore:
    """The seconds that were kept; RecordsError where the database cannot be opened."""
    return alert_system().opened().seconds


def looking_back() -> LookingBack:
    """Everything that was kept; RecordsError where the database cannot be opened."""
    return alert_system().opened().looking_back


def delivery_service() -> DeliveryService:
    """What sends; RecordsError where the database cannot be opened."""
    return alert_system().opened().delivery


def delivery_settings() -> DeliverySettings:
    """Which channels are set up, and what is missing."""
    return alert_system().settings


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


def _usable_settings() -> AnalysisSettings:
    settings = settings_store().current
    return replace(settings, model=usable_model(settings.model))


def _build_worker(settings: AnalysisSettings) -> CameraWorker:
    clock = SystemClock()
    return CameraWorker(FaceAnalyser(toolbox(), clock, ALERT_MODEL), settings, clock)
