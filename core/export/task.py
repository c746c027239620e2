"""What is to be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.records.session import SessionSource
from core.timeline.span import Span


class ExportKind(StrEnum):
    """By the ending of the file."""

    EVERYTHING = "zip"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True)
class ExportTask:
    """One file.

    Attributes:
        span: of the readings; None for all. Everything is always all.
        sessions: ids of the readings' sessions; None for all of the source.
        source: of the sessions where none are named; None for any.
    """

    kind: ExportKind
    span: Span | None = None
    sessions: tuple[int, ...] | None = None
    source: SessionSource | None = None

    def arguments(self) -> Sequence[str]:
        """For the command line of `python -m core.export`, but for the file."""
        arguments: list[str] = []
        if self.span is not None:
            arguments += ["--since", self.span.since_utc.isoformat()]
            arguments += ["--until", self.span.until_utc.isoformat()]
        if self.sessions is not None:
            arguments += ["--sessions", ",".join(map(str, self.sessions))]
        if self.source is not None:
            arguments += ["--source", self.source]
        return arguments
