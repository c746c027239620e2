from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.alerts.change import Ending
from core.watching.spool import FILE_NAME, Left, Spool
from tests.support.episodes import new_alert, why_pain

AT = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
PAIN = new_alert(1, AT, why=why_pain(AT), picture_jpeg=b"\xff\xd8 a picture", maybe_told=True)
CAMERA = replace(PAIN, id="c", person=None, picture_jpeg=None, maybe_told=False)


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(Left(PAIN.id, PAIN, None), id="fired"),
        pytest.param(Left("c", CAMERA, (AT, Ending.STOPPED)), id="fired and over, no picture"),
        pytest.param(Left("c", None, (AT, Ending.CLEARED)), id="over"),
    ],
)
def test_what_is_written_is_read(tmp_path: Path, left: Left) -> None:
    spool = Spool(tmp_path)
    assert spool.read() == ()
    spool.write([left, left])
    assert Spool(tmp_path).read() == (left, left)
    spool.clear()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["{", "3", "{}", '{"alert_id": "a", "new": {}, "over": null}'])
def test_a_line_that_cannot_be_read_loses_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    good = Left(PAIN.id, PAIN, None)
    Spool(tmp_path).write([good])
    path = tmp_path / FILE_NAME
    path.write_text(f"{line}\n{path.read_text()}")
    with caplog.at_level(logging.ERROR):
        assert Spool(tmp_path).read() == (good,)
    assert len(caplog.records) == 1


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    spool = Spool(tmp_path / "data")
    spool.write([Left(PAIN.id, PAIN, None)])
    spool.clear()
    assert spool.read() == ()
    assert "could not be kept" in caplog.text
