"""Channels: what stock Rasa channels lack or break."""
