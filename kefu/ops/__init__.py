"""Running Kefu: what was built from what, ports, and processes that end with their parent."""
