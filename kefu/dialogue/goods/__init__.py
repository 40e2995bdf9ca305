"""Which things, and how many pieces of them, a message names."""
