"""Commands that make no sense: said before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.batch.cli import main
from core.tables.columns import COLUMN_HELP


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        status = main(arguments)
    except SystemExit as end:
        status = int(end.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--out=out.csv"], "FOLDER_OR_FILE", id="nothing given"),
        pytest.param(["in"], "--out", id="no table"),
        pytest.param(["in", "--out=out.xls"], ".parquet or .csv", id="another format"),
        pytest.param(["in", "--out=nowhere/out.csv"], "no folder “nowhere”", id="no such folder"),
        pytest.param(["in", "--out=o.csv", "--workers=0"], "from 1 up", id="no workers"),
        pytest.param(["in", "--out=o.csv", "--samples-per-s=0"], "above 0", id="no samples"),
        pytest.param(["in", "--out=o.csv", "--samples-per-s=nan"], "above 0", id="no number"),
        pytest.param(["in", "--out=o.csv", "--sure-from=2"], "from 0 to 1", id="no probability"),
        pytest.param(["in", "--out=o.csv", "--sure-from=much"], "not a number", id="words"),
        pytest.param(["in", "--out=o.csv", "--detector=magic"], "invalid", id="no detector"),
    ],
)
def test_a_command_that_makes_no_sense(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, errors = run(arguments, capsys)
    assert status == 2
    assert said in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["empty"], "neither a picture nor a video", id="nothing to read"),
        pytest.param(["in", "--model=gone"], "“gone”", id="no such model"),
        pytest.param(["in", "--annotate=."], "replace the originals", id="originals"),
    ],
)
def test_what_cannot_even_begin(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jpg").touch()
    status, _, errors = run([*arguments, "--out=out.parquet"], capsys)
    assert status == 2
    assert said in errors
    assert "Traceback" not in errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "in"]


def test_columns_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    status, said, _ = run(["--columns"], capsys)
    assert status == 0
    lines = said.splitlines()
    assert [line.split()[0] for line in lines] == list(COLUMN_HELP)
    assert all(line.endswith(text) for line, text in zip(lines, COLUMN_HELP.values(), strict=True))
