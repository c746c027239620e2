"""A channel that sends nothing and tells what it would have sent."""

from __future__ import annotations

import itertools
import logging

from core.delivery.channel import ChannelDeadError, Message, Receipt

_log = logging.getLogger(__name__)


class DryRunChannel:
    """For trying rules and recipients out: the text appears in the trail on the Alerts page."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    async def send(self, address: str, message: Message) -> Receipt:
        """Always succeeds; the note is what would have been read."""
        picture = " With a picture." if message.picture_jpeg else ""
        _log.info("Dry run: a message of %d letters.%s", len(message.text), picture)
        return Receipt(
            f"dry:{next(self._numbers)}", f"Dry run, would have said: {message.text}{picture}"
        )

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """Nothing is there to be changed."""
        _log.info("Dry run: a change to %d letters.", len(message.text))

    async def close(self) -> None:
        """Nothing is held."""


class MissingChannel:
    """Stands for a channel that is not set up: its messages wait until it is."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    async def send(self, address: str, message: Message) -> Receipt:
        """Raises ChannelDeadError."""
        raise ChannelDeadError(self._sentence)

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """Raises ChannelDeadError."""
        raise ChannelDeadError(self._sentence)

    async def close(self) -> None:
        """Nothing is held."""
