"""People: tickets and handover."""
