"""How a command ends: well, with a sentence, or stopped by the person."""

from __future__ import annotations

import argparse

import pytest

from core.command_line import run_command
from core.errors import DatasetError


def failing(error: BaseException) -> argparse.ArgumentParser:
    def command(_: argparse.Namespace) -> None:
        raise error

    parser = argparse.ArgumentParser()
    parser.set_defaults(command=command)
    return parser


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        pytest.param(DatasetError("No face.", "why"), 1, "No face.\n", id="an error of ours"),
        pytest.param(KeyboardInterrupt(), 130, "Stopped. All is kept.\n", id="Ctrl-C"),
    ],
)
def test_an_end_before_time_is_a_sentence_and_a_status(
    error: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(failing(error), [], "All is kept.") == status
    assert capsys.readouterr().err == said


def test_a_command_that_is_done_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.set_defaults(command=lambda _: None)
    assert run_command(parser, [], "") == 0
    assert capsys.readouterr().err == ""
