"""All faces of a batch as a table, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.analysis import FaceReading
from core.expression.wording import looks
from core.stills.still import Still
from core.tables.cells import harmless_cell

COLUMN_HELP = {
    "picture": "the file's name",
    "face": "its number, row by row and left to right from 1; empty where no face was found",
    "looks": "in words; empty for a face that could not be read",
    "confidence": "of the likeliest expression, 0 to 1",
    "left_px": "left edge of the face in the upright picture",
    "top_px": "top edge",
    "width_px": "width",
    "height_px": "height",
    "brightness": "mean grey level of the face, 0 to 255",
    "sharpness": "variance of the Laplacian of the face at a fixed size",
    "notes": "what makes the face hard to read, separated by semicolons",
    "problem": "why a picture has no face or could not be read",
    "p_…": "probability of each expression, 0 to 1",
}
"""Every column of the table, in order; the last stands for one column per expression."""

COLUMNS = tuple(COLUMN_HELP)[:-1]

NO_FACE = "No face was found."


@dataclass(frozen=True)
class PictureResult:
    """One file of a batch: read, or a sentence that says why not."""

    name: str
    still: Still | None
    problem: str = ""


def faces_csv(results: Iterable[PictureResult], sure_from: float) -> str:
    """One row per face, and one for each picture without any; lines end as RFC 4180 says.

    Args:
        results: of one batch, all read by the same model.
        sure_from: confidence from which the table says a word instead of "not sure".
    """
    results = list(results)
    labels = _labels(results)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(f"p_{label}" for label in labels)])
    for result in results:
        writer.writerows(_rows(result, labels, sure_from))
    return text.getvalue()


def _labels(results: Sequence[PictureResult]) -> tuple[str, ...]:
    readings = (face.reading for result in results if result.still for face in result.still.faces)
    return next((reading.labels for reading in readings if reading is not None), ())


def _rows(
    result: PictureResult, labels: tuple[str, ...], sure_from: float
) -> Iterable[list[object]]:
    name = harmless_cell(result.name)
    faces = result.still.faces if result.still else ()
    if not faces:
        problem = harmless_cell(result.problem or NO_FACE)
        yield [name, *[""] * (len(COLUMNS) - 2), problem, *[""] * len(labels)]
    for number, face in enumerate(faces, start=1):
        yield [name, number, *_measured(face, sure_from), "", *_probabilities(face, labels)]


def _measured(face: FaceReading, sure_from: float) -> list[object]:
    left, top, right, bottom = face.box.xyxy_px
    reading, quality = face.reading, face.quality
    return [
        looks(reading, sure_from) if reading else "",
        f"{reading.confidence:.4f}" if reading else "",
        left,
        top,
        right - left,
        bottom - top,
        f"{quality.brightness:.0f}",
        f"{quality.sharpness:.0f}",
        "; ".join(quality.notes),
    ]


def _probabilities(face: FaceReading, labels: tuple[str, ...]) -> list[str]:
    if face.reading is None:
        return [""] * len(labels)
    return [f"{face.reading.probability(label):.4f}" for label in labels]
