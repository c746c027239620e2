"""What linked people may ask the bot in words, and what it says."""

from __future__ import annotations

import logging
from datetime import timedelta, tzinfo

from core.clock import Clock
from core.delivery.bot.door import Door, OncePerChat
from core.delivery.bot.help import help_text, welcome
from core.delivery.bot.incoming import Other, Photo, Text
from core.delivery.bot.mute import mute_until
from core.delivery.bot.status import status_text
from core.delivery.bot_context import Cameras
from core.delivery.channel import Message
from core.delivery.stores import Stores
from core.delivery.words import moment
from core.records.alert_filter import AlertFilter, AlertState
from core.records.recipient import Recipient

LATE = "Mien was not running when you wrote, so nothing was done. Please ask again."
HOW_TO_MUTE = (
    "For how long? Write /mute 30m, /mute 2h or /mute until 7:00; a day at most. /resume ends it."
)
NO_CAMERA = "No camera is being watched now."
MOST_SNAPSHOTS = 4
MOST_ALERTS = 10

_OPEN = AlertFilter(states=(AlertState.OPEN,))
_LATE_AFTER = timedelta(hours=1)

_log = logging.getLogger(__name__)


class Conversation:
    """Answers words. Blocks, for the database and a picture; of one thread.

    Args:
        stores: of the server.
        clock: for what is late, and for how long somebody is muted.
        door: who is let in.
        cameras: None where the server watches none.
        zone: of the times that people write and read; the machine's own if None.
    """

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        door: Door,
        cameras: Cameras | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._door = door
        self._cameras = cameras
        self._zone = zone
        self._told_late = OncePerChat(clock)

    def answer(self, said: Text) -> tuple[Message, ...]:
        """What to write back; nothing to strangers who were told already.

        Raises:
            RecordsError: the database cannot be used.
        """
        recipient = self._door.recipient(said.sender)
        if recipient is None:
            return self._door.knock(said)
        if self._is_late(said):
            return self._late(said)
        linked = self._door.linked_anew(said)
        if linked is not None:
            return (Message(welcome(linked.name)),)
        back = self._door.welcome_back(recipient)
        greeting = (Message("Welcome back: messages reach you again."),) if back else ()
        return (*greeting, *self._obey(said, recipient))

    def welcomes(self, sent: Photo | Other) -> tuple[bool, tuple[Message, ...]]:
        """Whether a photo may be read, and what to say meanwhile or instead.

        Raises:
            RecordsError: the database cannot be used.
        """
        if self._door.recipient(sent.sender) is None:
            return False, self._door.ask(sent.sender)
        if self._is_late(sent):
            return False, self._late(sent)
        if isinstance(sent, Other):
            return False, (Message("I can read photos, and the commands in /help."),)
        return True, ()

    def _obey(self, said: Text, recipient: Recipient) -> tuple[Message, ...]:
        match said.command:
            case "snapshot":
                return self._snapshots(said.rest, recipient)
            case "status":
                answer = self._status(recipient)
            case "mute":
                answer = self._mute(said, recipient)
            case "resume" | "unmute":
                answer = self._resume(recipient)
            case "start":
                answer = Message(welcome(recipient.name))
            case "help" | None:
                answer = Message(help_text())
            case _:
                answer = Message("That is no command that I know. /help lists them.")
        return (answer,)

    def _status(self, recipient: Recipient) -> Message:
        return Message(
            status_text(
                recipient,
                self._stores.recipients.all(),
                self._stores.alerts.list(_OPEN, MOST_ALERTS),
                self._cameras.cameras() if self._cameras else (),
                self._clock.now_utc(),
                self._zone,
            )
        )

    def _snapshots(self, name: str, recipient: Recipient) -> tuple[Message, ...]:
        cameras = self._cameras.cameras() if self._cameras else ()
        if not cameras:
            return (Message(f"{NO_CAMERA} Open Live in Mien and press START."),)
        wanted = [camera for camera in cameras if name.lower() in camera.name.lower()]
        if not wanted:
            names = ", ".join(camera.name for camera in cameras)
            return (Message(f"No camera is called like that. There is: {names}."),)
        _log.info("Recipient %d asked for a picture of %d camera(s).", recipient.id, len(wanted))
        return tuple(self._snapshot(camera.id, camera.name) for camera in wanted[:MOST_SNAPSHOTS])

    def _snapshot(self, camera_id: str, name: str) -> Message:
        jpeg = self._cameras.snapshot(camera_id) if self._cameras else None
        if jpeg is None:
            return Message(f"{name}: there is no picture now. Try again in a moment.")
        now_utc = self._clock.now_utc()
        at = moment(now_utc, now_utc, self._zone)
        return Message(f"{name} at {at}. This picture is not kept by Mien.", jpeg)

    def _mute(self, said: Text, recipient: Recipient) -> Message:
        if said.rest.lower() in {"off", "end", "stop"}:
            return self._resume(recipient)
        now_utc = self._clock.now_utc()
        until_utc = mute_until(said.rest, now_utc, self._zone)
        if until_utc is None:
            return Message(HOW_TO_MUTE)
        self._stores.recipients.mute(recipient.id, until_utc)
        at = moment(until_utc, now_utc, self._zone)
        return Message(
            f"Muted until {at}. Alerts of medium severity wait until then; those of high severity "
            "still come, without a sound. /resume ends it."
        )

    def _resume(self, recipient: Recipient) -> Message:
        self._stores.recipients.mute(recipient.id, None)
        return Message("You are not muted: all alerts come at once, with a sound.")

    def _is_late(self, sent: Text | Photo | Other) -> bool:
        return self._clock.now_utc() - sent.sent_utc > _LATE_AFTER

    def _late(self, sent: Text | Photo | Other) -> tuple[Message, ...]:
        return (Message(LATE),) if self._told_late.first(sent.sender.address) else ()
