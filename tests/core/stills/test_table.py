from __future__ import annotations

import csv
import io

import pytest

from core.analysis import FaceReading
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.stills.still import Still
from core.stills.table import COLUMNS, NO_FACE, PictureResult, faces_csv
from core.tables.cells import harmless_cell
from core.vision.face import Box
from core.vision.quality import Quality, QualityNote

HAPPY = Reading(FER7, (0.02, 0.01, 0.03, 0.7, 0.04, 0.1, 0.1))
GOOD = FaceReading(Box(10.2, 20, 110, 121.7), Quality(100, 128.4, 300), HAPPY)
DARK = FaceReading(
    Box(0, 0, 30, 30),
    Quality(30, 9, 12, (QualityNote.TOO_DARK, QualityNote.TOO_SMALL), readable=False),
    None,
)


def _rows(*results: PictureResult, sure_from: float = 0.45) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(faces_csv(results, sure_from), newline="")))


def test_a_face_is_a_row_of_everything_known() -> None:
    (row,) = _rows(PictureResult("a.jpg", Still((640, 480), (GOOD,))))
    assert row == {
        "picture": "a.jpg", "face": "1", "looks": "looks happy", "confidence": "0.7000",
        "left_px": "10", "top_px": "20", "width_px": "100", "height_px": "102",
        "brightness": "128", "sharpness": "300", "notes": "", "problem": "",
        "p_angry": "0.0200", "p_disgust": "0.0100", "p_fear": "0.0300", "p_happy": "0.7000",
        "p_sad": "0.0400", "p_surprise": "0.1000", "p_neutral": "0.1000",
    }  # fmt: skip


def test_below_the_confidence_asked_for_no_word_is_said() -> None:
    (row,) = _rows(PictureResult("a.jpg", Still((640, 480), (GOOD,))), sure_from=0.8)
    assert row["looks"] == "not sure"
    assert row["p_happy"] == "0.7000"


def test_a_face_that_was_not_read_keeps_its_place_and_says_why() -> None:
    rows = _rows(PictureResult("a.jpg", Still((640, 480), (DARK, GOOD))))
    assert [row["face"] for row in rows] == ["1", "2"]
    assert rows[0]["notes"] == "too dark; too small"
    assert rows[0]["looks"] == rows[0]["confidence"] == rows[0]["p_happy"] == ""


def test_pictures_without_a_face_and_broken_files_are_not_lost() -> None:
    rows = _rows(
        PictureResult("view.jpg", Still((640, 480), ())),
        PictureResult("broken.jpg", None, "“broken.jpg” is damaged."),
        PictureResult("a.jpg", Still((640, 480), (GOOD,))),
    )
    assert [(row["picture"], row["face"], row["problem"]) for row in rows] == [
        ("view.jpg", "", NO_FACE),
        ("broken.jpg", "", "“broken.jpg” is damaged."),
        ("a.jpg", "1", ""),
    ]
    assert all(None not in row and None not in row.values() for row in rows)


def test_an_empty_batch_is_a_table_with_a_header_only() -> None:
    assert faces_csv([], 0.45) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        pytest.param("=1+2.jpg", "'=1+2.jpg", id="equals"),
        pytest.param("+cmd|' /C calc'!A0.png", "'+cmd|' /C calc'!A0.png", id="plus"),
        pytest.param("-2+3.jpg", "'-2+3.jpg", id="minus"),
        pytest.param("@SUM(A1).jpg", "'@SUM(A1).jpg", id="at"),
        pytest.param("\t=1.jpg", "'\t=1.jpg", id="tab"),
        pytest.param("  =1.jpg", "'  =1.jpg", id="blanks first"),
        pytest.param("＝1.jpg", "'＝1.jpg", id="full width"),
        pytest.param("Oma = lieb.jpg", "Oma = lieb.jpg", id="harmless"),
        pytest.param("", "", id="empty"),
    ],
)
def test_file_names_are_never_formulas(name: str, harmless: str) -> None:
    assert harmless_cell(name) == harmless
    (row,) = _rows(PictureResult(name, Still((640, 480), (GOOD,))))
    assert row["picture"] == harmless


def test_names_with_commas_quotes_and_line_breaks_stay_one_cell() -> None:
    name = 'Anna, "Omi"\nund ich.jpg'
    (row,) = _rows(PictureResult(name, Still((640, 480), (GOOD,))))
    assert row["picture"] == name
