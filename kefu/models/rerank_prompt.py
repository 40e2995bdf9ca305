"""The prompt of Qwen3-Reranker, as its model card publishes it: the model says ``yes`` or ``no`` after it."""

SYSTEM = (
    "Judge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".'
)
BEFORE = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"
AFTER = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"
"""What counts where nobody gives another one."""
ANSWERS = ("no", "yes")
"""The tokens whose logits are compared; in this order wherever there are two of something."""


def query_side(query: str, instruction: str = INSTRUCTION) -> str:
    """Give what stands between BEFORE and the document."""
    return f"<Instruct>: {instruction}\n<Query>: {query}\n"


def document_side(document: str) -> str:
    """Give what stands between the query and AFTER."""
    return f"<Document>: {document}"


def body(query: str, document: str, instruction: str = INSTRUCTION) -> str:
    """Give what stands between BEFORE and AFTER."""
    return query_side(query, instruction) + document_side(document)
