"""Telegram as the Bot API server answers it: every line of the table, over real HTTP."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import pytest
from PIL import Image

from core.delivery.channel import (
    Button,
    ChannelDeadError,
    MaybeSentError,
    Message,
    MessageRefusedError,
    NeverSentError,
    Receipt,
    RecipientGoneError,
    RecipientMovedError,
    WaitAskedError,
)
from core.delivery.secret import Secret
from core.delivery.settings import TelegramSettings
from core.delivery.telegram_channel import TelegramChannel, bot_for
from core.errors import DeliveryError
from deploy.demo_bot.faults import FaultKind
from tests.support.bot_api import LocalBotApi, running_bot_api


@pytest.fixture(scope="module")
def server() -> Iterator[LocalBotApi]:
    with running_bot_api() as running:
        yield running


@pytest.fixture
def bot_api(server: LocalBotApi) -> Iterator[LocalBotApi]:
    """Without faults of the test before."""
    yield server
    server.lift_faults()


def jpeg(width: int = 640, height: int = 480) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, "JPEG")
    return written.getvalue()


ALERT = Message(
    "Mien · Alert 17 · Kitchen\nMay be in pain, please check.",
    jpeg(),
    ((Button("Acknowledge", "ack:17"),), (Button("Snooze", "snooze:17"),)),
)


def channel_for(bot_api: LocalBotApi) -> TelegramChannel:
    settings = TelegramSettings(Secret(bot_api.token), bot_api.url)
    return TelegramChannel(bot_for(settings, answer_within_s=1))


def send(bot_api: LocalBotApi, address: int | str, message: Message = ALERT) -> Receipt:
    async def once() -> Receipt:
        channel = channel_for(bot_api)
        try:
            return await channel.send(str(address), message)
        finally:
            await channel.close()

    return asyncio.run(once())


def edit(bot_api: LocalBotApi, address: int, reference: str, message: Message) -> None:
    async def once() -> None:
        channel = channel_for(bot_api)
        try:
            await channel.edit(str(address), reference, message)
        finally:
            await channel.close()

    asyncio.run(once())


def test_a_picture_arrives_with_its_words_and_buttons(bot_api: LocalBotApi) -> None:
    anna = bot_api.add_person()
    receipt = send(bot_api, anna)
    [arrived] = bot_api.from_bot(anna)
    assert receipt.message_ref == f"{anna}:{arrived.message_id}"
    assert arrived.text == ALERT.text
    assert arrived.photo()[:2] == b"\xff\xd8"
    assert arrived.buttons == {"Acknowledge": "ack:17", "Snooze": "snooze:17"}
    assert not arrived.silent


def test_without_a_picture_the_words_go_alone_and_silently_if_asked(bot_api: LocalBotApi) -> None:
    anna = bot_api.add_person()
    send(bot_api, anna, Message("Nothing has happened.", silent=True))
    [arrived] = bot_api.from_bot(anna)
    assert (arrived.photo_url, arrived.silent) == (None, True)


@pytest.mark.parametrize(
    ("message", "letters"),
    [
        pytest.param(Message("word " * 2000), 4096, id="text"),
        pytest.param(Message("word " * 2000, jpeg()), 1024, id="caption"),
        pytest.param(Message("😀" * 3000, jpeg()), 1024, id="caption of emoji"),
    ],
)
def test_what_is_too_long_is_cut(bot_api: LocalBotApi, message: Message, letters: int) -> None:
    anna = bot_api.add_person()
    send(bot_api, anna, message)
    [arrived] = bot_api.from_bot(anna)
    length = len(arrived.text.encode("utf-16-le")) // 2
    assert letters * 0.9 < length <= letters
    assert arrived.text.endswith("…")


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        pytest.param(jpeg(), FaultKind.BAD_DIMENSIONS, id="refused by Telegram"),
        pytest.param(jpeg(), FaultKind.BAD_FILE, id="unreadable for Telegram"),
        pytest.param(jpeg(20, 1200), None, id="far too slim"),
        pytest.param(b"\xff\xd8" + bytes(10_000_001), None, id="too large to try"),
    ],
)
def test_a_bad_picture_does_not_hold_the_words_back(
    bot_api: LocalBotApi, picture: bytes, fault: FaultKind | None
) -> None:
    anna = bot_api.add_person()
    if fault is not None:
        bot_api.order(fault, "sendPhoto", chat_id=anna)
    receipt = send(bot_api, anna, Message(ALERT.text, picture, ALERT.buttons))
    [arrived] = bot_api.from_bot(anna)
    assert (arrived.text, arrived.photo_url) == (ALERT.text, None)
    assert arrived.buttons
    assert "picture" in receipt.note


@pytest.mark.parametrize(
    ("order", "expected", "arrives"),
    [
        pytest.param({"kind": FaultKind.FLOOD}, WaitAskedError, False, id="429"),
        pytest.param({"kind": FaultKind.BAD_GATEWAY}, NeverSentError, False, id="502"),
        pytest.param({"kind": FaultKind.SERVER_ERROR}, NeverSentError, False, id="500"),
        pytest.param({"kind": FaultKind.BLOCKED}, RecipientGoneError, False, id="403"),
        pytest.param({"kind": FaultKind.CHAT_NOT_FOUND}, RecipientGoneError, False, id="no chat"),
        pytest.param({"kind": FaultKind.UNAUTHORIZED}, ChannelDeadError, False, id="401"),
        pytest.param(
            {"kind": FaultKind.ANSWER, "description": "Bad Request: BUTTON_DATA_INVALID"},
            MessageRefusedError,
            False,
            id="400, other",
        ),
        pytest.param(
            {"kind": FaultKind.ANSWER, "error_code": 429, "description": "Too Many Requests"},
            NeverSentError,
            False,
            id="429 without a time",
        ),
        pytest.param({"kind": FaultKind.RESET_BEFORE}, MaybeSentError, False, id="reset before"),
        pytest.param({"kind": FaultKind.RESET_AFTER}, MaybeSentError, True, id="reset after"),
        pytest.param({"kind": FaultKind.SILENT_BEFORE}, MaybeSentError, False, id="silent before"),
        pytest.param({"kind": FaultKind.SILENT_AFTER}, MaybeSentError, True, id="silent after"),
    ],
)
def test_what_an_answer_means(
    bot_api: LocalBotApi,
    order: dict[str, object],
    expected: type[DeliveryError],
    arrives: bool,
) -> None:
    anna = bot_api.add_person()
    bot_api.order(**{"chat_id": anna, **order})  # type: ignore[arg-type]
    with pytest.raises(DeliveryError) as raised:
        send(bot_api, anna)
    assert type(raised.value) is expected
    assert bool(bot_api.from_bot(anna)) == arrives


def test_how_long_to_wait_is_passed_on(bot_api: LocalBotApi) -> None:
    anna = bot_api.add_person()
    bot_api.order(FaultKind.FLOOD, chat_id=anna, seconds=17)
    with pytest.raises(WaitAskedError) as raised:
        send(bot_api, anna)
    assert raised.value.wait_s == 17


def test_a_group_that_moved_tells_its_new_address(bot_api: LocalBotApi) -> None:
    group = bot_api.add_group()
    new = bot_api.migrate(group)
    with pytest.raises(RecipientMovedError) as raised:
        send(bot_api, group)
    assert raised.value.new_address == str(new)
    send(bot_api, new)
    assert len(bot_api.from_bot(new)) == 1


def test_a_network_that_is_down_means_never_sent() -> None:
    with running_bot_api() as server:
        anna = server.add_person()
        server.stop()
        with pytest.raises(NeverSentError):
            send(server, anna)
        server.start()
        send(server, anna)
        assert len(server.from_bot(anna)) == 1


@pytest.mark.parametrize("picture", [jpeg(), None], ids=["caption", "text"])
def test_editing_changes_words_and_takes_the_buttons_away(
    bot_api: LocalBotApi, picture: bytes | None
) -> None:
    anna = bot_api.add_person()
    sent = send(bot_api, anna, Message(ALERT.text, picture, ALERT.buttons))
    changed = Message("Anna has taken it.", has_picture_before=picture is not None)
    edit(bot_api, anna, str(sent.message_ref), changed)
    [now] = bot_api.from_bot(anna)
    assert (now.text, now.buttons) == ("Anna has taken it.", {})
    assert (now.photo_url is not None) == (picture is not None)
    edit(bot_api, anna, str(sent.message_ref), changed)  # "not modified" is as good as done


@pytest.mark.parametrize("picture", [jpeg(), None], ids=["it has one", "it has none"])
def test_editing_finds_out_by_itself_whether_there_is_a_picture(
    bot_api: LocalBotApi, picture: bytes | None
) -> None:
    anna = bot_api.add_person()
    sent = send(bot_api, anna, Message(ALERT.text, picture))
    wrongly = Message("Anna has taken it.", has_picture_before=picture is None)
    edit(bot_api, anna, str(sent.message_ref), wrongly)
    assert [message.text for message in bot_api.from_bot(anna)] == ["Anna has taken it."]


def test_editing_what_was_deleted_is_refused(bot_api: LocalBotApi) -> None:
    anna = bot_api.add_person()
    sent = send(bot_api, anna)
    bot_api.delete(anna, int(str(sent.message_ref).split(":")[1]))
    with pytest.raises(MessageRefusedError):
        edit(bot_api, anna, str(sent.message_ref), Message("Over.", has_picture_before=True))


@pytest.mark.parametrize(
    "fault",
    [
        FaultKind.UNAUTHORIZED,
        FaultKind.BAD_GATEWAY,
        FaultKind.RESET_BEFORE,
        FaultKind.BLOCKED,
        FaultKind.SILENT_BEFORE,
    ],
)
def test_no_error_carries_the_token_or_anything_that_does(
    bot_api: LocalBotApi, fault: FaultKind
) -> None:
    anna = bot_api.add_person()
    bot_api.order(fault, chat_id=anna)
    with pytest.raises(DeliveryError) as raised:
        send(bot_api, anna)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    assert bot_api.token not in f"{raised.value!r} {raised.value.args} {raised.value.cause}"


def test_one_bot_serves_many_chats_at_a_time(bot_api: LocalBotApi) -> None:
    people = [bot_api.add_person(f"Person {number}") for number in range(12)]

    async def all_at_once() -> None:
        channel = channel_for(bot_api)
        await asyncio.gather(*(channel.send(str(person), ALERT) for person in people))
        await channel.close()

    asyncio.run(all_at_once())
    assert [len(bot_api.from_bot(person)) for person in people] == [1] * 12
