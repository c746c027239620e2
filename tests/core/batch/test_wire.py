"""What a process that reads files and its parent say to each other."""

from __future__ import annotations

import pickle

import pytest

from core.batch.progress import Progress, Stage
from core.batch.task import AnnotateTask, Failed, ItemKind, ItemOutcome, ItemTask, Stopped, Task
from core.batch.video import VideoOptions
from core.batch.wire import Answer, answer_line, answer_of, task_line, task_of
from core.monitoring.settings import AnalysisSettings
from core.vision.face import DetectorKind

OPTIONS = VideoOptions(AnalysisSettings(detector=DetectorKind.YUNET, sure_from=0.3), 2.5)
READ = ItemTask("a\nb \udce9.jpg", ItemKind.PICTURE, "work/1", OPTIONS, "models", "copy.jpg")
TASKS = [READ, AnnotateTask("clip.mp4", "work/2", OPTIONS, "annotated.mp4")]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
def test_a_task_arrives_as_it_was_sent(task: Task) -> None:
    line = task_line(task)
    assert line.encode("ascii").count(b"\n") == 1
    assert task_of(line) == task


@pytest.mark.parametrize(
    "answer",
    [
        Progress(Stage.ANNOTATING, 3.5, None, 12),
        ItemOutcome("ä.jpg", 2, 2, parquet="ä.parquet"),
        Failed("The disk is full.", "OSError"),
        Stopped(),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_an_answer_arrives_as_it_was_sent(answer: Answer) -> None:
    line = answer_line(answer)
    assert line.count("\n") == 1
    assert answer_of(line) == answer


@pytest.mark.parametrize(
    "line",
    ["", "[]", "hello", "3", '["System", {}]', '["Stopped", {"x": 1}]', '["Stopped", 3]', "null"],
)
def test_anything_else_is_no_answer(line: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        answer_of(line)


def test_a_task_can_be_pickled_for_other_machines() -> None:
    assert pickle.loads(pickle.dumps(READ)) == READ
