"""Rasa graph components for the default recipe, one a file."""
