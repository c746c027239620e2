"""Sums per minute or hour as Parquet. It loads pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.tables.columns import PROBABILITY
from core.tables.parquet_file import described, parquet_file
from core.tables.row import SCHEMA_VERSION
from core.timeline.tally import Tally

TALLY_HELP = {
    "schema_version": "of these columns; a higher one has other names or meanings",
    "session": "its number in sessions.json",
    "person": "number within the session",
    "begin_utc": "of this minute or hour",
    "length_s": "60 or 3600",
    "seconds": "in which the person was read",
    "pain_seconds": "of these, those that the model that watches for alerts read",
    "pain": "mean probability of pain over pain_seconds; empty where there are none",
    "pain_most": "the largest probability of pain in one second",
    "changes": "of what was likeliest from one second to the next, and how often",
    "not_sure_seconds": "in which nothing was likely enough for a word",
    "p_…": "mean probability of each expression over these seconds",
    "s_…": "seconds in which each expression was the likeliest",
}
"""Every column of the table, in order; the last two stand for one column per expression each."""

_KIND = "tallies"
_TYPES = {
    "schema_version": pa.int16(),
    "session": pa.int64(),
    "person": pa.int32(),
    "begin_utc": pa.timestamp("ms", tz="UTC"),
    "length_s": pa.int32(),
    "seconds": pa.int32(),
    "pain_seconds": pa.int32(),
    "pain": pa.float32(),
    "pain_most": pa.float32(),
    "changes": pa.string(),
    "not_sure_seconds": pa.int32(),
}


def write_tallies(tallies: Iterable[Tally], labels: Sequence[str], file: IO[bytes]) -> None:
    """One row for each piece and person, in the order in which they come; in constant memory.

    Args:
        tallies: with no labels but these.
        labels: of the expressions' columns.
        file: open; it stays open.

    Raises:
        TableError: the disk is full, or cannot be written.
    """
    schema = _schema(labels)
    with parquet_file(file, schema) as take:
        for tally in tallies:
            columns = _columns(tally, labels)
            arrays = [
                pa.array(columns[field.name], from_pandas=True).cast(field.type) for field in schema
            ]
            take(pa.record_batch(arrays, schema=schema))


def _schema(labels: Sequence[str]) -> pa.Schema:
    fields = [
        *_TYPES.items(),
        *((f"{PROBABILITY}{label}", pa.float32()) for label in labels),
        *((f"s_{label}", pa.int32()) for label in labels),
    ]
    return described(pa.schema(fields), _KIND, TALLY_HELP)


def _columns(tally: Tally, labels: Sequence[str]) -> dict[str, Any]:
    column = {label: index for index, label in enumerate(tally.labels)}
    none = np.zeros(len(tally))
    with np.errstate(divide="ignore", invalid="ignore"):
        pain = tally.pain / tally.pain_seconds  # NaN, and so empty, where there were none
    return {
        "schema_version": np.full(len(tally), SCHEMA_VERSION),
        "session": tally.session,
        "person": tally.track,
        "begin_utc": tally.begin_s.astype("datetime64[s]"),
        "length_s": np.full(len(tally), tally.width_s),
        "seconds": tally.seconds,
        "pain_seconds": tally.pain_seconds,
        "pain": pain,
        "pain_most": tally.pain_most,
        "changes": _changes(tally),
        "not_sure_seconds": tally.top[:, -1],
        **{
            f"{PROBABILITY}{label}": tally.probabilities[:, column[label]] / tally.seconds
            if label in column
            else none
            for label in labels
        },
        **{
            f"s_{label}": tally.top[:, column[label]] if label in column else none
            for label in labels
        },
    }


def _changes(tally: Tally) -> npt.NDArray[np.object_]:
    """“happy > not sure: 2; not sure > sad: 1”."""
    texts: list[list[str]] = [[] for _ in range(len(tally))]
    for row, before, after, count in tally.changes.tolist():
        texts[row].append(f"{tally.looks[before]} > {tally.looks[after]}: {count}")
    return np.array(["; ".join(each) for each in texts], object)
