"""The methods of the Bot API, one function each, in the order of its documentation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from deploy.demo_bot.api_error import bad_request, not_found
from deploy.demo_bot.arguments import Arguments
from deploy.demo_bot.chats import Chat, Keyboard, Message
from deploy.demo_bot.photos import StoredFile
from deploy.demo_bot.world import QUERY_LIFE_S, World

_MOST_CAPTION = 1024
_MOST_TEXT = 4096
_MOST_DOWNLOAD_BYTES = 20_000_000
_MOST_ANSWER = 200
_MOST_COMMANDS = 100
_LONGEST_POLL_S = 50
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")

Method = Callable[[World, Arguments], Any]


async def get_updates(world: World, given: Arguments) -> list[dict[str, Any]]:
    """https://core.telegram.org/bots/api#getupdates"""
    if (allowed := given.json("allowed_updates")) is not None:
        world.updates.allow(allowed)
    limit = min(max(given.integer("limit", 100), 1), 100)
    timeout_s = min(max(given.integer("timeout"), 0), _LONGEST_POLL_S)
    try:
        return await world.updates.get(given.integer("offset"), limit, timeout_s)
    finally:
        world.listened_s = world.clock.monotonic_s()


def _delete_webhook(world: World, given: Arguments) -> bool:
    if given.flag("drop_pending_updates"):
        world.updates.drop()
    return True


def _get_webhook_info(world: World, _: Arguments) -> dict[str, Any]:
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }


def _get_me(world: World, _: Arguments) -> dict[str, Any]:
    return {
        **world.bot.api(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _done(_world: World, _given: Arguments) -> bool:
    return True


def _send_message(world: World, given: Arguments) -> dict[str, Any]:
    chat = _open_chat(world, given)
    return _send(world, given, chat, _checked_text(given))


def _send_photo(world: World, given: Arguments) -> dict[str, Any]:
    chat = _open_chat(world, given)
    caption = _checked_caption(given)
    return _send(world, given, chat, caption, _photo(world, given))


def _send(
    world: World, given: Arguments, chat: Chat, text: str, photo: tuple[StoredFile, ...] = ()
) -> dict[str, Any]:
    message = world.post(
        chat,
        world.bot,
        text,
        keyboard=given.keyboard(),
        reply_to=_replied(chat, given),
        photo=photo,
        silent=given.flag("disable_notification"),
        protected=given.flag("protect_content"),
    )
    return message.api()


def _send_chat_action(world: World, given: Arguments) -> bool:
    _open_chat(world, given)
    if not given.text("action"):
        raise bad_request("wrong parameter action in request")
    return True


def _get_file(world: World, given: Arguments) -> dict[str, Any]:
    found = world.photos.one(given.text("file_id"))
    if found is None:
        raise bad_request("invalid file_id")
    if len(found.jpeg) > _MOST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return found.file()


def _get_chat(world: World, given: Arguments) -> dict[str, Any]:
    return {
        **world.chats.find(given.chat_id()).api(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def _answer_callback_query(world: World, given: Arguments) -> bool:
    query = world.queries.get(given.text("callback_query_id"))
    now_s = world.clock.monotonic_s()
    if query is None or query.answer is not None or now_s > query.asked_s + QUERY_LIFE_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(given.text("text")) > _MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer, query.is_alert = given.text("text"), given.flag("show_alert")
    world.touch()
    return True


def _set_my_commands(world: World, given: Arguments) -> bool:
    commands = given.json("commands") or []
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands = commands
    world.touch()
    return True


def _get_my_commands(world: World, _: Arguments) -> list[dict[str, str]]:
    return world.commands


def _edit_message_text(world: World, given: Arguments) -> dict[str, Any]:
    message = _own_message(world, given)
    if message.photo:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, message, _checked_text(given), given.keyboard())


def _edit_message_caption(world: World, given: Arguments) -> dict[str, Any]:
    message = _own_message(world, given)
    if not message.photo:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, message, _checked_caption(given), given.keyboard())


def _edit_message_reply_markup(world: World, given: Arguments) -> dict[str, Any]:
    message = _own_message(world, given)
    return _edit(world, message, message.text, given.keyboard())


def _edit(world: World, message: Message, text: str, keyboard: Keyboard) -> dict[str, Any]:
    if (text, keyboard) == (message.text, message.keyboard):
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    return world.edit(message, text, keyboard).api()


def _delete_message(world: World, given: Arguments) -> bool:
    chat = _open_chat(world, given)
    message = chat.one(given.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    message.deleted = True
    world.touch()
    return True


def _open_chat(world: World, given: Arguments) -> Chat:
    chat = world.chats.find(given.chat_id())
    chat.check_open()
    return chat


def _own_message(world: World, given: Arguments) -> Message:
    message = _open_chat(world, given).one(given.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot:
        raise bad_request("message can't be edited")
    return message


def _replied(chat: Chat, given: Arguments) -> Message | None:
    wanted = given.json("reply_parameters")
    if not wanted:
        return None
    message = chat.one(wanted.get("message_id", 0))
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _checked_text(given: Arguments) -> str:
    text = given.plain("text")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > _MOST_TEXT:
        raise bad_request("message is too long")
    return text


def _checked_caption(given: Arguments) -> str:
    caption = given.plain("caption")
    if len(caption) > _MOST_CAPTION:
        raise bad_request("message caption is too long")
    return caption


def _photo(world: World, given: Arguments) -> tuple[StoredFile, ...]:
    """An upload in the field `photo` or in one that it names, or a picture known already."""
    named = given.text("photo")
    field = named.removeprefix("attach://") if named.startswith("attach://") else "photo"
    if field in given.files:
        return world.photos.keep(given.files[field])
    if not named or field != "photo":
        raise bad_request("there is no photo in the request")
    if not (sizes := world.photos.sizes(named)):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return sizes


METHODS: Mapping[str, Method] = {
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _get_webhook_info,
    "getme": _get_me,
    "logout": _done,
    "close": _done,
    "sendmessage": _send_message,
    "sendphoto": _send_photo,
    "sendchataction": _send_chat_action,
    "getfile": _get_file,
    "getchat": _get_chat,
    "answercallbackquery": _answer_callback_query,
    "setmycommands": _set_my_commands,
    "getmycommands": _get_my_commands,
    "editmessagetext": _edit_message_text,
    "editmessagecaption": _edit_message_caption,
    "editmessagereplymarkup": _edit_message_reply_markup,
    "deletemessage": _delete_message,
}
"""By name in lower case, as Telegram takes names in any case. getUpdates waits, so it is apart."""


def method(name: str) -> Method:
    """Raises ApiError, 404, where there is none of this name."""
    if name.lower() not in METHODS:
        raise not_found("method not found")
    return METHODS[name.lower()]
