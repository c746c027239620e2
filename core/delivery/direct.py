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
_UNDER_WAY = "It is being sent."


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
        # What is under way, or was repeated once already.
        self._repeated: set[tuple[str, int]] = set()

    async def send(self, new: NewAlert, recipients: Sequence[Recipient]) -> tuple[Outcome, ...]:
        """Tells those of the first turn, all at a time.

        Safe to call again: nobody is told twice, but once more, marked as a possible repeat, where
        it may not have arrived.

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
        repeats = known is not None and known.state is State.UNCERTAIN
        if known is not None and (not repeats or (new.id, recipient.id) in self._repeated):
            return known
        now_utc = self._clock.now_utc()
        muted = recipient.muted_until_utc is not None and recipient.muted_until_utc > now_utc
        if muted and new.severity is not Severity.HIGH:
            return Outcome(recipient.id, State.WAITING, "Muted by the recipient.")
        message = Message(
            alert_text(new, now_utc, maybe_repeat=repeats),
            new.picture_jpeg,
            buttons(new.id),
            silent=muted,
        )
        return await self._try(new, recipient, message, repeats=repeats)

    async def _try(
        self, new: NewAlert, recipient: Recipient, message: Message, *, repeats: bool
    ) -> Outcome:
        lane, key = self._lanes[recipient.channel], (new.id, recipient.id)
        try:
            await lane.turn(recipient.address, is_urgent=new.severity is Severity.HIGH)
        except DeliveryError as error:
            return Outcome(recipient.id, State.WAITING, error.sentence)
        # Known before it leaves: whoever asks meanwhile, or gives up waiting, must not send it
        # again as if nothing had been sent.
        self._remember(key, Outcome(recipient.id, State.UNCERTAIN, _UNDER_WAY))
        self._repeated.add(key)
        try:
            receipt = await lane.send(recipient.address, message)
        except MaybeSentError as error:
            outcome = Outcome(recipient.id, State.UNCERTAIN, error.sentence)
        except DeliveryError as error:
            if not repeats:
                del self._known[key]
            self._repeated.discard(key)
            return Outcome(recipient.id, State.WAITING, error.sentence)
        else:
            sentence = f"Sent at once, while the database was away. {receipt.note}".strip()
            outcome = Outcome(recipient.id, State.SENT, sentence, receipt.message_ref)
        self._remember(key, outcome)
        if not repeats:
            self._repeated.discard(key)
        return outcome

    def _remember(self, key: tuple[str, int], outcome: Outcome) -> None:
        self._known[key] = outcome
        while len(self._known) > _REMEMBERED:
            gone, _ = self._known.popitem(last=False)
            self._repeated.discard(gone)
