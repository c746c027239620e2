"""What the bot can do, in words."""

from __future__ import annotations

from core.expression.wording import HONEST_LINE

COMMANDS = {
    "status": "what the cameras see, and how alerts stand",
    "snapshot": "the picture of now, with what is read in it",
    "mute": "fewer messages for a while: /mute 30m, /mute 2h, /mute until 7:00",
    "resume": "end the quiet",
    "help": "what this bot does",
}
"""Shown by Telegram beside the field for writing."""


def welcome(name: str) -> str:
    """To somebody who is linked, also to those who were before."""
    return f"You are linked as {name}.\n\n{help_text()}"


def help_text() -> str:
    """What the bot does, in a few lines."""
    commands = "\n".join(f"/{name}: {does}" for name, does in COMMANDS.items())
    return (
        "Mien writes here when somebody may need you. Press Acknowledge when you go and look: "
        "the others then read that you have taken it.\n\n"
        f"{commands}\n\n"
        "Send a photo to have the faces in it read; it is not kept.\n\n"
        f"{HONEST_LINE}"
    )
