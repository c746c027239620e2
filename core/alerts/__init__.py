"""When a carer is told: rules over seconds of readings, and the episodes that they open."""
