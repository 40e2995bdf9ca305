"""The prompt of Qwen3-Reranker, as its model card publishes it: the model says `yes` or `no` after it."""

SYSTEM = (
    "Judge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".'
)
BEFORE = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"
AFTER = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
# The published code's own default; one token in the embedded tokenizer.
INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"


def body(query: str, document: str, instruction: str = INSTRUCTION) -> str:
    """Give what stands between BEFORE and AFTER."""
    return f"<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {document}"
