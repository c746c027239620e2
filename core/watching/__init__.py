"""Where cameras, rules, records and delivery meet: the watch over each camera."""
