"""Delivery with a database of its own, channels that fail as told, and time that stands still."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from core.clock import Clock
from core.delivery.channel import Message, Receipt
from core.delivery.courier import Courier
from core.delivery.direct import DirectWay
from core.delivery.dispatcher import Dispatcher
from core.delivery.lane import Lane
from core.delivery.ledger import Ledger
from core.delivery.stores import Stores
from core.errors import DeliveryError, RecordsError
from core.records.alert_store import AlertStore
from core.records.database import Database, open_database
from core.records.delivery import State
from core.records.leases import Leases
from core.records.link_codes import LinkCodes
from core.records.outbox import Outbox
from core.records.policy_store import PolicyStore
from core.records.recipient import ChannelKind, Recipient
from core.records.recipients import Recipients
from core.records.snoozes import Snoozes
from tests.support.clock import FakeClock

T = TypeVar("T")


def stores_on(database: Database, clock: Clock) -> Stores:
    """One of each."""
    return Stores(
        alerts=AlertStore(database, clock),
        outbox=Outbox(database, clock),
        recipients=Recipients(database, clock),
        link_codes=LinkCodes(database, clock),
        snoozes=Snoozes(database, clock),
        policy=PolicyStore(database),
        leases=Leases(database, clock),
    )


@dataclass
class FakeChannel:
    """Takes everything, unless told to fail.

    Attributes:
        failures: of the next calls, in order; None for a call that works.
        always: of all calls after those.
        sent: what was taken, with its address, in order.
        edited: by reference.
        tries: calls, also those that failed.
        stuck: calls never return.
    """

    failures: list[DeliveryError | None] = field(default_factory=list)
    always: DeliveryError | None = None
    sent: list[tuple[str, Message]] = field(default_factory=list)
    edited: list[tuple[str, Message]] = field(default_factory=list)
    tries: int = 0
    stuck: bool = False
    note: str = ""

    async def send(self, address: str, message: Message) -> Receipt:
        await self._meet_fate()
        self.sent.append((address, message))
        return Receipt(f"{address}:{len(self.sent)}", self.note)

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        await self._meet_fate()
        self.edited.append((message_ref, message))

    async def close(self) -> None:
        """Nothing is held."""

    def texts(self) -> list[str]:
        return [message.text for _, message in self.sent]

    async def _meet_fate(self) -> None:
        self.tries += 1
        if self.stuck:
            await asyncio.Event().wait()
        failure = self.failures.pop(0) if self.failures else self.always
        if failure is not None:
            raise failure


class Post:
    """A dispatcher whose every step a test decides."""

    def __init__(self, folder: Path, owner: str = "server", clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.database = open_database(None, folder)
        self.stores = stores_on(self.database, self.clock)
        self.telegram, self.email = FakeChannel(), FakeChannel()
        self.lanes = {
            ChannelKind.TELEGRAM: Lane(self.telegram, self.clock, self.sleep),
            ChannelKind.EMAIL: Lane(self.email, self.clock, self.sleep),
        }
        self.direct = DirectWay(self.lanes, self.clock)
        self.database_is_away = False
        self.ledger = Ledger(self.stores.outbox, self.in_database, self.sleep)
        self.courier = Courier(
            self.stores,
            self.lanes,
            self.direct,
            self.ledger,
            self.clock,
            self.in_database,
            random.Random(1),
        )
        self.dispatcher = Dispatcher(
            self.stores, self.courier, self.ledger, self.lanes, self.clock, self.in_database, owner
        )

    async def in_database(self, call: Callable[[], T]) -> T:
        if self.database_is_away:
            raise RecordsError("The database is busy.", "locked")
        return call()

    async def sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await asyncio.sleep(0)

    def person(
        self, name: str = "Anna", channel: ChannelKind = ChannelKind.TELEGRAM, turn: int = 1
    ) -> Recipient:
        return self.stores.recipients.add(name, channel, f"address of {name}", turn)

    def go(self) -> None:
        """One look at the outbox, to the end of all that it starts."""

        async def look() -> None:
            await self.dispatcher.round()
            await self.dispatcher.idle()

        asyncio.run(look())

    def go_for(self, seconds: float, every_s: float = 1.0) -> None:
        """So much simulated time."""
        for _ in range(round(seconds / every_s)):
            self.go()
            self.clock.advance(every_s)

    def states(self, alert_id: str) -> list[State]:
        """Of the alert's deliveries, in order."""
        return [delivery.state for delivery, _, _ in self.stores.outbox.trail(alert_id)]

    def sentences(self, alert_id: str) -> list[str]:
        """All lines of its trail."""
        trail = self.stores.outbox.trail(alert_id)
        return [attempt.sentence for _, _, attempts in trail for attempt in attempts]
