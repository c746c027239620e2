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
from core.delivery.lane import ClosedError, Lane
from core.delivery.ledger import Ledger
from core.delivery.letter import NotAtAll, NotNow, ToEdit, ToSend, letter_for
from core.delivery.stores import Stores
from core.delivery.unreachable import LINKED_TWICE, give_up, move
from core.errors import DeliveryError, RecordsError
from core.records.delivery import Delivery, Kind, State
from core.records.recipient import ChannelKind, Recipient

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Courier:
    """Sends rows that are leased, and has written down what came of it; for one event loop."""

    def __init__(
        self,
        stores: Stores,
        lanes: Mapping[ChannelKind, Lane],
        direct: DirectWay,
        ledger: Ledger,
        clock: Clock,
        in_database: InDatabase,
        uniform: random.Random | None = None,
    ) -> None:
        self._stores = stores
        self._lanes = lanes
        self._direct = direct
        self._ledger = ledger
        self._clock = clock
        self._in_database = in_database
        self._uniform = uniform or random.Random()  # noqa: S311  # jitter
        self._sending: set[int] = set()
        self.last_sent_utc: datetime | None = None

    async def carry(self, row: Delivery) -> None:
        """One leased row, to its end or to its next try. Raises RecordsError when even that fails.

        Cancelled, it leaves the row as fits: not tried, possibly sent, or as it had ended.
        """
        if await self._ledger.catch_up(row):
            return
        try:
            await self._carry(self._marked(row))
        except asyncio.CancelledError:
            await self._leave(row)
            raise

    async def _leave(self, row: Delivery) -> None:
        if row.id in self._sending:
            self._sending.discard(row.id)
            await self._maybe_sent(row, MaybeSentError("The server stopped while sending."))
        elif not await self._ledger.catch_up(row):
            await self._ledger.release(row)

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
            await self._ledger.release(row)
            return
        match letter:
            case NotAtAll():
                await self._ledger.finish(row, letter.state, letter.why)
            case NotNow():
                await self._ledger.again(row, letter.until_utc, letter.why, counts=False)
            case ToSend():
                await self._send(row, letter)
            case ToEdit():
                await self._edit(row, letter)

    async def _send(self, row: Delivery, letter: ToSend) -> None:
        known = self._direct.outcome(row.alert_id, row.recipient_id)
        if row.kind is Kind.ALERT and known is not None and known.state is State.SENT:
            await self._ledger.finish(row, State.SENT, known.sentence, known.message_ref)
            return
        lane, address = self._lanes[letter.recipient.channel], letter.recipient.address
        result = await self._try(row, lane, address, lambda: lane.send(address, letter.message))
        if isinstance(result, DeliveryError):
            await self._failed(row, letter.recipient, result, letter.alert)
            return
        self.last_sent_utc = self._clock.now_utc()
        sentence = f"Sent. {result.note}".strip()
        await self._ledger.finish(row, State.SENT, sentence, result.message_ref)

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
            await self._ledger.finish(row, State.REFUSED, refused.sentence)
        else:
            await self._ledger.finish(row, State.SENT, "The message was brought up to date.")

    async def _try(
        self, row: Delivery, lane: Lane, address: str, call: Callable[[], Awaitable[T]]
    ) -> T | DeliveryError:
        try:
            await lane.turn(address, is_urgent=row.is_urgent)
            self._sending.add(row.id)
            result: T | DeliveryError = await call()
        except DeliveryError as error:
            result = error
        self._sending.discard(row.id)
        return result

    async def _failed(
        self, row: Delivery, recipient: Recipient, error: DeliveryError, alert: Alert | None
    ) -> None:
        _log.info("Delivery %d (%s): %s", row.id, row.kind, error.cause)
        match error:
            case ClosedError():
                await self._ledger.release(row)
            case WaitAskedError() | ChannelDeadError():
                # Due at once: the dispatcher takes nothing for a closed lane.
                now_utc = self._clock.now_utc()
                await self._ledger.again(row, now_utc, error.sentence, counts=False)
            case RecipientMovedError():
                await self._moved(row, recipient, error)
            case MaybeSentError():
                await self._maybe_sent(row, error)
            case NeverSentError():
                await self._ledger.again(row, self._next_try_utc(row), error.sentence)
            case _:
                await self._ledger.finish(row, State.REFUSED, error.sentence)
        if isinstance(error, RecipientGoneError):
            await self._in_database(lambda: give_up(self._stores, recipient, alert, error.sentence))

    async def _moved(self, row: Delivery, recipient: Recipient, error: RecipientMovedError) -> None:
        if await self._in_database(lambda: move(self._stores, recipient, error.new_address)):
            now_utc = self._clock.now_utc()
            await self._ledger.again(row, now_utc, error.sentence, counts=False)
        else:
            await self._ledger.finish(row, State.REFUSED, LINKED_TWICE)

    async def _maybe_sent(self, row: Delivery, error: MaybeSentError) -> None:
        # An alert is repeated once, marked as such; an edit may be repeated freely.
        repeated = row.kind is Kind.ALERT and not row.maybe_repeat
        if repeated or row.kind is Kind.UPDATE:
            await self._ledger.again(
                row, self._next_try_utc(row), error.sentence, maybe_repeat=repeated
            )
        else:
            await self._ledger.finish(row, State.UNCERTAIN, error.sentence)

    def _next_try_utc(self, row: Delivery) -> datetime:
        delay = timedelta(seconds=backoff_s(row.attempts + 1, self._uniform))
        return self._clock.now_utc() + delay
