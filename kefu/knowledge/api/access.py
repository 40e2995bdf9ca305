"""Who may use the routes: whoever has the token that the environment holds."""

import hmac
import os

from kefu.knowledge.api.errors import ApiError

TOKEN_VARIABLE = "KEFU_KNOWLEDGE_TOKEN"
_SHORTEST_TOKEN = 16  # characters; what is shorter can be guessed
_SCHEME = "bearer"


def require_token(header: str | None) -> None:
    """Let pass who brings the token, as `Authorization: Bearer TOKEN`.

    :raises ApiError: 403 where no token is set, so that the routes are closed; 401 for a wrong one or none.
    """
    token = os.environ.get(TOKEN_VARIABLE, "")
    if len(token) < _SHORTEST_TOKEN:
        reason = "is not set" if not token else f"is shorter than {_SHORTEST_TOKEN} characters"
        raise ApiError(
            403,
            f"The knowledge routes are closed: {TOKEN_VARIABLE} {reason}. Set it in the environment of the action "
            f"server, for example: export {TOKEN_VARIABLE}=$(openssl rand -hex 32)",
        )
    scheme, _, given = (header or "").strip().partition(" ")
    # Bytes, since a header may hold any character; compared in a time that does not tell how much was right.
    is_right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode("utf-8", "replace"))
    if scheme.lower() != _SCHEME or not is_right:
        raise ApiError(401, f"Send the header `Authorization: Bearer …` with the token of {TOKEN_VARIABLE}.")
