"""How well generated answers are checked against their evidence."""
