"""Fetching what people sent to the bot: one server at a time, whatever the network does."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, cast

from telegram import Update
from telegram.error import (
    Conflict,
    EndPointNotFound,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from core.delivery.backoff import backoff_s
from core.delivery.bot.help import COMMANDS
from core.delivery.bot_context import BotContext
from core.delivery.redaction import redacted
from core.errors import RecordsError

LEASE = "bot poller"
LEASE_S = 90.0
"""Longer than one poll and the work on what it brought."""

POLL_S = 25
ASK_FOR_LEASE_S = 10.0
AFTER_CONFLICT_S = 60.0
AFTER_BAD_TOKEN_S = 600.0

CONFLICT = (
    "Another program fetches this bot's messages, so buttons and commands wait; alerts still go "
    "out. Give each installation of Mien a bot of its own."
)
BAD_TOKEN = "Telegram does not accept the bot's token, so buttons and commands do not work."  # noqa: S105
UNREACHABLE = "Telegram cannot be reached, so buttons and commands wait."

_READ_S = 10.0
_ALLOWED = (Update.MESSAGE, Update.CALLBACK_QUERY)

_log = logging.getLogger(__name__)

Handle = Callable[[Sequence[Update]], Awaitable[None]]


class Poller:
    """Polls while it holds the lease, and hands on what comes.

    An update is confirmed by the next poll, after it was handled: a server that dies in between
    leaves it to the next one. So handlers may see an update twice, and must bear it.

    Not `telegram.ext.Updater`: that one confirms first, cannot stop on a conflict, and shuts the
    Bot down that the dispatcher still needs.
    """

    def __init__(self, context: BotContext, handle: Handle) -> None:
        self._context = context
        self._handle = handle
        self._offset: int | None = None
        self._holds = False
        self._failures = 0
        self._commands_set = False
        self._jitter = random.Random()  # noqa: S311  # spreads retries, hides nothing

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(await self.turn())

    async def let_go(self, *, handled: bool) -> None:
        """So that another server goes on at once, and does not get again what was handled.

        Args:
            handled: all that came was; else the other server gets the last again.
        """
        if not self._holds:
            return
        try:
            if handled and self._offset is not None:
                await self._context.bot.get_updates(self._offset, limit=1, timeout=0)
            leases, owner = self._context.stores.leases, self._context.owner
            await self._context.in_database(lambda: leases.let_go(LEASE, owner))
        except (TelegramError, RecordsError) as error:
            _log.info("The bot could not hand over: %s", redacted(str(error)))

    async def turn(self) -> float:
        """One poll; seconds to wait until the next."""
        self._holds = await self._leased()
        if not self._holds:
            return ASK_FOR_LEASE_S
        try:
            await self._poll()
        except TelegramError as error:
            return self._wait_after(error)
        self._failures = 0
        self._context.report(None)
        await self._show_commands()
        return 0.0

    async def _leased(self) -> bool:
        leases, owner = self._context.stores.leases, self._context.owner
        try:
            held = await self._context.in_database(lambda: leases.hold(LEASE, owner, LEASE_S))
        except RecordsError as error:
            # Without the database no press could be recorded: it waits with Telegram.
            self._context.report(f"{error.sentence} Buttons and commands wait.")
            return False
        if not held:
            self._context.report(None)  # another server listens
        return held

    async def _poll(self) -> None:
        await self._context.bot.initialize()  # asks for the bot's name, once
        given = await self._given()
        updates = [update for one in given if (update := self._read(one)) is not None]
        # Trap: after a week without updates Telegram begins to count somewhere else, perhaps
        # lower, and an old offset would confirm what nobody has seen. Nothing came: all before is
        # confirmed, so none is needed.
        self._offset = int(given[-1]["update_id"]) + 1 if given else None
        # The next poll confirms what is handled here; stopped meanwhile, `let_go` does.
        if updates:
            await self._handle(updates)

    async def _given(self) -> Sequence[dict[str, Any]]:
        # The first poll after a failure returns at once, so that trouble is not told for longer.
        timeout_s = 0 if self._failures else POLL_S
        asked = {"offset": self._offset, "timeout": timeout_s, "allowed_updates": _ALLOWED}
        # Trap: of an update that `Bot.get_updates` cannot read it logs everything, names and all,
        # and it gives none of the others; the same one comes again with every poll. Methods are
        # found in any case; written like this the library takes it for one that it does not know.
        given = await self._context.bot.do_api_request(
            "getupdates", asked, read_timeout=timeout_s + _READ_S
        )
        return cast("Sequence[dict[str, Any]]", given)

    def _read(self, given: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(given, self._context.bot)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            _log.warning("An update could not be read: %s", type(error).__name__)
            return None

    async def _show_commands(self) -> None:
        if self._commands_set:
            return
        try:
            await self._context.bot.set_my_commands([*COMMANDS.items()])
            self._commands_set = True
        except TelegramError as error:
            _log.info("The list of commands could not be set: %s", redacted(str(error)))

    def _wait_after(self, error: TelegramError) -> float:
        self._failures += 1
        level = logging.WARNING if self._failures == 1 else logging.DEBUG  # a night without network
        _log.log(level, "The bot could not poll: %s", redacted(f"{type(error).__name__}: {error}"))
        match error:
            case RetryAfter():
                return seconds(error.retry_after)
            case Conflict():
                self._context.report(CONFLICT)
                return AFTER_CONFLICT_S
            case InvalidToken() | EndPointNotFound():
                self._context.report(BAD_TOKEN)
                return AFTER_BAD_TOKEN_S
            case _:
                self._context.report(UNREACHABLE)
                return backoff_s(self._failures, self._jitter)


def seconds(wait: int | timedelta) -> float:
    """The type of `RetryAfter.retry_after` depends on the environment (PTB_TIMEDELTA)."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
