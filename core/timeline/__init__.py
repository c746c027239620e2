"""Looking back: readings added up over pieces of time, and what is told from the sums."""
