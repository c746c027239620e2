"""Our Bot API server, asked by python-telegram-bot, whose types read every answer."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from deploy.demo_bot.faults import FaultKind
from deploy.demo_bot.world import QUERY_LIFE_S
from tests.support.bot_api import (
    TOKEN,
    BotApi,
    ControlError,
    LocalBotApi,
    running_bot_api,
)
from tests.support.clock import FakeClock
from tests.support.pictures import portrait
from tests.support.waiting import eventually

Result = TypeVar("Result")
Ask = Callable[[Bot, int], Awaitable[Any]]

BUTTONS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Acknowledge", callback_data="ack:17")]],
)
NOT_MODIFIED = "Message is not modified"
TOO_OLD = "Query is too old and response timeout expired or query id is invalid"


@pytest.fixture(autouse=True)
def plain_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap: without this the library warns as it makes a RetryAfter, and a warning is an error."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture(scope="module")
def served() -> Iterator[LocalBotApi]:
    with running_bot_api() as running:
        yield running


@pytest.fixture
def api(served: LocalBotApi) -> Iterator[LocalBotApi]:
    """The server without faults and updates of the test before."""
    yield served
    served.lift_faults()
    asked(served, lambda bot: bot.delete_webhook(drop_pending_updates=True))


@pytest.fixture
def anna(api: BotApi) -> int:
    return api.add_person("Anna")


def asked(api: BotApi, ask: Callable[[Bot], Awaitable[Result]], token: str | None = None) -> Result:
    """What a bot of python-telegram-bot makes of the server's answer."""

    async def run() -> Result:
        async with _bot(api, token) as bot:
            return await ask(bot)

    return asyncio.run(run())


def _bot(api: BotApi, token: str | None = None) -> Bot:
    return Bot(token or api.token, base_url=api.base_url, base_file_url=api.base_file_url)


def _picture(width: int, height: int, file_format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (90, 110, 120)).save(buffer, file_format)
    return buffer.getvalue()


def test_the_bot_is_one(api: BotApi) -> None:
    me = asked(api, lambda bot: bot.get_me())
    assert (me.id, me.is_bot, me.username) == (6_000_000_001, True, "mien_demo_bot")


def test_a_text_with_buttons_arrives(api: BotApi, anna: int) -> None:
    sent = asked(
        api,
        lambda bot: bot.send_message(
            anna, "Hello", reply_markup=BUTTONS, disable_notification=True
        ),
    )
    assert (sent.text, sent.chat_id, sent.reply_markup) == ("Hello", anna, BUTTONS)
    (message,) = api.from_bot(anna)
    assert message.message_id == sent.message_id
    assert message.buttons == {"Acknowledge": "ack:17"}
    assert (message.text, message.silent, message.photo_url) == ("Hello", True, None)
    assert abs((datetime.now(UTC) - message.accepted_utc).total_seconds()) < 60


def test_a_picture_arrives_and_is_one(api: BotApi, anna: int) -> None:
    sent = asked(api, lambda bot: bot.send_photo(anna, portrait(), "Look", reply_markup=BUTTONS))
    assert [(size.width, size.height) for size in sent.photo] == [(90, 90), (320, 320), (512, 512)]
    (message,) = api.from_bot(anna)
    assert (message.text, list(message.buttons)) == ("Look", ["Acknowledge"])
    assert Image.open(io.BytesIO(message.photo())).size == (512, 512)


def test_a_large_picture_is_scaled(api: BotApi, anna: int) -> None:
    sent = asked(api, lambda bot: bot.send_photo(anna, _picture(2000, 1000)))
    assert [size.width for size in sent.photo] == [90, 320, 800, 1280]


def test_a_picture_can_be_sent_again_by_its_id(api: BotApi, anna: int) -> None:
    async def twice(bot: Bot) -> Message:
        first = await bot.send_photo(anna, portrait())
        return await bot.send_photo(anna, first.photo[-1].file_id)

    again = asked(api, twice)
    assert again.photo[-1].width == 512


def test_a_reply_names_what_it_answers(api: BotApi, anna: int) -> None:
    asking = api.write(anna, "How are you?")
    reply = ReplyParameters(asking)
    sent = asked(api, lambda bot: bot.send_message(anna, "Well", reply_parameters=reply))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "How are you?"
    assert api.from_bot(anna)[0].reply_to == asking


async def _edit_text(bot: Bot, anna: int) -> None:
    sent = await bot.send_message(anna, "before", reply_markup=BUTTONS)
    await bot.edit_message_text("after", anna, sent.message_id)


async def _edit_caption(bot: Bot, anna: int) -> None:
    sent = await bot.send_photo(anna, portrait(), "before", reply_markup=BUTTONS)
    await bot.edit_message_caption(anna, sent.message_id, caption="after")


@pytest.mark.parametrize("edit", [_edit_text, _edit_caption])
def test_an_edit_without_buttons_takes_them_away(api: BotApi, anna: int, edit: Ask) -> None:
    asked(api, lambda bot: edit(bot, anna))
    (message,) = api.from_bot(anna)
    assert (message.text, message.buttons) == ("after", {})
    (before,) = message.edits
    assert (before.text, before.buttons) == ("before", {"Acknowledge": "ack:17"})
    assert before.at_s >= message.accepted_s


def test_buttons_alone_can_be_changed(api: BotApi, anna: int) -> None:
    async def change(bot: Bot) -> Message | bool:
        sent = await bot.send_message(anna, "Hello")
        return await bot.edit_message_reply_markup(anna, sent.message_id, reply_markup=BUTTONS)

    edited = asked(api, change)
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    assert api.from_bot(anna)[0].buttons == {"Acknowledge": "ack:17"}


def test_what_a_bot_asks_at_its_start(api: BotApi, anna: int) -> None:
    async def start(bot: Bot) -> None:
        commands = [BotCommand("status", "How it goes"), BotCommand("help", "What I can")]
        assert await bot.set_my_commands(commands)
        assert await bot.get_my_commands() == tuple(commands)
        assert (await bot.get_webhook_info()).url == ""
        assert await bot.delete_webhook()
        assert await bot.send_chat_action(anna, ChatAction.UPLOAD_PHOTO)
        assert (await bot.get_chat(anna)).first_name == "Anna"
        assert await bot.close()
        assert await bot.log_out()

    asked(api, start)
    assert api.commands() == ["status", "help"]


def _press(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])


async def _edit_unchanged(bot: Bot, anna: int) -> None:
    sent = await bot.send_message(anna, "same", reply_markup=BUTTONS)
    await bot.edit_message_text("same", anna, sent.message_id, reply_markup=BUTTONS)


async def _edit_text_of_picture(bot: Bot, anna: int) -> None:
    sent = await bot.send_photo(anna, portrait())
    await bot.edit_message_text("x", anna, sent.message_id)


async def _edit_caption_of_text(bot: Bot, anna: int) -> None:
    sent = await bot.send_message(anna, "x")
    await bot.edit_message_caption(anna, sent.message_id, caption="y")


async def _edit_deleted(bot: Bot, anna: int) -> None:
    sent = await bot.send_message(anna, "x")
    assert await bot.delete_message(anna, sent.message_id)
    await bot.edit_message_text("y", anna, sent.message_id)


REFUSALS: Sequence[tuple[str, Ask, type[TelegramError], str]] = [
    ("unknown chat", lambda bot, _: bot.send_message(4711, "x"), BadRequest, "Chat not found"),
    ("empty text", lambda bot, anna: bot.send_message(anna, " "), BadRequest, "text is empty"),
    ("long text", lambda bot, anna: bot.send_message(anna, "x" * 4097), BadRequest, "is too long"),
    (
        "long caption",
        lambda bot, anna: bot.send_photo(anna, portrait(), "x" * 1025),
        BadRequest,
        "caption is too long",
    ),
    (
        "mark-up",
        lambda bot, anna: bot.send_message(anna, "<b>x</b>", parse_mode="HTML"),
        BadRequest,
        "Unsupported parse_mode",
    ),
    (
        "long callback data",
        lambda bot, anna: bot.send_message(anna, "x", reply_markup=_press("ä" * 33)),
        BadRequest,
        "Button_data_invalid",
    ),
    (
        "no callback data",
        lambda bot, anna: bot.send_message(anna, "x", reply_markup=_press("")),
        BadRequest,
        "Button_data_invalid",
    ),
    (
        "too wide",
        lambda bot, anna: bot.send_photo(anna, _picture(9000, 1001)),
        BadRequest,
        "Photo_invalid_dimensions",
    ),
    (
        "too flat",
        lambda bot, anna: bot.send_photo(anna, _picture(1010, 50)),
        BadRequest,
        "Photo_invalid_dimensions",
    ),
    (
        "too many bytes",
        lambda bot, anna: bot.send_photo(anna, portrait() + bytes(10_000_000)),
        BadRequest,
        "too big for a photo",
    ),
    (
        "no picture",
        lambda bot, anna: bot.send_photo(anna, b"Dear diary"),
        BadRequest,
        "Image_process_failed",
    ),
    (
        "half a picture",
        lambda bot, anna: bot.send_photo(anna, portrait()[:9000]),
        BadRequest,
        "Image_process_failed",
    ),
    (
        "unknown file",
        lambda bot, anna: bot.send_photo(anna, "AgAC"),
        BadRequest,
        "Wrong file identifier/http url specified",
    ),
    ("unknown download", lambda bot, _: bot.get_file("AgAC"), BadRequest, "Invalid file_id"),
    (
        "reply to nothing",
        lambda bot, anna: bot.send_message(anna, "x", reply_parameters=ReplyParameters(99)),
        BadRequest,
        "Message to be replied not found",
    ),
    (
        "edit of nothing",
        lambda bot, anna: bot.edit_message_text("x", anna, 99),
        BadRequest,
        "Message to edit not found",
    ),
    ("edit of what was deleted", _edit_deleted, BadRequest, "Message to edit not found"),
    ("edit that changes nothing", _edit_unchanged, BadRequest, NOT_MODIFIED),
    ("text of a picture", _edit_text_of_picture, BadRequest, "There is no text in the message"),
    ("caption of a text", _edit_caption_of_text, BadRequest, "There is no caption in the message"),
    ("unknown query", lambda bot, _: bot.answer_callback_query("1"), BadRequest, TOO_OLD),
    (
        "command in capitals",
        lambda bot, _: bot.set_my_commands([("Status", "x")]),
        BadRequest,
        "Bot_command_invalid",
    ),
    (
        "unknown method",
        lambda bot, _: bot.do_api_request("sendLove"),
        EndPointNotFound,
        "Endpoint 'sendLove' not found",
    ),
]


@pytest.mark.parametrize(
    ("ask", "error", "says"), [pytest.param(*case[1:], id=case[0]) for case in REFUSALS]
)
def test_refuses_as_telegram_does(
    api: BotApi, anna: int, ask: Ask, error: type[TelegramError], says: str
) -> None:
    with pytest.raises(error, match=says) as refusal:
        asked(api, lambda bot: ask(bot, anna))
    assert type(refusal.value) is error


def test_the_words_of_an_edit_by_somebody_else_are_kept(api: BotApi, anna: int) -> None:
    hers = api.write(anna, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        asked(api, lambda bot: bot.edit_message_text("yours", anna, hers))


@pytest.mark.parametrize(
    "token", [pytest.param("6000000001:other", id="revoked"), pytest.param("other", id="no form")]
)
def test_another_token_is_refused(api: BotApi, token: str) -> None:
    with pytest.raises(InvalidToken):
        asked(api, lambda bot: bot.get_me(), token)


def test_a_token_can_be_revoked() -> None:
    with running_bot_api() as api:
        api.revoke_token()
        with pytest.raises(InvalidToken):
            asked(api, lambda bot: bot.get_me())
        assert {call.error_code for call in api.calls("getMe")} == {401}


FAULTS: Sequence[tuple[FaultKind, type[TelegramError], bool]] = [
    (FaultKind.FLOOD, RetryAfter, False),
    (FaultKind.BAD_GATEWAY, NetworkError, False),
    (FaultKind.SERVER_ERROR, NetworkError, False),
    (FaultKind.UNAUTHORIZED, InvalidToken, False),
    (FaultKind.CONFLICT, Conflict, False),
    (FaultKind.BLOCKED, Forbidden, False),
    (FaultKind.CHAT_NOT_FOUND, BadRequest, False),
    (FaultKind.BAD_DIMENSIONS, BadRequest, False),
    (FaultKind.BAD_FILE, BadRequest, False),
    (FaultKind.ANSWER, BadRequest, False),
    (FaultKind.RESET_BEFORE, NetworkError, False),
    (FaultKind.RESET_AFTER, NetworkError, True),
    (FaultKind.SILENT_BEFORE, TimedOut, False),
    (FaultKind.SILENT_AFTER, TimedOut, True),
]


@pytest.mark.parametrize(
    ("kind", "error", "arrives"), [pytest.param(*case, id=case[0].value) for case in FAULTS]
)
def test_fails_on_demand_once(
    api: BotApi, anna: int, kind: FaultKind, error: type[TelegramError], arrives: bool
) -> None:
    async def twice(bot: Bot) -> None:
        with pytest.raises(error) as failure:
            await bot.send_photo(anna, portrait(), "first", read_timeout=0.5)
        assert type(failure.value) is error
        await bot.send_photo(anna, portrait(), "second")

    api.order(kind, "sendPhoto", chat_id=anna)
    asked(api, twice)
    arrived = [message.text for message in api.from_bot(anna)]
    assert arrived == (["first", "second"] if arrives else ["second"])
    assert api.waiting_faults() == 0
    assert [call.fault for call in api.calls() if call.chat_id == anna] == [kind.value, None]


def test_a_slow_answer_comes_all_the_same(api: BotApi, anna: int) -> None:
    api.order(FaultKind.SLOW, seconds=0.2)
    assert asked(api, lambda bot: bot.send_message(anna, "Hello")).text == "Hello"


def test_the_wait_that_is_asked_for(api: BotApi, anna: int) -> None:
    api.order(FaultKind.FLOOD, seconds=7)
    with pytest.raises(RetryAfter) as refusal:
        asked(api, lambda bot: bot.send_message(anna, "Hello"))
    assert refusal.value.retry_after == timedelta(seconds=7)


def test_a_fault_of_other_methods_and_chats_strikes_nothing(api: BotApi, anna: int) -> None:
    api.order(FaultKind.BAD_GATEWAY, "sendPhoto")
    api.order(FaultKind.BAD_GATEWAY, "*", chat_id=api.add_person("Ben"))
    assert asked(api, lambda bot: bot.send_message(anna, "Hello")).text == "Hello"
    assert api.waiting_faults() == 2


def test_a_fault_until_it_is_lifted(api: BotApi, anna: int) -> None:
    async def often(bot: Bot) -> None:
        for _ in range(3):
            with pytest.raises(NetworkError):
                await bot.send_message(anna, "Hello")
        api.lift_faults()
        await bot.send_message(anna, "Hello")

    api.order(FaultKind.BAD_GATEWAY, times=0)
    asked(api, often)
    assert len(api.from_bot(anna)) == 1


def test_a_fault_of_n_calls(api: BotApi, anna: int) -> None:
    async def often(bot: Bot) -> None:
        for _ in range(2):
            with pytest.raises(NetworkError):
                await bot.send_message(anna, "Hello")
        await bot.send_message(anna, "Hello")

    api.order(FaultKind.SERVER_ERROR, times=2)
    asked(api, often)


def test_unreachable_and_back(anna: int, api: LocalBotApi) -> None:
    api.write(anna, "Are you there?")
    api.stop()
    try:
        with pytest.raises(NetworkError, match="ConnectError"):
            asked(api, lambda bot: bot.get_me())
    finally:
        api.start()
    assert [message.text for message in api.messages(anna)] == ["Are you there?"]


def test_somebody_who_blocked_the_bot(api: BotApi, anna: int) -> None:
    api.block(anna)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        asked(api, lambda bot: bot.send_message(anna, "Hello"))
    (update,) = asked(api, lambda bot: bot.get_updates())
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED
    api.block(anna, blocked=False)
    assert asked(api, lambda bot: bot.send_message(anna, "Hello")).text == "Hello"


def test_a_group_that_becomes_a_supergroup(api: BotApi, anna: int) -> None:
    group = api.add_group("Night shift", anna)
    assert asked(api, lambda bot: bot.send_message(group, "Hello")).chat.title == "Night shift"
    new = api.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        asked(api, lambda bot: bot.send_message(group, "Hello"))
    assert moved.value.new_chat_id == new
    assert asked(api, lambda bot: bot.send_message(new, "Hello")).chat.id == new
    told = asked(api, lambda bot: bot.get_updates())
    messages = [update.message for update in told if update.message]
    assert [message.migrate_to_chat_id for message in messages] == [new, None]
    assert [message.migrate_from_chat_id for message in messages] == [None, group]


def test_who_writes_in_a_group(api: BotApi, anna: int) -> None:
    ben = api.add_person("Ben")
    group = api.add_group("Night shift", anna, ben)
    api.write(group, "/status", user_id=ben)
    (update,) = asked(api, lambda bot: bot.get_updates())
    assert update.effective_user is not None
    assert (update.effective_user.first_name, update.effective_user.id) == ("Ben", ben)


def test_updates_stay_until_they_are_confirmed(api: BotApi, anna: int) -> None:
    async def fetch(bot: Bot) -> list[list[str | None]]:
        first = await bot.get_updates(limit=2)
        again = await bot.get_updates()
        rest = await bot.get_updates(offset=first[-1].update_id + 1)
        last = await bot.get_updates(offset=-1)
        none = await bot.get_updates(offset=last[-1].update_id + 1)
        return [_texts(updates) for updates in (first, again, rest, last, none)]

    for text in ("one", "two", "three", "four"):
        api.write(anna, text)
    assert asked(api, fetch) == [
        ["one", "two"],
        ["one", "two", "three", "four"],
        ["three", "four"],
        ["four"],
        [],
    ]


def _texts(updates: Sequence[Update]) -> list[str | None]:
    return [update.message.text for update in updates if update.message]


def test_a_poll_waits_for_what_comes(api: BotApi, anna: int) -> None:
    async def poll(bot: Bot) -> tuple[Update, ...]:
        polling = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.to_thread(eventually, api.is_polled)
        await asyncio.to_thread(api.write, anna, "Now")
        return await polling

    (update,) = asked(api, poll)
    assert update.message is not None
    assert update.message.text == "Now"


def test_a_poll_ends_without_anything(api: BotApi) -> None:
    assert asked(api, lambda bot: bot.get_updates(timeout=1)) == ()


def test_a_second_poller_ends_the_first(api: BotApi, anna: int) -> None:
    async def both(bot: Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.to_thread(eventually, api.is_polled)
        async with _bot(api) as other:
            second = asyncio.create_task(other.get_updates(timeout=30))
            with pytest.raises(Conflict, match="only one bot instance"):
                await first
            await asyncio.to_thread(api.write, anna, "Whose?")
            assert len(await second) == 1

    asked(api, both)


def test_a_poller_that_left_is_no_conflict(api: BotApi) -> None:
    async def leave(bot: Bot) -> None:
        with pytest.raises(TimedOut):
            await bot.get_updates(timeout=30, read_timeout=-29.5)
        await asyncio.to_thread(eventually, lambda: not api.is_polled())

    asked(api, leave)


def test_only_the_kinds_that_were_asked_for(api: BotApi, anna: int) -> None:
    asked(api, lambda bot: bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY]))
    api.write(anna, "Not for you")
    assert asked(api, lambda bot: bot.get_updates()) == ()
    asked(api, lambda bot: bot.get_updates(allowed_updates=[]))
    api.write(anna, "For you")
    assert _texts(asked(api, lambda bot: bot.get_updates())) == ["For you"]


def test_commands_are_marked(api: BotApi, anna: int) -> None:
    api.write(anna, "😀 /mute 30m")
    (update,) = asked(api, lambda bot: bot.get_updates())
    assert update.message is not None
    (entity,) = update.message.entities
    assert update.message.parse_entity(entity) == "/mute"


def test_a_picture_of_a_person_can_be_downloaded(api: BotApi, anna: int) -> None:
    async def download(bot: Bot) -> bytes:
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.caption == "My face"
        file = await bot.get_file(update.message.photo[-1])
        return bytes(await file.download_as_bytearray())

    api.send_photo(anna, portrait("PNG"), "My face")
    assert Image.open(io.BytesIO(asked(api, download))).size == (512, 512)


def test_a_button_is_pressed_and_answered(api: BotApi, anna: int) -> None:
    async def answer(bot: Bot) -> None:
        sent = await bot.send_message(anna, "Hello", reply_markup=BUTTONS)
        query_id = await asyncio.to_thread(api.press, anna, sent.message_id, "Acknowledge")
        (update,) = await bot.get_updates()
        query = update.callback_query
        assert query is not None
        assert (query.id, query.data, query.from_user.id) == (query_id, "ack:17", anna)
        assert isinstance(query.message, Message)
        assert query.message.text == "Hello"
        assert await asyncio.to_thread(api.answer_to, query_id) is None
        assert await query.answer("Thank you")
        assert await asyncio.to_thread(api.answer_to, query_id) == "Thank you"
        with pytest.raises(BadRequest, match=TOO_OLD):
            await query.answer("Again")

    asked(api, answer)


def test_a_press_is_answered_in_time_or_never() -> None:
    clock = FakeClock()
    with running_bot_api(clock=clock) as api:
        anna = api.add_person()
        sent = asked(api, lambda bot: bot.send_message(anna, "Hello", reply_markup=BUTTONS))
        query_id = api.press(anna, sent.message_id, "Acknowledge")
        clock.advance(QUERY_LIFE_S + 1)
        with pytest.raises(BadRequest, match=TOO_OLD):
            asked(api, lambda bot: bot.answer_callback_query(query_id))


def test_no_button_of_a_message_that_is_gone(api: BotApi, anna: int) -> None:
    sent = asked(api, lambda bot: bot.send_message(anna, "Hello", reply_markup=BUTTONS))
    with pytest.raises(ControlError, match="no such button"):
        api.press_data(anna, sent.message_id, "snooze:17")
    api.delete(anna, sent.message_id)
    with pytest.raises(ControlError, match="deleted"):
        api.press_data(anna, sent.message_id, "ack:17")
    assert asked(api, lambda bot: bot.get_updates()) == ()


def test_a_whole_bot_lives_on_it(api: BotApi, anna: int) -> None:
    """Updater, handlers, a picture there and back, a button: as the library's users write it."""

    async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text("Welcome", reply_markup=BUTTONS)

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        await update.message.reply_photo(bytes(await file.download_as_bytearray()))

    async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Noted")
        await update.callback_query.edit_message_text("Taken")

    def talk() -> None:
        api.write(anna, "/start")
        welcome = api.wait_for(1, anna)[0]
        query_id = api.press(anna, welcome.message_id, "Acknowledge")
        eventually(lambda: api.from_bot(anna)[0].text == "Taken")
        assert api.answer_to(query_id) == "Noted"
        api.send_photo(anna, portrait())
        assert Image.open(io.BytesIO(api.wait_for(2, anna)[1].photo())).size == (512, 512)

    async def run() -> None:
        builder = Application.builder().token(api.token)
        builder.base_url(api.base_url).base_file_url(api.base_file_url)
        application = builder.build()
        application.add_handler(CommandHandler("start", start))
        application.add_handler(CallbackQueryHandler(press))
        application.add_handler(MessageHandler(filters.PHOTO, echo))
        async with application:
            assert application.updater is not None
            await application.updater.start_polling()
            await application.start()
            await asyncio.to_thread(talk)
            await application.updater.stop()
            await application.stop()

    asyncio.run(run())
    assert not api.is_polled()


def test_ids_need_more_than_32_bits(api: BotApi, anna: int) -> None:
    group = api.add_group("Night shift", anna)
    assert anna > 2**32
    assert api.migrate(group) < -(2**32)


def test_the_token_is_in_nothing_that_the_page_gets(api: BotApi, anna: int) -> None:
    api.write(anna, "Hello")
    everything = json.dumps(api.state()) + str(api.calls())
    with urllib.request.urlopen(api.url) as page:
        everything += page.read().decode()
    assert TOKEN.partition(":")[2] not in everything


def test_a_name_that_another_site_gave_this_machine_is_refused(api: LocalBotApi) -> None:
    host, _, port = api.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.request("GET", "/control/state", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 400
    connection.close()


def test_a_form_of_another_site_is_refused(api: BotApi, anna: int) -> None:
    form = urllib.request.Request(f"{api.url}/control/chats/{anna}/block", b"blocked=true")
    with pytest.raises(urllib.error.HTTPError, match="415") as refusal:
        urllib.request.urlopen(form)
    refusal.value.close()


@pytest.mark.parametrize(
    ("act", "says"),
    [
        pytest.param(lambda api, _: api.write(4711, "x"), "chat not found", id="unknown chat"),
        pytest.param(lambda api, anna: api.write(anna, " "), "nothing to send", id="empty"),
        pytest.param(lambda api, anna: api.migrate(anna), "Only a group", id="no group"),
        pytest.param(
            lambda api, anna: api.send_photo(anna, b"x"), "IMAGE_PROCESS_FAILED", id="no picture"
        ),
        pytest.param(lambda api, _: api.add_person(" "), "needs a name", id="nobody"),
    ],
)
def test_what_a_person_cannot_do_is_said(
    api: BotApi, anna: int, act: Callable[[BotApi, int], object], says: str
) -> None:
    with pytest.raises(ControlError, match=says):
        act(api, anna)
