"""What is kept: readings, alerts, recipients, deliveries, in a database."""
