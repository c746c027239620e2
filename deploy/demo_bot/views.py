"""What the page and the tests are shown, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any

from deploy.demo_bot.chats import Chat, Keyboard, Message
from deploy.demo_bot.world import Call, World

_QUERIES_SHOWN = 200
_CALLS_SHOWN = 12


def state_view(world: World) -> dict[str, Any]:
    """Everything."""
    queries = list(world.queries.values())[-_QUERIES_SHOWN:]
    return {
        "version": world.version,
        "bot": world.bot.username,
        "commands": world.commands,
        "polled": world.updates.is_polled,
        "listening": world.is_listened_to,
        "pending_updates": len(world.updates),
        "faults": faults_view(world),
        "calls": [call_view(call) for call in _told(world)],
        "queries": [asdict(query) for query in queries],
        "chats": [chat_view(chat) for chat in world.chats],
    }


def _told(world: World) -> list[Call]:
    """The last calls that a person cares about: all but the bot's asking for news in vain."""
    telling = (
        call for call in reversed(world.calls) if call.method.lower() != "getupdates" or call.fault
    )
    return list(islice(telling, _CALLS_SHOWN))[::-1]


def call_view(call: Call) -> dict[str, Any]:
    """One call of the Bot API."""
    return {**asdict(call), "at_utc": call.at_utc.isoformat()}


def faults_view(world: World) -> list[dict[str, Any]]:
    """Those that are still to come."""
    return [asdict(fault) for fault in world.faults.waiting()]


def chat_view(chat: Chat) -> dict[str, Any]:
    """One chat with all that was written in it."""
    return {
        "id": chat.id,
        "kind": chat.kind,
        "name": chat.name,
        "people": [{"id": user.id, "name": user.first_name} for user in chat.people],
        "blocked": chat.blocked,
        "migrated_to": chat.migrated_to,
        "messages": [message_view(message) for message in chat.messages],
    }


def message_view(message: Message) -> dict[str, Any]:
    """One message, with the address of its picture."""
    largest = message.photo[-1] if message.photo else None
    return {
        "chat_id": message.chat.id,
        "message_id": message.message_id,
        "by_bot": message.sender.is_bot,
        "sender": message.sender.first_name,
        "kind": "photo" if largest else "text",
        "text": message.text,
        "photo": f"/control/photos/{largest.file_id}" if largest else None,
        "photo_size": [largest.width, largest.height] if largest else None,
        "buttons": _buttons(message.keyboard),
        "reply_to": message.reply_to.message_id if message.reply_to else None,
        "silent": message.silent,
        "deleted": message.deleted,
        "accepted_s": message.accepted_s,
        "accepted_utc": message.accepted_utc.isoformat(),
        "edits": [
            {
                "at_s": edit.at_s,
                "at_utc": edit.at_utc.isoformat(),
                "text": edit.text,
                "buttons": _buttons(edit.keyboard),
            }
            for edit in message.edits
        ],
    }


def _buttons(keyboard: Keyboard) -> list[list[dict[str, str]]]:
    return [
        [{"label": each["text"], "data": each.get("callback_data", "")} for each in row]
        for row in keyboard
    ]
