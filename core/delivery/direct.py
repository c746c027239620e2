"""The emergency way: past the database, straight through the channels."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.alerts.alert import NewAlert
from core.alerts.rule import Severity
from core.clock import Clock
from core.delivery.channel import MaybeSentError, Message
from core.delivery.lane import Lane
from core.delivery.words import alert_text, buttons
from core.errors import DeliveryError
from core.records.delivery import State
from core.records.recipient import ChannelKind, Recipient

_REMEMBERED = 1000


@dataclass(frozen=True)
class Outcome:
    """What came of telling one recipient at once.

    Attributes:
        state: SENT, UNCERTAIN, or WAITING where it was not sent.
        sentence: for the page.
        message_ref: to edit it by.
    """

    recipient_id: int
    state: State
    sentence: str
    message_ref: str | None = None


class DirectWay:
    """Remembers what went out, so that the outbox does not send it again; for one event loop."""

    def __init__(self, lanes: Mapping[ChannelKind, Lane], clock: Clock) -> None:
        self._lanes = lanes
        self._clock = clock
        self._known: OrderedDict[tuple[str, int], Outcome] = OrderedDict()

    async def send(self, new: NewAlert, recipients: Sequence[Recipient]) -> tuple[Outcome, ...]:
        """Tells those of the first turn, all at a time. Safe to call again: nobody is told twice.

        What is held for the morning, and medium alerts to those who asked for quiet, can wait for
        the database.
        """
        told = [
            recipient
            for recipient in recipients
            if recipient.turn == 1 and recipient.disabled_why is None and not new.held
        ]
        return tuple(await asyncio.gather(*(self._tell(new, recipient) for recipient in told)))

    def outcome(self, alert_id: str | None, recipient_id: int) -> Outcome | None:
        """What went this way to this recipient; None where nothing did."""
        return self._known.get((alert_id, recipient_id)) if alert_id else None

    async def _tell(self, new: NewAlert, recipient: Recipient) -> Outcome:
        known = self._known.get((new.id, recipient.id))
        if known is not None:
            return known
        now_utc = self._clock.now_utc()
        muted = recipient.muted_until_utc is not None and recipient.muted_until_utc > now_utc
        if muted and new.severity is not Severity.HIGH:
            return Outcome(recipient.id, State.WAITING, "Muted by the recipient.")
        message = Message(alert_text(new, now_utc), new.picture_jpeg, buttons(new.id), silent=muted)
        outcome = await self._try(recipient, message)
        if outcome.state is not State.WAITING:
            self._known[new.id, recipient.id] = outcome
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return outcome

    async def _try(self, recipient: Recipient, message: Message) -> Outcome:
        lane = self._lanes[recipient.channel]
        try:
            await lane.turn(recipient.address)
            receipt = await lane.send(recipient.address, message)
        except MaybeSentError as error:
            return Outcome(recipient.id, State.UNCERTAIN, error.sentence)
        except DeliveryError as error:
            return Outcome(recipient.id, State.WAITING, error.sentence)
        sentence = f"Sent at once, while the database was away. {receipt.note}".strip()
        return Outcome(recipient.id, State.SENT, sentence, receipt.message_ref)
