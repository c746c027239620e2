"""How a carer is told: messages, channels, the outbox's dispatcher, the bot."""

import os

# Trap: without it each flood limit makes python-telegram-bot warn about whole seconds, from inside
# the error's own constructor.
os.environ.setdefault("PTB_TIMEDELTA", "1")
