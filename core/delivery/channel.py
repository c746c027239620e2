"""The port to whatever carries a message, and how it may fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.errors import DeliveryError


@dataclass(frozen=True)
class Button:
    """A choice under a message: `data` (at most 64 bytes) comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True)
class Message:
    """What a recipient reads.

    Attributes:
        text: plain text, no mark-up; the first line says what it is.
        picture_jpeg: None for text alone.
        buttons: rows of buttons, where the channel has such.
        silent: arrives without a sound.
        has_picture_before: for edits: the message to edit carries a picture.
    """

    text: str
    picture_jpeg: bytes | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    has_picture_before: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the receiver confirmed.

    Attributes:
        message_ref: to edit the message by; None where that is impossible.
        note: for the trail, for instance that the picture was refused and the text went alone.
    """

    message_ref: str | None
    note: str = ""


class Channel(Protocol):
    """One way to reach people. Used by one event loop."""

    async def send(self, address: str, message: Message) -> Receipt:
        """Raises one of the DeliveryErrors below."""

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """Change what was sent; does nothing where the channel cannot."""

    async def close(self) -> None:
        """Let go of connections."""


class WaitAskedError(DeliveryError):
    """The whole channel waits for `wait_s`; no attempt."""

    def __init__(self, wait_s: float, cause: str = "") -> None:
        super().__init__(f"Asked to wait {wait_s:.0f} s.", cause)
        self.wait_s = wait_s


class NeverSentError(DeliveryError):
    """It did not leave this machine, or the receiver failed before taking it: try again."""


class MaybeSentError(DeliveryError):
    """It may have arrived."""


class RecipientGoneError(DeliveryError):
    """This recipient can't be reached any more: disable it and tell the others."""


class RecipientMovedError(DeliveryError):
    """The recipient has a new address: keep it and try again."""

    def __init__(self, new_address: str, cause: str = "") -> None:
        super().__init__("The chat has a new address.", cause)
        self.new_address = new_address


class ChannelDeadError(DeliveryError):
    """The channel itself is refused (token, password): stop sending, keep the rows."""


class MessageRefusedError(DeliveryError):
    """The receiver will never take this message."""
