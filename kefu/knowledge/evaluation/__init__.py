"""Measuring how well questions are found and answered."""
