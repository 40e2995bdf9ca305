"""The index on disk: built, fitted, saved as one snapshot."""
