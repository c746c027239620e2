from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import Clock
from core.delivery.bot.conversation import Conversation
from core.delivery.bot.door import ASK_FOR_CODE, Door, OncePerChat, code_in
from core.delivery.bot.incoming import Text, read_update
from core.delivery.stores import Stores
from core.records.link_codes import TRIES_PER_ADDRESS
from core.records.recipient import ChannelKind, Recipient
from tests.support.clock import FakeClock
from tests.support.updates import ANNA, BOT_NAME, GROUP, NOON, message, photo_sizes

STRANGER = 666


@pytest.fixture
def conversation(stores: Stores, clock: Clock, door: Door) -> Conversation:
    return Conversation(stores, clock, door, zone=UTC)


def said(text: str, chat_id: int = ANNA, at_utc: datetime = NOON) -> Text:
    read = read_update(message(chat_id, at_utc, text=text), BOT_NAME)
    assert isinstance(read, Text)
    return read


def texts(conversation: Conversation, text: Text) -> list[str]:
    return [answer.text for answer in conversation.answer(text)]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("/start {}", id="by the link"),
        pytest.param("{}", id="alone"),
        pytest.param(" {} ", id="with spaces around"),
        pytest.param("{small}", id="in small letters"),
        pytest.param("{first}-{second}", id="with a hyphen"),
        pytest.param("{first} {second}", id="in two halves"),
    ],
)
def test_a_code_links_the_chat_that_sends_it(
    conversation: Conversation, stores: Stores, written: str
) -> None:
    code = stores.link_codes.issue("", 2).code
    text = written.format(code, small=code.lower(), first=code[:4], second=code[4:])
    (answer,) = texts(conversation, said(text))
    assert answer.startswith("You are linked as Anna Berg.")
    (linked,) = stores.recipients.all()
    assert (linked.name, linked.channel, linked.turn) == ("Anna Berg", ChannelKind.TELEGRAM, 2)
    assert linked.address == str(ANNA)


def test_a_group_is_linked_inside_the_group(conversation: Conversation, stores: Stores) -> None:
    code = stores.link_codes.issue("", 1).code
    texts(conversation, said(f"/start@{BOT_NAME} {code}", GROUP))
    (linked,) = stores.recipients.all()
    assert (linked.name, linked.address) == ("Family", str(GROUP))


def test_a_code_is_good_for_one_chat(conversation: Conversation, stores: Stores) -> None:
    code = stores.link_codes.issue("Anna", 1).code
    texts(conversation, said(code))
    assert texts(conversation, said(code, STRANGER)) == [ASK_FOR_CODE]
    assert len(stores.recipients.all()) == 1


def test_a_code_is_good_for_ten_minutes(
    conversation: Conversation, stores: Stores, clock: FakeClock
) -> None:
    code = stores.link_codes.issue("Anna", 1).code
    clock.advance(600)
    assert texts(conversation, said(code)) == [ASK_FOR_CODE]
    assert stores.recipients.all() == ()


def test_a_linked_chat_may_take_another_name(
    conversation: Conversation, stores: Stores, anna: Recipient
) -> None:
    code = stores.link_codes.issue("Anna, night shift", 2).code
    (answer,) = texts(conversation, said(f"/start {code}"))
    assert answer.startswith("You are linked as Anna, night shift.")
    assert [(one.id, one.turn) for one in stores.recipients.all()] == [(anna.id, 2)]


def test_guessing_ends_in_silence(conversation: Conversation, stores: Stores) -> None:
    code = stores.link_codes.issue("Anna", 1).code
    answers = [texts(conversation, said("WRONGWRN", STRANGER)) for _ in range(8)]
    assert answers[:TRIES_PER_ADDRESS] == [[ASK_FOR_CODE]] * TRIES_PER_ADDRESS
    assert "wait" in answers[TRIES_PER_ADDRESS][0]
    assert answers[TRIES_PER_ADDRESS + 1 :] == [[], []]
    assert texts(conversation, said(code, STRANGER)) == []
    assert stores.recipients.all() == ()


@pytest.mark.parametrize("text", ["/status", "/snapshot", "/mute 2h", "/help", "/start", "Hello?"])
def test_strangers_read_one_line_an_hour(
    conversation: Conversation, clock: FakeClock, text: str
) -> None:
    assert texts(conversation, said(text, STRANGER)) == [ASK_FOR_CODE]
    assert texts(conversation, said("/status", STRANGER)) == []
    clock.advance(3600)
    assert texts(conversation, said(text, STRANGER)) == [ASK_FOR_CODE]


def test_a_strangers_photo_is_not_read(conversation: Conversation) -> None:
    photo = read_update(message(STRANGER, photo=photo_sizes()), BOT_NAME)
    welcome, answers = conversation.welcomes(photo)  # type: ignore[arg-type]
    assert not welcome
    assert [answer.text for answer in answers] == [ASK_FOR_CODE]


def test_whoever_writes_gets_messages_again(
    conversation: Conversation, stores: Stores, anna: Recipient
) -> None:
    stores.recipients.disable(anna.id, "The bot was blocked.")
    greeting, _ = texts(conversation, said("/help"))
    assert "reach you again" in greeting
    assert [one.disabled_why for one in stores.recipients.all()] == [None]


def test_what_was_written_while_nobody_listened_is_not_done(
    conversation: Conversation, stores: Stores, anna: Recipient, clock: FakeClock
) -> None:
    clock.advance(timedelta(hours=5).total_seconds())
    (answer,) = texts(conversation, said("/mute 30m"))
    assert "Please ask again" in answer
    assert texts(conversation, said("/status")) == []
    assert [one.muted_until_utc for one in stores.recipients.all()] == [None]
    assert anna.muted_until_utc is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("ABCD2345", "ABCD2345", id="alone"),
        pytest.param("/start abcd-2345", "abcd-2345".replace("-", ""), id="behind start"),
        pytest.param("/status ABCD2345", None, id="behind another command"),
        pytest.param("Good morning to you", None, id="a sentence"),
        pytest.param("", None, id="nothing"),
        pytest.param("ABCD234", None, id="too short"),
        pytest.param("ÄBCD2345", None, id="a letter of no code"),
    ],
)
def test_codes_are_told_from_sentences(text: str, code: str | None) -> None:
    assert code_in(said(text)) == code


def test_a_flood_of_chats_is_forgotten_oldest_first(clock: FakeClock) -> None:
    told = OncePerChat(clock)
    assert all(told.first(str(chat)) for chat in range(1001))
    assert not told.first("1000")
    assert told.first("0")
