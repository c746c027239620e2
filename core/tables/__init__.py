"""Readings as tables to take away: CSV and Parquet, with a schema version."""
