"""What the bot gets from the service: `core.delivery.bot` has `async start(context) -> Running`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from telegram import Bot

from core.clock import Clock

if TYPE_CHECKING:
    from core.alerts.standing import Standing
    from core.delivery.stores import Stores
    from core.stills.photo_reader import PhotoAnswer

T = TypeVar("T")


class WatchedCamera(Protocol):
    """What /status tells of a camera."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def since_utc(self) -> datetime: ...
    @property
    def last_face_utc(self) -> datetime | None: ...
    @property
    def standing(self) -> Sequence[Standing]: ...
    @property
    def lost_for_s(self) -> float | None: ...
    @property
    def trouble(self) -> str | None: ...


class Cameras(Protocol):
    """All watched cameras; may be asked by any thread."""

    def cameras(self) -> Sequence[WatchedCamera]:
        """Those that are watched now."""

    def snapshot(self, camera_id: str) -> bytes | None:
        """The newest annotated picture as JPEG; None where there is none."""


class PhotoReader(Protocol):
    """Reads a photo that somebody sent. Blocks; never called in the loop."""

    def __call__(self, photo: bytes) -> PhotoAnswer:
        """Its faces, with the boxed picture. Raises PhotoError, ModelError or DetectorError."""


class InDatabase(Protocol):
    """Runs a blocking call of a store in the one thread that the loop keeps for them."""

    def __call__(self, call: Callable[[], T]) -> Awaitable[T]: ...


@dataclass(frozen=True)
class BotContext:
    """Everything that the poller needs; it lives in the service's loop.

    Attributes:
        bot: the one Bot. Not initialised: `Bot.initialize` asks the network, so it is the
            poller's to try, again and again; sending does without.
        owner: names this server in leases.
        report: tells the page and health of trouble, in a sentence; None when all is well.
        wake: the dispatcher looks at the outbox at once; to be called after each answer.
        in_database: awaitable; every store is called through it.
        photo_reader: None where no model is installed.
    """

    bot: Bot = field(repr=False)  # its own repr shows the token
    stores: Stores
    clock: Clock
    owner: str
    in_database: InDatabase
    wake: Callable[[], None]
    report: Callable[[str | None], None]
    cameras: Cameras | None = None
    photo_reader: PhotoReader | None = None


class RunningBot(Protocol):
    """The poller at work."""

    async def stop(self) -> None:
        """Stops polling within a few seconds; never raises for a network that is down."""
