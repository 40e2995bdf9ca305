"""From texts to the token numbers of a model's own tokenizer, without transformers."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.errors import ModelError

Ints = NDArray[np.int64]


class TextTokenizer:
    """The tokenizer of a folder in the published layout (``tokenizer.json``); safe between threads once made."""

    def __init__(self, folder: Path, max_length: int | None = None) -> None:
        """Load it.

        :param max_length: tokens, the closing ``<|endoftext|>`` included; what is longer loses its end. None: as long
            as it is.
        :raises ModelError: if the folder has no such file, or a damaged one.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        file = folder / "tokenizer.json"
        if not file.is_file():
            raise ModelError(
                f"{folder} has no tokenizer.json, which the ONNX engine needs. Set `engine: transformers`."
            )
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # tokenizers raises Exception itself
            raise ModelError(f"The tokenizer in {file} cannot be loaded: {error}") from error
        # A file may carry padding and truncation of its own, from training; ours are set once, never between calls.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if max_length is not None:
            self._tokenizer.enable_truncation(max_length)

    def encode(self, texts: Sequence[str], *, is_closed: bool = True) -> list[Any]:
        """Give one ``tokenizers.Encoding`` per text, with ``ids`` and ``offsets``.

        :param is_closed: with the token that closes a text, where the tokenizer has one.
        """
        encodings: list[Any] = self._tokenizer.encode_batch(list(texts), add_special_tokens=is_closed)
        return encodings

    def token_id(self, token: str) -> int | None:
        """Give the number of a token; None where the vocabulary has none such."""
        number: int | None = self._tokenizer.token_to_id(token)
        return number


def left_padded(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lay token numbers flush right; give them and the mask of the real ones, both ``int64[n, longest]``."""
    longest = max(map(len, rows))
    ids = np.zeros((len(rows), longest), dtype=np.int64)  # whatever stands in the padding is masked
    mask = np.zeros_like(ids)
    for at, row in enumerate(rows):
        ids[at, longest - len(row) :] = row
        mask[at, longest - len(row) :] = 1
    return ids, mask


def buckets(lengths: Sequence[int], *, slack: float, tokens: int) -> Iterator[list[int]]:
    """Group positions by length, shortest first.

    :param slack: how much longer the longest of a group may be than its shortest, as a share; 0: not at all.
    :param tokens: how many a group may have when padded; a longer text is alone.
    """
    group: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda position: lengths[position]):
        is_longer = bool(group) and lengths[at] > (1 + slack) * lengths[group[0]]
        if is_longer or (len(group) + 1) * lengths[at] > tokens:
            if group:
                yield group
            group = []
        group.append(at)
    if group:
        yield group
