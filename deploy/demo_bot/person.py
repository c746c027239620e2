"""What people do in their chats: write, send a picture, press a button, block the bot."""

from __future__ import annotations

from typing import Any

from deploy.demo_bot.chats import Chat, Message, User
from deploy.demo_bot.world import Query, World

_UNTIL_EVER = 0


class PersonError(Exception):
    """Something that a person can't do, in a sentence for the page."""


def write(
    world: World, chat: Chat, text: str, picture: bytes | None = None, user: User | None = None
) -> Message:
    """Somebody says something to the bot, with or without a picture.

    Raises:
        PersonError: where the chat is closed, or there is nothing to send.
        ApiError: 400, where the picture is none.
    """
    _check_writable(chat)
    if picture is None and not text.strip():
        raise PersonError("There is nothing to send.")
    photo = world.photos.keep(picture) if picture is not None else ()
    message = world.post(chat, user or chat.people[0], text.strip(), photo=photo)
    world.updates.put("message", message.api())
    return message


def press(world: World, chat: Chat, message_id: int, data: str, user: User | None = None) -> Query:
    """Somebody presses a button under a message of the bot.

    Raises:
        PersonError: where the message or the button is gone.
    """
    message = chat.one(message_id)
    if message is None:
        raise PersonError("This message was deleted.")
    if not message.has_button(data):
        raise PersonError("This message has no such button (any more).")
    query_id = str(5_200_000_000_000_000_001 + len(world.queries))
    query = Query(query_id, chat.id, message_id, data, world.clock.monotonic_s())
    world.queries[query_id] = query
    world.updates.put("callback_query", _callback_query(query, message, user or chat.people[0]))
    world.touch()
    return query


def block(world: World, chat: Chat, *, blocked: bool) -> None:
    """Shut the bot out of a chat, or let it in again; the bot is told."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    world.updates.put("my_chat_member", _membership(world, chat))
    world.touch()


def delete(world: World, chat: Chat, message_id: int) -> None:
    """Take a message away. The bot isn't told: Telegram doesn't."""
    message = chat.one(message_id)
    if message is None:
        raise PersonError("This message was deleted already.")
    message.deleted = True
    world.touch()


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup; the bot is told by a message in each of the two."""
    if chat.kind != "group":
        raise PersonError("Only a group can become a supergroup.")
    new = world.chats.migrate(chat)
    for where, key, other in ((chat, "migrate_to", new), (new, "migrate_from", chat)):
        where.last_message_id += 1
        world.updates.put(
            "message",
            {
                "message_id": where.last_message_id,
                "from": chat.people[0].api(),
                "chat": where.api(),
                "date": int(world.clock.now_utc().timestamp()),
                f"{key}_chat_id": other.id,
            },
        )
    world.touch()
    return new


def _check_writable(chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise PersonError("This group has become a supergroup. Write there.")
    if chat.blocked:
        raise PersonError("The bot is blocked in this chat.")


def _callback_query(query: Query, message: Message, user: User) -> dict[str, Any]:
    return {
        "id": query.id,
        "from": user.api(),
        "message": message.api(),
        "chat_instance": str(query.chat_id),
        "data": query.data,
    }


def _membership(world: World, chat: Chat) -> dict[str, Any]:
    inside = {"user": world.bot.api(), "status": "member"}
    outside = {"user": world.bot.api(), "status": "kicked", "until_date": _UNTIL_EVER}
    before, after = (inside, outside) if chat.blocked else (outside, inside)
    return {
        "chat": chat.api(),
        "from": chat.people[0].api(),
        "date": int(world.clock.now_utc().timestamp()),
        "old_chat_member": before,
        "new_chat_member": after,
    }
