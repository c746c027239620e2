"""What a process that reads files and the one that asks for it say to each other: lines of JSON.

JSON and not pickles: a process that a hostile file took over must not take over its parent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.batch.progress import Progress, Stage
from core.batch.task import AnnotateTask, Failed, ItemKind, ItemOutcome, ItemTask, Stopped, Task
from core.monitoring.settings import AnalysisSettings
from core.vision.face import DetectorKind

CANCEL = "cancel"
"""The one line to the child that is no task."""

Answer = Progress | ItemOutcome | Failed | Stopped
_ANSWERS = {kind.__name__: kind for kind in (Progress, ItemOutcome, Failed, Stopped)}


def task_line(task: Task) -> str:
    """With its line's end."""
    return _line(task)


def task_of(line: str) -> Task:
    """Of what `task_line` wrote. Loads the decoders, which the server leaves to its children."""
    from core.batch.video import VideoOptions  # noqa: PLC0415

    kind, fields = _parsed(line)
    options = VideoOptions(**_with_settings(fields.pop("options")))
    if kind == AnnotateTask.__name__:
        return AnnotateTask(options=options, **fields)
    return ItemTask(kind=ItemKind(fields.pop("kind")), options=options, **fields)


def answer_line(answer: Answer) -> str:
    """With its line's end."""
    return _line(answer)


def answer_of(line: str) -> Answer:
    """Of what `answer_line` wrote; ValueError or TypeError for anything else."""
    kind, fields = _parsed(line)
    if kind not in _ANSWERS:
        raise ValueError(f"unknown: {kind}")
    if "stage" in fields:
        fields["stage"] = Stage(fields["stage"])
    return _ANSWERS[kind](**fields)


def _line(said: Task | Answer) -> str:
    return json.dumps([type(said).__name__, asdict(said)]) + "\n"


def _parsed(line: str) -> tuple[str, dict[str, Any]]:
    kind, fields = json.loads(line)
    return kind, fields


def _with_settings(options: Mapping[str, Any]) -> dict[str, Any]:
    settings = options["settings"]
    detector = DetectorKind(settings["detector"])
    return {**options, "settings": AnalysisSettings(**{**settings, "detector": detector})}
