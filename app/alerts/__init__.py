"""Alerts on the pages: what fired, who is told, and when the rule fires."""
