"""What a loader tells about its work: how much it took, what it left out and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

_NAMED = 3


@dataclass(frozen=True)
class Skipped:
    """One picture or row that was left out, and the reason as the end of a sentence about it."""

    name: str
    reason: str


@dataclass(frozen=True)
class LoadReport:
    """What became of the source.

    Attributes:
        taken: faces that were loaded.
        skipped: what was left out.
        notes: what else a person should know, as sentences.
    """

    taken: int
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """A line for the faces, one for each reason with its count and first names, the notes."""
        by_reason: dict[str, list[str]] = defaultdict(list)
        for one in self.skipped:
            by_reason[one.reason].append(one.name)
        lines = [f"{self.taken:,} faces, {len(self.skipped):,} skipped."]
        for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1])):
            more = ", …" if len(names) > _NAMED else ""
            lines.append(f"  {len(names):,} × {reason} ({', '.join(names[:_NAMED])}{more})")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])
