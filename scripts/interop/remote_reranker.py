"""Kefu's remote reranker against a served classifier; all that concerns the client stands here."""

import importlib.util
import sys
from collections.abc import Sequence

import numpy as np
from classifier import Pair

_TIMEOUT = 120.0


def check_remote_reranker(
    url: str, pairs: Sequence[Pair], *, joins: str, applies_prompt: str
) -> dict[str, np.ndarray]:
    """Give the scores ``float32[n]`` that Kefu's remote reranker gets for pairs, by its `template`.

    :param joins: name of the served model whose tokenizer joins a pair as it is, for `template: client`.
    :param applies_prompt: name of the one whose tokenizer puts the prompt around it, for `template: server`.
    """
    if importlib.util.find_spec("kefu.models.remote_reranker") is None:
        print("Kefu has no remote reranker yet: it is left out", file=sys.stderr)
        return {}
    from kefu.models.loader import build_reranker
    from kefu.settings import RerankerSettings

    found = {}
    for template, name in (("client", joins), ("server", applies_prompt)):
        reranker = build_reranker(RerankerSettings(url=url, model=name, template=template, timeout=_TIMEOUT))
        found[template] = np.concatenate([reranker.score(query, [document]) for query, document in pairs])
    return found
