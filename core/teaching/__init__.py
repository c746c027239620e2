"""Teaching: a small model of one person's own expressions, from a few dozen pictures."""
