from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone

import pandas as pd
import pytest

from core.expression.labels import FER7
from core.tables.columns import columns
from core.tables.csv_table import write_csv
from core.tables.row import ReadingRow
from tests.support.rows import BAD_FILE, BEGIN_UTC, face_row, session_row


def _text(*rows: ReadingRow, labels: tuple[str, ...] = FER7) -> str:
    file = io.StringIO(newline="")
    assert write_csv(rows, labels, file) == len(rows)
    return file.getvalue()


def _cells(*rows: ReadingRow, labels: tuple[str, ...] = FER7) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(*rows, labels=labels), newline="")))


def test_times_are_utc_and_say_so() -> None:
    local = BEGIN_UTC.astimezone(timezone(timedelta(hours=2)))
    for row in (session_row(), replace(session_row(), at_utc=local)):
        assert _cells(row)[0]["at_utc"] == "2026-01-31T11:59:30.250Z"


def test_numbers_have_the_decimals_that_they_deserve() -> None:
    (cells,) = _cells(session_row(2))
    assert (cells["at_s"], cells["person"], cells["p_neutral"]) == ("2.000", "1", "0.75000")
    (cells,) = _cells(face_row())
    assert (cells["left_px"], cells["width_px"], cells["at_s"]) == ("10.5", "100.0", "")


def test_lines_end_as_rfc_4180_says_and_text_stays_one_cell() -> None:
    name = 'Anna, "Omi"\nund ich.jpg'
    text = _text(replace(BAD_FILE, source=name))
    assert text.startswith(",".join(columns(FER7)) + "\r\n")
    assert text.endswith("\r\n")
    assert _cells(replace(BAD_FILE, source=name))[0]["source"] == name


@pytest.mark.parametrize("field", ["source", "model", "looks", "notes", "problem"])
def test_no_spreadsheet_takes_a_text_for_a_formula(field: str) -> None:
    row = replace(BAD_FILE, **{field: "=HYPERLINK(A1)"})
    assert _cells(row)[0][field] == "'=HYPERLINK(A1)"


def test_no_rows_are_a_head_only() -> None:
    assert _text(labels=("happy",)) == ",".join(columns(("happy",))) + "\r\n"


def test_pandas_reads_it() -> None:
    text = _text(session_row(), face_row(), BAD_FILE)
    table = pd.read_csv(io.StringIO(text), parse_dates=["at_utc"])
    assert table.at_utc[0] == pd.Timestamp(BEGIN_UTC)
    assert table.p_neutral.sum() == 0.75
    assert table.problem[2] == BAD_FILE.problem


def test_each_row_is_written_before_the_next_is_asked_for() -> None:
    file = io.StringIO(newline="")

    def rows() -> Iterator[ReadingRow]:
        yield session_row(0)
        assert "11:59:30" in file.getvalue()
        yield session_row(1)

    assert write_csv(rows(), FER7, file) == 2
