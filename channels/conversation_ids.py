"""What the ids of conversations begin with: each channel's own, so that none speaks in another's."""

WEB = "web:"
SLACK = "slack:"
TELEGRAM = "telegram:"
PREFIXES = (WEB, SLACK, TELEGRAM)
