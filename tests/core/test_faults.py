from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from core.errors import RecordsError
from core.faults import FaultLog


@pytest.fixture(autouse=True)
def plain_records() -> Iterator[None]:
    """Trap: a test that started delivery leaves the log redacted, with traces made into text."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    yield
    logging.setLogRecordFactory(before)


def _fault(of: type[Exception], *, elsewhere: bool = False) -> Exception:
    try:
        if elsewhere:
            raise of("another line")
        raise of("one line")
    except of as raised:
        return raised


@pytest.mark.parametrize(
    ("second", "lines"),
    [
        pytest.param(_fault(KeyError), 1, id="the same again"),
        pytest.param(_fault(KeyError, elsewhere=True), 2, id="another place"),
        pytest.param(_fault(ValueError), 2, id="another type"),
        pytest.param(KeyError("never raised"), 2, id="without a trace"),
    ],
)
def test_each_kind_is_logged_once_with_its_trace(
    caplog: pytest.LogCaptureFixture, second: Exception, lines: int
) -> None:
    log = FaultLog(logging.getLogger("test"))
    for fault in (_fault(KeyError), second, second):
        log.report("The clock", fault)
    assert [record.getMessage() for record in caplog.records] == (
        ["The clock stumbled, and goes on"] * lines
    )
    assert all(record.exc_info for record in caplog.records)


def test_a_step_that_stumbles_is_told_and_no_errors_for_people_are_hidden(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = FaultLog(logging.getLogger("test"))

    def full() -> None:
        raise RecordsError("The disk is full.")

    assert log.works("The clock", str)
    assert not log.works("The clock", lambda: 1 // 0)
    with pytest.raises(RecordsError):
        log.works("The clock", full)
    assert len(caplog.records) == 1
