"""Reading what was dropped on the page, with progress."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.composition import toolbox
from app.stills.tray import ReadWith, Tray, TrayPicture, digest_of
from core.clock import Clock
from core.errors import PhotoError
from core.monitoring.settings import AnalysisSettings
from core.stills.still import StillReader
from core.vision.jpeg import as_jpeg
from core.vision.photo import decode_photo

PREVIEW_PX = 1440
"""Longer side; Streamlit sends no picture wider than 1460."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes


def read_into(
    tray: Tray, uploads: Sequence[Upload], settings: AnalysisSettings, clock: Clock
) -> list[str]:
    """Read the uploads, and again what was read with other settings; shows a progress bar.

    A file that cannot be read lies in the tray with its sentence and stops nothing.

    Returns:
        A sentence for each file that the tray had no room for.

    Raises:
        ModelError, DetectorError: nothing can be read with these settings.
    """
    read_with = ReadWith(settings.model, settings.detector)
    again = [Upload(picture.name, picture.data) for picture in tray.stale(read_with)]
    todo: dict[str, Upload] = {}
    for upload in [*again, *uploads]:
        digest = digest_of(upload.data)
        if not tray.holds(digest, read_with):
            todo.setdefault(digest, upload)
    if not todo:
        return []
    tools = toolbox()
    classifier = tools.load_classifier(settings.model)
    # Built here, in the script's thread: detectors and classifiers are never shared.
    reader = StillReader(settings.detector, tools.build_detector, classifier)
    refused = []
    began_s = clock.monotonic_s()
    bar = st.progress(0.0)
    for index, (digest, upload) in enumerate(todo.items()):
        text = progress_text(index, len(todo), clock.monotonic_s() - began_s)
        bar.progress(index / len(todo), text)
        reason = tray.refusal(digest, len(upload.data))
        if reason is None:
            tray.lay_down(_read(reader, upload, digest, read_with))
        else:
            refused.append(f"“{upload.name}” was left out: {reason}. Remove some first.")
    bar.empty()
    return refused


def _read(reader: StillReader, upload: Upload, digest: str, read_with: ReadWith) -> TrayPicture:
    try:
        image_bgr = decode_photo(upload.data, upload.name)
    except PhotoError as error:
        _log.info("A picture was refused: %s", error.cause)
        return TrayPicture(digest, upload.name, b"", read_with, problem=error.sentence)
    return TrayPicture(
        digest,
        upload.name,
        upload.data,
        read_with,
        still=reader.read(image_bgr),
        preview_jpeg=as_jpeg(image_bgr, PREVIEW_PX),
    )


def progress_text(done: int, total: int, spent_s: float) -> str:
    """“Reading picture 3 of 40, about 12 s left”; the time only once it can be known."""
    text = f"Reading picture {done + 1} of {total}"
    if done == 0 or total - done < 3:
        return text
    left_s = spent_s / done * (total - done)
    return f"{text}, about {max(1, round(left_s))} s left"
