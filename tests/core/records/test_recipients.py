"""Recipients: who is told, each address once, and no address in any text."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import RecordsError
from core.records.database import Database
from core.records.recipient import ChannelKind
from core.records.recipients import Recipients
from tests.support.clock import FakeClock

ADDRESS = "4815162342"


def test_are_told_in_turn(recipients: Recipients) -> None:
    for name, turn in (("Cleo", 2), ("Anna", 1), ("Ben", 1)):
        recipients.add(name, ChannelKind.TELEGRAM, name, turn)
    assert [each.name for each in recipients.all()] == ["Anna", "Ben", "Cleo"]


def test_are_found_again(recipients: Recipients) -> None:
    anna = recipients.add("Anna", ChannelKind.TELEGRAM, ADDRESS)
    assert recipients.one(anna.id) == anna
    assert recipients.by_address(ChannelKind.TELEGRAM, ADDRESS) == anna
    assert recipients.by_address(ChannelKind.EMAIL, ADDRESS) is None
    assert recipients.one(anna.id + 1) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param(" Änne 👵 ", "Änne 👵", id="any script"),
        pytest.param("An\0na\n", "Anna", id="control characters"),
        pytest.param("Anna \ud83d", "Anna", id="half a character"),
        pytest.param("\u202e", "Somebody", id="nothing to see"),
        pytest.param("A" * 500, "A" * 60, id="long"),
    ],
)
def test_names_are_readable(given: str, kept: str, recipients: Recipients) -> None:
    assert recipients.add(given, ChannelKind.TELEGRAM, ADDRESS).name == kept
    recipients.rename(1, given)
    assert [each.name for each in recipients.all()] == [kept]


def test_change(recipients: Recipients, clock: FakeClock) -> None:
    anna = recipients.add("Anna", ChannelKind.TELEGRAM, ADDRESS)
    until = clock.now_utc() + timedelta(minutes=30)
    recipients.rename(anna.id, "Anna B.")
    recipients.set_turn(anna.id, 3)
    recipients.mute(anna.id, until)
    recipients.disable(anna.id, "Anna blocked the bot.")
    recipients.move(anna.id, "-100")
    changed = recipients.one(anna.id)
    assert changed is not None
    assert (changed.name, changed.turn, changed.address) == ("Anna B.", 3, "-100")
    assert (changed.muted_until_utc, changed.disabled_why) == (until, "Anna blocked the bot.")
    recipients.mute(anna.id, None)
    recipients.enable(anna.id)
    changed = recipients.one(anna.id)
    assert changed is not None
    assert (changed.muted_until_utc, changed.disabled_why) == (None, None)


def test_one_who_was_removed_is_named_without_an_address(recipients: Recipients) -> None:
    anna = recipients.add("Anna", ChannelKind.TELEGRAM, ADDRESS)
    recipients.remove(anna.id)
    assert recipients.all() == ()
    assert recipients.by_address(ChannelKind.TELEGRAM, ADDRESS) is None
    gone = recipients.one(anna.id)
    assert gone is not None
    assert (gone.name, gone.address) == ("Anna", "")
    assert recipients.add("Anna", ChannelKind.TELEGRAM, ADDRESS).id != anna.id


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(lambda them: them.add("Ben", ChannelKind.TELEGRAM, ADDRESS), id="added"),
        pytest.param(lambda them: them.move(2, ADDRESS), id="moved"),
    ],
)
def test_an_address_is_linked_once_and_never_told(
    link: Callable[[Recipients], object], recipients: Recipients, caplog: pytest.LogCaptureFixture
) -> None:
    recipients.add("Anna", ChannelKind.TELEGRAM, ADDRESS)
    ben = recipients.add("Ben", ChannelKind.TELEGRAM, "other")
    with caplog.at_level(0), pytest.raises(RecordsError, match="linked already") as caught:
        link(recipients)
    # PostgreSQL's own text quotes the row
    assert ADDRESS not in caplog.text + told(caught.value)
    assert recipients.by_address(ChannelKind.TELEGRAM, "other") == ben


def told(error: BaseException) -> str:
    """All that a log with a traceback would say."""
    parts = [*traceback.format_exception(error)]
    if isinstance(error, RecordsError):
        parts.append(error.cause)
    return "".join(parts)


@pytest.mark.usefixtures("alters_tables")
def test_an_address_is_not_told_by_a_database_that_fails(
    recipients: Recipients, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE recipient DROP COLUMN disabled_why")
    with caplog.at_level(0), pytest.raises(RecordsError) as caught:
        recipients.add("Anna", ChannelKind.TELEGRAM, ADDRESS)
    assert ADDRESS not in caplog.text + told(caught.value)
