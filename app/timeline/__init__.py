"""The Timeline page: what was seen, from the last two minutes to a year."""
