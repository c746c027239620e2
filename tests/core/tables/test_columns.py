from __future__ import annotations

from dataclasses import replace

import pytest

from core.expression.labels import FER7
from core.tables.columns import COLUMN_HELP, COLUMNS, columns, labels_of, values
from core.tables.row import SCHEMA_VERSION
from tests.support.rows import BAD_FILE, BEGIN_UTC, face_row, session_row


def _cells(row: object, labels: tuple[str, ...] = FER7) -> dict[str, object]:
    return dict(zip(columns(labels), values(row, labels), strict=True))  # type: ignore[arg-type]


def test_these_columns_are_what_others_read() -> None:
    # A change here needs a higher schema version, but for new columns at the end.
    assert SCHEMA_VERSION == 1
    assert columns(("happy", "sad")) == (
        *("schema_version", "source", "kind", "model", "session", "at_utc", "at_s", "person"),
        *("readings", "left_px", "top_px", "width_px", "height_px", "looks", "confidence"),
        *("pain", "notes", "problem", "p_happy", "p_sad"),
    )
    assert all(COLUMN_HELP.values())


def test_the_columns_tell_their_labels() -> None:
    assert labels_of(columns(FER7)) == FER7
    assert labels_of(COLUMNS) == ()


def test_a_second_of_a_session() -> None:
    cells = _cells(session_row())
    assert cells["schema_version"] == SCHEMA_VERSION
    assert (cells["source"], cells["session"], cells["at_utc"]) == ("Kitchen", 3, BEGIN_UTC)
    assert (cells["confidence"], cells["p_neutral"], cells["pain"]) == (0.75, 0.75, 0.125)
    assert cells["left_px"] is None


def test_a_face_in_a_picture_has_its_box() -> None:
    cells = _cells(face_row())
    box = [cells[name] for name in ("left_px", "top_px", "width_px", "height_px")]
    assert box == [10.5, 20.0, 100.0, 120.0]
    assert cells["p_happy"] == 0.5
    assert cells["p_angry"] is None


def test_a_bad_file_is_its_problem() -> None:
    cells = _cells(BAD_FILE)
    filled = {name for name, value in cells.items() if value not in {None, ""}}
    assert filled == {"schema_version", "source", "kind", "problem"}


def test_a_reading_that_has_no_column_is_never_dropped_in_silence() -> None:
    with pytest.raises(ValueError, match="sad"):
        values(face_row(), ("happy",))


def test_a_file_name_that_is_no_unicode_can_be_written() -> None:
    odd = b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    assert _cells(replace(BAD_FILE, source=odd, problem=f"{odd}: no"))["source"] == "caf�.jpg"
