"""Mien's library: vision, expression, monitoring and training, without any user interface."""
