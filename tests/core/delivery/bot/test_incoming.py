from __future__ import annotations

import pytest
from telegram import Update

from core.delivery.bot.incoming import Moved, Other, Photo, Press, Text, read_update
from tests.support.updates import (
    ANNA,
    BOT_NAME,
    GROUP,
    NOON,
    document,
    message,
    photo_sizes,
    press,
    user,
)


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        pytest.param("/status", "status", "", id="a command"),
        pytest.param("/Mute 30m", "mute", "30m", id="with words behind it"),
        pytest.param(f"/mute@{BOT_NAME.lower()}  until 7:00 ", "mute", "until 7:00", id="by name"),
        pytest.param("/start\nABCD-2345", "start", "ABCD-2345", id="on the next line"),
        pytest.param(" ABCD-2345 ", None, "ABCD-2345", id="plain text"),
        pytest.param("/", None, "/", id="a slash"),
    ],
)
def test_words_are_told_from_commands(text: str, command: str | None, rest: str) -> None:
    read = read_update(message(text=text), BOT_NAME)
    assert isinstance(read, Text)
    assert (read.command, read.rest, read.sent_utc) == (command, rest, NOON)
    assert read.sender.address == str(ANNA)
    assert (read.sender.chat_name, read.sender.person) == ("Anna Berg", "Anna")


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(message(GROUP, text="Good morning"), id="a group's own words"),
        pytest.param(message(GROUP, photo=photo_sizes()), id="a group's own photo"),
        pytest.param(message(GROUP, text="/status@OtherBot"), id="another bot's command"),
        pytest.param(message(GROUP, new_chat_title="Us"), id="a group's new name"),
        pytest.param(message(GROUP, text="News", **{"from": None}), id="a channel's post"),
        pytest.param(message(GROUP, left_chat_member=user()), id="somebody left"),
        pytest.param(Update(1), id="nothing that was asked for"),
    ],
)
def test_what_is_not_for_the_bot_is_left_alone(update: Update) -> None:
    assert read_update(update, BOT_NAME) is None


def replying_to(username: str) -> dict[str, object]:
    """A message of a bot, as one that is answered."""
    sender = user() | {"is_bot": True, "username": username}
    return {"message_id": 1, "date": 0, "chat": {"id": GROUP, "type": "group"}, "from": sender}


@pytest.mark.parametrize(
    ("update", "file_id"),
    [
        pytest.param(message(photo=photo_sizes()), "large", id="the largest size"),
        pytest.param(message(document=document("image/png")), "doc", id="sent as a file"),
        pytest.param(
            message(GROUP, photo=photo_sizes(), caption=f"Look, @{BOT_NAME}!"),
            "large",
            id="shown to the bot in a group",
        ),
        pytest.param(
            message(GROUP, photo=photo_sizes(), reply_to_message=replying_to(BOT_NAME)),
            "large",
            id="in answer to the bot",
        ),
    ],
)
def test_photos_are_seen(update: Update, file_id: str) -> None:
    read = read_update(update, BOT_NAME)
    assert isinstance(read, Photo)
    assert read.file_id == file_id


def test_what_cannot_be_used_is_noticed_in_a_private_chat() -> None:
    assert isinstance(read_update(message(document=document("text/plain")), BOT_NAME), Other)


def test_a_press_names_its_chat_and_person() -> None:
    read = read_update(press("ack:1", GROUP, first_name="Ben"), BOT_NAME)
    assert isinstance(read, Press)
    assert read.sender is not None
    assert (read.sender.address, read.sender.person, read.data) == (str(GROUP), "Ben", "ack:1")


def test_a_press_without_a_chat_or_data_is_still_a_press() -> None:
    read = read_update(press(None, None), BOT_NAME)
    assert isinstance(read, Press)
    assert (read.sender, read.data) == (None, "")


def test_a_group_that_moves_tells_both_addresses() -> None:
    read = read_update(message(GROUP, migrate_to_chat_id=-200), BOT_NAME)
    assert read == Moved(str(GROUP), "-200")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("Eve\nAlert 1 is over", "Eve Alert 1 is over Berg", id="lines"),
        pytest.param("\u202eannA", "annA Berg", id="turned round"),
        pytest.param("x" * 300, "x" * 40, id="endless"),
    ],
)
def test_names_are_one_short_line(given: str, shown: str) -> None:
    update = message(text="hi", **{"from": user(first_name=given)})
    read = read_update(update, BOT_NAME)
    assert isinstance(read, Text)
    assert read.sender.chat_name == shown


@pytest.mark.parametrize("given", ["\u202e\u200b", "", " "])
def test_somebody_without_a_name_that_can_be_printed_has_none(given: str) -> None:
    nameless = {"id": ANNA, "is_bot": False, "first_name": given}
    read = read_update(message(text="hi", **{"from": nameless}), BOT_NAME)
    assert isinstance(read, Text)
    assert (read.sender.chat_name, read.sender.person) == ("", "")


def test_nothing_private_is_in_what_may_be_logged() -> None:
    for update in (message(text="secret words"), message(photo=photo_sizes()), press("ack:1")):
        printed = repr(read_update(update, BOT_NAME))
        assert str(ANNA) not in printed
        assert "Anna" not in printed
        assert "secret" not in printed
