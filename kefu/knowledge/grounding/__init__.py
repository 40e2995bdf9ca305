"""Answers put together from several entries: quoted, or worded by a model and checked against what they say."""

from kefu.knowledge.grounding.answer import Patience, grounded_answer
from kefu.knowledge.grounding.evidence import Evidence

__all__ = ["Evidence", "Patience", "grounded_answer"]
