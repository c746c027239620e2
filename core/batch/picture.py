"""One picture of a folder: read as Stills reads it, into a table of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from core.analysis import FaceReading
from core.batch.tools import toolbox
from core.errors import ModelError, PhotoError
from core.expression.classifier import ExpressionClassifier
from core.expression.wording import looks
from core.monitoring.analyser import ALERT_MODEL
from core.monitoring.settings import AnalysisSettings
from core.stills.annotated import annotated
from core.stills.still import Still, StillReader
from core.stills.table import NO_FACE
from core.tables.new_file import new_file
from core.tables.parquet_table import ParquetTable
from core.tables.row import ReadingRow
from core.vision.face import DetectorKind
from core.vision.frame import ImageBgr
from core.vision.jpeg import as_jpeg
from core.vision.photo import decode_photo

LARGEST_BYTES = 256_000_000
"""Of a picture's file: more is none, and would only fill the memory."""

_log = logging.getLogger(__name__)


def read_picture(
    path: str, parquet: Path, settings: AnalysisSettings, models_root: str, marked: Path | None
) -> tuple[int, int]:
    """Write the table of one picture; how many faces it shows, and how many rows that makes.

    Args:
        path: as it was given.
        parquet: the table to write.
        settings: the model, the detector and the confidence count.
        models_root: the folder of the models.
        marked: also write the picture here, as JPEG with its faces marked.

    Raises:
        PhotoError: it cannot be read.
        ModelError, DetectorError: nothing can be read with these settings.
        TableError: the disk is full, or cannot be written.
    """
    name = Path(path).name
    image_bgr = decode_photo(_bytes_of(Path(path), name), name)
    reader, labels = _reader(models_root, settings.model, settings.detector)
    still = reader.read(image_bgr)
    rows = tuple(_rows(path, still, settings))
    with ParquetTable(parquet, labels) as table:
        table.add(rows)
    if marked is not None:
        _write_marked(marked, image_bgr, still, settings.sure_from)
    return len(still.faces), len(rows)


@lru_cache(maxsize=1)
def _reader(
    models_root: str, model: str, detector: DetectorKind
) -> tuple[StillReader, tuple[str, ...]]:
    """Built once for each process; only its main thread reads."""
    tools = toolbox(models_root)
    classifier = tools.load_classifier(model)
    watcher = classifier if model == ALERT_MODEL else _watcher(models_root)
    reader = StillReader(detector, tools.build_detector, classifier, watcher)
    return reader, classifier.labels


def _watcher(models_root: str) -> ExpressionClassifier | None:
    try:
        return toolbox(models_root).load_classifier(ALERT_MODEL)
    except ModelError as error:
        _log.warning("Pictures are read without the alert model: %s", error.cause)
        return None


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PhotoError(f"“{name}” is too large for a picture.", f"over {LARGEST_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise PhotoError(f"“{name}” cannot be opened.", repr(error)) from error


def _rows(path: str, still: Still, settings: AnalysisSettings) -> Iterator[ReadingRow]:
    if not still.faces:
        yield ReadingRow(path, "picture", settings.model, problem=NO_FACE)
    for number, face in enumerate(still.faces, start=1):
        yield _row(path, number, face, settings)


def _row(path: str, number: int, face: FaceReading, settings: AnalysisSettings) -> ReadingRow:
    box, watched = face.box, face.watched
    knows_pain = watched is not None and "pain" in watched.labels
    return ReadingRow(
        source=path,
        kind="picture",
        model=settings.model,
        person=number,
        readings=1,
        box_xyxy_px=(box.left, box.top, box.right, box.bottom),
        looks=looks(face.reading, settings.sure_from) if face.reading else "",
        reading=face.reading,
        pain=watched.probability("pain") if watched is not None and knows_pain else None,
        notes="; ".join(face.quality.notes),
    )


def _write_marked(path: Path, image_bgr: ImageBgr, still: Still, sure_from: float) -> None:
    jpeg = as_jpeg(annotated(image_bgr, still, sure_from))
    with new_file(path) as part:
        part.write_bytes(jpeg)
