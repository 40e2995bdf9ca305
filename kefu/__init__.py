"""Kefu: customer service for online shops in Chinese and English, on Rasa 3.6.

This package is the kernel: it imports neither ``rasa`` nor ``rasa_sdk``. Rasa's side of the house lives in
``kefu.components``, ``kefu.actions``, ``kefu.channels`` and ``kefu.server``.
"""

__version__ = "0.1.0"
