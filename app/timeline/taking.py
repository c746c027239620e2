"""What is shown, as tables to take away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC
from functools import partial

import streamlit as st

from app.exports import is_asked_for, show_export
from core.export.task import ExportKind, ExportTask
from core.records.session import SessionSource
from core.timeline.span import Span

SPREADSHEET_ROWS = 1_048_576
"""Excel and LibreOffice show no more (their documented limits)."""

_KINDS = {ExportKind.CSV: "CSV", ExportKind.PARQUET: "Parquet"}


def show_tables(span: Span, sessions: Collection[int], rows: int) -> None:
    """CSV and Parquet of a time; each is written when it is asked for, beside the server.

    Args:
        span: seconds that begin in it.
        sessions: ids; empty for all cameras.
        rows: about how many: seconds in which a face was read, of all people together.
    """
    keys = {kind: f"readings-{kind}" for kind in _KINDS}
    beside = not any(map(is_asked_for, keys.values()))
    with st.container(horizontal=beside, gap="small"):
        for kind, title in _KINDS.items():
            with st.container(width="content" if beside else "stretch"):
                show_export(keys[kind], title, partial(_ask, kind, span, sessions))
    st.caption(about_tables(rows))


def about_tables(rows: int) -> str:
    """What the two are, and which one suits so many rows."""
    words = "One row for each second and person, with the probability of every expression. "
    if rows >= SPREADSHEET_ROWS:
        return (
            f"{words}These are about {rows / 1e6:.1f} million rows, more than a spreadsheet shows: "
            "choose a shorter time for CSV, or Parquet, which pandas reads and which is much "
            "smaller."
        )
    return f"{words}CSV opens in any spreadsheet; Parquet is much smaller, and for scripts."


def _ask(kind: ExportKind, span: Span, sessions: Collection[int]) -> tuple[ExportTask, str]:
    since, until = (f"{at.astimezone(UTC):%Y%m%dT%H%M}" for at in (span.since_utc, span.until_utc))
    task = ExportTask(kind, span, tuple(sessions) or None, SessionSource.CAMERA)
    return task, f"mien-readings-{since}-{until}.{kind}"
