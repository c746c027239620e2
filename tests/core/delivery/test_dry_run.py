"""Channels that send nothing."""

from __future__ import annotations

import asyncio

import pytest

from core.delivery.channel import ChannelDeadError, Message
from core.delivery.dry_run import DryRunChannel, MissingChannel


def test_a_dry_run_tells_what_would_have_been_sent() -> None:
    channel = DryRunChannel()
    first = asyncio.run(channel.send("anybody", Message("May be in pain.", b"jpeg")))
    second = asyncio.run(channel.send("anybody", Message("Over.")))
    assert first.note == "Dry run, would have said: May be in pain. With a picture."
    assert second.note == "Dry run, would have said: Over."
    assert first.message_ref != second.message_ref
    asyncio.run(channel.edit("anybody", str(first.message_ref), Message("Over.")))


def test_a_channel_that_is_not_set_up_says_so() -> None:
    channel = MissingChannel("Telegram is not set up; alerts for it wait.")
    with pytest.raises(ChannelDeadError, match="not set up"):
        asyncio.run(channel.send("anybody", Message("Hello")))
    with pytest.raises(ChannelDeadError, match="not set up"):
        asyncio.run(channel.edit("anybody", "1", Message("Hello")))
