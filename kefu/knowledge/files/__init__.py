"""Entries as files: the project's own, read and checked, and the store kept in line with them."""
