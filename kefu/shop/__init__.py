"""Orders and the rules of the shop."""
