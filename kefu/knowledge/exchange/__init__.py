"""Entries into the store and out of it, as CSV, JSONL, Excel, Markdown and YAML."""
