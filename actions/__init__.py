"""Actions of the action server, one skill a file."""
