"""Carries one row of the outbox, and decides what each way of failing means for it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from core.alerts.alert import Alert
from core.clock import Clock
from core.delivery.backoff import backoff_s
from core.delivery.bot_context import InDatabase
from core.delivery.channel import (
    ChannelDeadError,
    MaybeSentError,
    MessageRefusedError,
    NeverSentError,
    RecipientGoneError,
    RecipientMovedError,
    WaitAskedError,
)
from core.delivery.direct import DirectWay
from core.delivery.lane import ClosedError, Lane, Sleep
from core.delivery.letter import NotAtAll, NotNow, ToEdit, ToSend, letter_for
from core.delivery.stores import Stores
from core.delivery.words import gone_text
from core.errors import DeliveryError, RecordsError
from core.records.delivery import Delivery, Kind, State
from core.records.recipient import ChannelKind, Recipient

_log = logging.getLogger(__name__)

T = TypeVar("T")

_RECORD_TRIES_S = (0.1, 0.3, 1.0, 2.0, 4.0)

_NAMES = {
    ChannelKind.TELEGRAM: "Telegram",
    ChannelKind.EMAIL: "e-mail",
    ChannelKind.DRY_RUN: "dry run",
}

_LINKED_TWICE = "The chat has moved, and its new address is linked already."

# The one that may be repeated once, marked as such; an edit may be repeated freely.
_REPEATED = {Kind.ALERT}


class Courier:
    """Sends rows that are leased, and records what came of it; for one event loop.

    What was sent but could not be recorded is kept in memory and recorded when the row comes back:
    it is not sent again by this server.
    """

    def __init__(
        self,
        stores: Stores,
        lanes: Mapping[ChannelKind, Lane],
        direct: DirectWay,
        clock: Clock,
        in_database: InDatabase,
        sleep: Sleep = asyncio.sleep,
        uniform: random.Random | None = None,
    ) -> None:
        self._stores = stores
        self._lanes = lanes
        self._direct = direct
        self._clock = clock
        self._in_database = in_database
        self._sleep = sleep
        self._uniform = uniform or random.Random()  # noqa: S311  # jitter
        self._unrecorded: dict[int, Callable[[], object]] = {}
        self._recording: set[int] = set()
        self._sending: set[int] = set()
        self.last_sent_utc: datetime | None = None

    async def carry(self, row: Delivery) -> None:
        """One leased row, to its end or to its next try. Raises RecordsError when even that fails.

        Cancelled, it leaves the row as fits: not tried, or possibly sent.
        """
        if row.id in self._unrecorded:
            await self._record(row, self._unrecorded[row.id])
            return
        try:
            await self._carry(self._marked(row))
        except asyncio.CancelledError:
            if row.id in self._sending:
                self._sending.discard(row.id)
                await self._failed(row, None, MaybeSentError("The server stopped while sending."))
            else:
                await self.release(row)
            raise

    async def settle(self) -> None:
        """Records what could not be recorded before, of rows that nobody is at. RecordsError."""
        for row_id in tuple(self._unrecorded.keys() - self._recording):
            await self._in_database(self._unrecorded[row_id])
            self._unrecorded.pop(row_id, None)

    def _marked(self, row: Delivery) -> Delivery:
        known = self._direct.outcome(row.alert_id, row.recipient_id)
        if row.kind is Kind.ALERT and known is not None and known.state is State.UNCERTAIN:
            return replace(row, maybe_repeat=True)
        return row

    async def _carry(self, row: Delivery) -> None:
        try:
            letter = await self._in_database(
                lambda: letter_for(row, self._stores, self._clock.now_utc())
            )
        except RecordsError:
            await self.release(row)
            return
        match letter:
            case NotAtAll():
                await self._finish(row, letter.state, letter.why)
            case NotNow():
                await self._again(row, letter.until_utc, letter.why, counts=False)
            case ToSend():
                await self._send(row, letter)
            case ToEdit():
                await self._edit(row, letter)

    async def _send(self, row: Delivery, letter: ToSend) -> None:
        if row.kind is Kind.ALERT:
            known = self._direct.outcome(row.alert_id, row.recipient_id)
            if known is not None and known.state is State.SENT:
                await self._sent(row, known.sentence, known.message_ref)
                return
        lane, address = self._lanes[letter.recipient.channel], letter.recipient.address
        result = await self._try(row, lane, address, lambda: lane.send(address, letter.message))
        if isinstance(result, DeliveryError):
            await self._failed(row, letter.recipient, result, letter.alert)
        else:
            sentence = f"Sent. {result.note}".strip()
            await self._sent(row, sentence, result.message_ref)

    async def _edit(self, row: Delivery, letter: ToEdit) -> None:
        lane, address = self._lanes[letter.recipient.channel], letter.recipient.address
        refused: DeliveryError | None = None
        for message_ref, message in letter.edits:
            result = await self._try(
                row, lane, address, partial(lane.edit, address, message_ref, message)
            )
            if isinstance(result, MessageRefusedError):
                refused = result  # Deleted by hand, or too old; others may still be there.
            elif isinstance(result, DeliveryError):
                await self._failed(row, letter.recipient, result, letter.alert)
                return
        if refused is not None:
            await self._finish(row, State.REFUSED, refused.sentence)
        else:
            await self._finish(row, State.SENT, "The earlier message was brought up to date.")

    async def _try(
        self, row: Delivery, lane: Lane, address: str, call: Callable[[], Awaitable[T]]
    ) -> T | DeliveryError:
        try:
            await lane.turn(address)
            self._sending.add(row.id)
            result: T | DeliveryError = await call()
        except DeliveryError as error:
            result = error
        self._sending.discard(row.id)
        return result

    async def _sent(self, row: Delivery, sentence: str, message_ref: str | None) -> None:
        self.last_sent_utc = self._clock.now_utc()
        await self._finish(row, State.SENT, sentence, message_ref)

    async def _failed(
        self,
        row: Delivery,
        recipient: Recipient | None,
        error: DeliveryError,
        alert: Alert | None = None,
    ) -> None:
        _log.info("Delivery %d (%s): %s", row.id, row.kind, error.cause)
        now_utc = self._clock.now_utc()
        match error:
            case ClosedError():
                await self.release(row)
            case WaitAskedError() | ChannelDeadError():
                # Due at once: the dispatcher takes nothing for a closed lane.
                await self._again(row, now_utc, error.sentence, counts=False)
            case RecipientMovedError(new_address=new_address) if recipient is not None:
                if await self._in_database(lambda: self._moved(recipient, new_address)):
                    await self._again(row, now_utc, error.sentence, counts=False)
                else:
                    await self._finish(row, State.REFUSED, _LINKED_TWICE)
            case MaybeSentError():
                await self._maybe_sent(row, error)
            case NeverSentError():
                await self._again(row, self._next_try_utc(row), error.sentence)
            case RecipientGoneError() if recipient is not None:
                await self._finish(row, State.REFUSED, error.sentence)
                await self._in_database(lambda: self._tell_others(recipient, alert, error))
            case _:
                await self._finish(row, State.REFUSED, error.sentence)

    async def _maybe_sent(self, row: Delivery, error: MaybeSentError) -> None:
        repeated = row.kind in _REPEATED and not row.maybe_repeat
        if repeated or row.kind is Kind.UPDATE:
            await self._again(row, self._next_try_utc(row), error.sentence, maybe_repeat=repeated)
        else:
            await self._finish(row, State.UNCERTAIN, error.sentence)

    def _next_try_utc(self, row: Delivery) -> datetime:
        delay = timedelta(seconds=backoff_s(row.attempts + 1, self._uniform))
        return self._clock.now_utc() + delay

    def _moved(self, recipient: Recipient, new_address: str) -> bool:
        """False where somebody else is linked there already, who is told by themselves."""
        recipients = self._stores.recipients
        other = recipients.by_address(recipient.channel, new_address)
        if other is not None and other.id != recipient.id:
            recipients.disable(recipient.id, _LINKED_TWICE)
            return False
        recipients.move(recipient.id, new_address)
        return True

    def _tell_others(self, gone: Recipient, alert: Alert | None, error: RecipientGoneError) -> None:
        known = self._stores.recipients.one(gone.id)
        if known is None or known.disabled_why is not None:
            return  # Another message to them failed at the same time.
        self._stores.recipients.disable(gone.id, error.sentence)
        text = gone_text(gone.name, _NAMES[gone.channel], alert)
        for other in self._stores.recipients.all():
            if other.id != gone.id and other.disabled_why is None:
                self._stores.outbox.queue(
                    other.id, Kind.NOTICE, text, alert_id=alert.id if alert else None
                )

    async def _finish(
        self, row: Delivery, state: State, sentence: str, message_ref: str | None = None
    ) -> None:
        await self._record(
            row, lambda: self._stores.outbox.finish(row.id, state, sentence, message_ref)
        )

    async def _again(
        self,
        row: Delivery,
        until_utc: datetime,
        sentence: str,
        *,
        counts: bool = True,
        maybe_repeat: bool = False,
    ) -> None:
        await self._record(
            row,
            lambda: self._stores.outbox.again(row.id, until_utc, sentence, counts, maybe_repeat),
        )

    async def release(self, row: Delivery) -> None:
        """Gives a row back untried. Raises RecordsError."""
        await self._record(row, lambda: self._stores.outbox.release(row.id))

    async def _record(self, row: Delivery, call: Callable[[], object]) -> None:
        """Raises RecordsError when the database stays away; `settle` does it later."""
        self._unrecorded[row.id] = call
        self._recording.add(row.id)
        try:
            await self._insist(call)
        finally:
            self._recording.discard(row.id)
        self._unrecorded.pop(row.id, None)

    async def _insist(self, call: Callable[[], object]) -> None:
        for pause_s in _RECORD_TRIES_S:
            try:
                await self._in_database(call)
            except RecordsError:
                await self._sleep(pause_s)
            else:
                return
        await self._in_database(call)
