"""Instructions of the query side, in the form that Qwen3-Embedding was trained with.

Source of the form: the model card of Qwen3-Embedding (``Instruct: {task}\\nQuery:{query}``; documents go in plain).
"""

from collections.abc import Mapping

# Not among them is mood, which kefu/dialogue/alarms/mood.py reads off words, not off vectors.
INTENT = "intent"
FAQ = "faq"

INSTRUCTIONS: Mapping[str, str] = {
    INTENT: "Given a customer's message to an online shop, identify what the customer wants",
    FAQ: "Given a customer's question to an online shop, retrieve the help entry that answers it",
}


def query_prefix(task: str | None, own_prompts: Mapping[str, str]) -> str:
    """Give what stands before a text.

    ``task`` None is a document. A name of :data:`INSTRUCTIONS` gives its instruction, any other text is one itself.
    ``own_prompts`` (of the checkpoint's ``config_sentence_transformers.json``) wins where it knows the task, since a
    checkpoint knows best what it was trained with.
    """
    if task is None:
        return own_prompts.get("document", "")
    if task in own_prompts:
        return own_prompts[task]
    return f"Instruct: {INSTRUCTIONS.get(task, task)}\nQuery:"
