"""How a carer is told: messages, channels, the outbox's dispatcher, the bot."""
