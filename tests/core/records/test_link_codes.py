"""Link codes: ten minutes, once, and no guessing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from core.records.database import Database
from core.records.link_codes import LinkCodes, TooManyTriesError
from core.records.recipient import ChannelKind, Recipient
from core.records.recipients import Recipients
from tests.support.clock import FakeClock

TELEGRAM = ChannelKind.TELEGRAM
MINUTES = 60.0


@pytest.fixture
def codes(database: Database, clock: FakeClock) -> LinkCodes:
    return LinkCodes(database, clock)


def test_links_once(codes: LinkCodes, recipients: Recipients, clock: FakeClock) -> None:
    issued = codes.issue("Anna", 2)
    assert issued.expires_utc == clock.now_utc() + timedelta(minutes=10)
    linked = codes.redeem(f" {issued.code.lower()}\n", TELEGRAM, "17", "anna_b")
    assert linked == Recipient(1, "Anna", TELEGRAM, "17", 2)
    assert recipients.all() == (linked,)
    assert codes.redeem(issued.code, TELEGRAM, "18", "Eve") is None
    assert recipients.all() == (linked,)


def test_takes_the_chats_name_where_none_was_given(codes: LinkCodes) -> None:
    linked = codes.redeem(codes.issue(" ").code, TELEGRAM, "17", "anna_b")
    assert linked is not None
    assert linked.name == "anna_b"


def test_is_a_secret(codes: LinkCodes) -> None:
    issued = codes.issue("Anna")
    assert issued.code not in repr(issued)
    assert codes.issue("Anna").code != issued.code


@pytest.mark.parametrize(("after_s", "works"), [(599, True), (600, False)])
def test_lasts_ten_minutes(after_s: float, works: bool, codes: LinkCodes, clock: FakeClock) -> None:
    issued = codes.issue("Anna")
    clock.advance(after_s)
    assert (codes.redeem(issued.code, TELEGRAM, "17", "Anna") is not None) is works


@pytest.mark.parametrize("code", ["", "\0", "\ud800", "DROP TABLE", "A" * 10_000], ids=ascii)
def test_anything_may_be_sent_as_a_code(code: str, codes: LinkCodes) -> None:
    assert codes.redeem(code, TELEGRAM, "666", "Eve") is None


def test_a_linked_chat_is_enabled_again(codes: LinkCodes, recipients: Recipients) -> None:
    anna = recipients.add("Anna", TELEGRAM, "17")
    recipients.disable(anna.id, "Anna blocked the bot.")
    linked = codes.redeem(codes.issue("Anna B.", 2).code, TELEGRAM, "17", "anna")
    assert linked == Recipient(anna.id, "Anna B.", TELEGRAM, "17", 2)


def test_one_address_may_guess_five_times(codes: LinkCodes, clock: FakeClock) -> None:
    code = codes.issue("Anna").code
    for _ in range(5):
        assert codes.redeem("WRONG", TELEGRAM, "666", "Eve") is None
        clock.advance(MINUTES)
    with pytest.raises(TooManyTriesError, match="wait ten minutes"):
        codes.redeem(code, TELEGRAM, "666", "Eve")
    assert codes.redeem(code, TELEGRAM, "17", "Anna") is not None  # another may go on
    clock.advance(5 * MINUTES)  # ten since the first guess
    assert codes.redeem("WRONG", TELEGRAM, "666", "Eve") is None


def test_all_together_may_guess_twenty_times(codes: LinkCodes, clock: FakeClock) -> None:
    code = codes.issue("Anna").code
    for guess in range(20):
        assert codes.redeem("WRONG", TELEGRAM, f"many {guess}", "Eve") is None
    with pytest.raises(TooManyTriesError):
        codes.redeem(code, TELEGRAM, "17", "Anna")
    clock.advance(10 * MINUTES)
    assert codes.redeem(codes.issue("Anna").code, TELEGRAM, "17", "Anna") is not None


def test_two_who_send_it_at_once_are_not_both_linked(
    codes: LinkCodes, recipients: Recipients
) -> None:
    code = codes.issue("Anna").code
    together = threading.Barrier(4)
    linked: list[Recipient | None] = []

    def redeem(address: str) -> None:
        together.wait()
        linked.append(codes.redeem(code, TELEGRAM, address, "somebody"))

    threads = [threading.Thread(target=redeem, args=(str(who),)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert linked.count(None) == 3
    assert len(recipients.all()) == 1
