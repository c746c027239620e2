"""Watching a live camera: newest-frame mailbox, analysis worker, observations, history, health."""
