from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from core.monitoring.mailbox import Mailbox


def test_newest_item_wins_and_the_rest_is_counted() -> None:
    mailbox: Mailbox[int] = Mailbox()
    for item in range(5):
        mailbox.put(item)
    assert mailbox.take(0) == 4
    assert mailbox.dropped == 4


def test_a_taken_item_is_not_counted_as_dropped() -> None:
    mailbox: Mailbox[int] = Mailbox()
    for item in range(3):
        mailbox.put(item)
        assert mailbox.take(0) == item
    assert mailbox.dropped == 0


def test_empty_mailbox_gives_none_after_the_timeout() -> None:
    assert Mailbox[int]().take(0.01) is None


def _put(mailbox: Mailbox[int]) -> None:
    mailbox.put(7)


def _close(mailbox: Mailbox[int]) -> None:
    mailbox.close()


@pytest.mark.parametrize(
    ("wake", "expected"),
    [pytest.param(_put, 7, id="item"), pytest.param(_close, None, id="close")],
)
def test_a_waiting_reader_is_woken(
    wake: Callable[[Mailbox[int]], None], expected: int | None
) -> None:
    mailbox: Mailbox[int] = Mailbox()
    taken: list[int | None] = []
    reader = threading.Thread(target=lambda: taken.append(mailbox.take(30)))
    reader.start()
    wake(mailbox)
    reader.join(10)
    assert taken == [expected]


def test_closed_mailbox_takes_and_gives_nothing() -> None:
    mailbox: Mailbox[int] = Mailbox()
    mailbox.put(1)
    mailbox.close()
    mailbox.put(2)
    assert mailbox.take(0) is None


def test_no_item_is_lost_or_doubled_between_threads() -> None:
    mailbox: Mailbox[int] = Mailbox()
    taken: list[int] = []

    def read() -> None:
        while (item := mailbox.take(10)) is not None:
            taken.append(item)

    reader = threading.Thread(target=read)
    reader.start()
    for item in range(20_000):
        mailbox.put(item)
    while mailbox.take(0) is not None:
        pass
    given_up = 20_000 - len(taken) - mailbox.dropped
    mailbox.close()
    reader.join(10)
    assert taken == sorted(set(taken))
    assert given_up <= 2
