from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.tables.tally_table import TALLY_HELP, write_tallies
from core.timeline.tally import Tally, empty

TALLY = Tally(
    width_s=60,
    labels=("happy", "sad"),
    session=np.array([3, 3]),
    track=np.array([1, 2]),
    begin_s=np.array([1_769_860_800, 1_769_860_800]),
    seconds=np.array([4, 2]),
    probabilities=np.array([[3.0, 1.0], [1.0, 1.0]]),
    top=np.array([[3, 0, 1], [0, 0, 2]]),
    pain=np.array([1.0, 0.0]),
    pain_seconds=np.array([4, 0]),
    pain_most=np.array([0.5, 0.0]),
    changes=np.array([[0, 0, 2, 2], [0, 2, 0, 1]]),
)


def _written(*tallies: Tally, labels: tuple[str, ...] = ("happy", "sad")) -> io.BytesIO:
    file = io.BytesIO()
    write_tallies(tallies, labels, file)
    file.seek(0)
    return file


def test_sums_are_told_as_means_and_seconds() -> None:
    first, second = pd.read_parquet(_written(TALLY)).to_dict("records")
    assert first["begin_utc"] == pd.Timestamp("2026-01-31T12:00:00Z")
    assert (first["session"], first["person"], first["length_s"], first["seconds"]) == (3, 1, 60, 4)
    assert (first["p_happy"], first["p_sad"]) == (0.75, 0.25)
    assert (first["s_happy"], first["s_sad"], first["not_sure_seconds"]) == (3, 0, 1)
    assert (first["pain"], first["pain_most"], first["pain_seconds"]) == (0.25, 0.5, 4)
    assert first["changes"] == "happy > not sure: 2; not sure > happy: 1"
    assert (second["person"], second["changes"]) == (2, "")
    assert pd.isna(second["pain"])


def test_the_file_says_what_it_is() -> None:
    schema = pq.read_schema(_written(TALLY))
    fixed = [name for name in TALLY_HELP if not name.endswith("_…")]
    assert schema.names == [*fixed, "p_happy", "p_sad", "s_happy", "s_sad"]
    assert schema.field("begin_utc").type == pa.timestamp("ms", tz="UTC")
    assert schema.metadata[b"mien_schema_version"] == b"1"
    assert json.loads(schema.metadata[b"mien_column_help"]) == TALLY_HELP


def test_tallies_of_other_labels_are_nothing_in_the_rest() -> None:
    other = replace(TALLY, labels=("sad", "pain"))
    table = pd.read_parquet(_written(TALLY, empty(60), other, labels=("happy", "sad", "pain")))
    assert list(table.p_sad) == [0.25, 0.5, 0.75, 0.5]
    assert list(table.s_pain) == [0, 0, 0, 0]
    assert list(table.p_happy[2:]) == [0, 0]


@pytest.mark.parametrize("tallies", [(), (empty(60),)], ids=["none", "an empty one"])
def test_nothing_is_an_empty_table(tallies: tuple[Tally, ...]) -> None:
    assert len(pd.read_parquet(_written(*tallies))) == 0
