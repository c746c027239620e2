"""A Bot API server of our own: for the tests, and to see an alert without a Telegram account.

It answers as the published Bot API (https://core.telegram.org/bots/api) does, in as much of it as
Mien speaks, fails on demand, keeps everything in memory and listens on this machine alone.
"""
