"""Entries in a database: with their history, a log of changes, and the vectors of their texts."""
