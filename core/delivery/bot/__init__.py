"""The Telegram bot: buttons, commands, linking, and photos that are read."""

from __future__ import annotations

from core.delivery.bot.bot import RunningTelegramBot
from core.delivery.bot_context import BotContext, RunningBot

__all__ = ["start"]


async def start(context: BotContext) -> RunningBot:
    """Begins to poll in the running loop; returns at once, whatever the network does."""
    return RunningTelegramBot(context)
