"""Whose conversation a browser may join: signed tokens (JWT, HS256).

Kefu signs a token for each visitor who comes without one. A shop whose customers have signed in lets its own server
sign one instead, with the same secret:

    {"iss": "shop", "aud": "kefu-webchat", "sub": "<customer's id>", "exp": …, "tier": "vip", "channel": "app"}
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from kefu.channels.conversation_ids import WEB
from kefu.channels.names import is_name

AUDIENCE = "kefu-webchat"
VISITOR, CUSTOMER = "kefu", "shop"  # who signed, and so whom the token is about
LIFETIME = 30 * 24 * 3600  # seconds of a visitor's token; a newer one is given once half of it has gone
_ALGORITHM = "HS256"
_LONGEST_TOKEN = 4096
_LONGEST_SUBJECT = 200
_LONGEST_CLAIM = 40
_PREFIX = {VISITOR: f"{WEB}v:", CUSTOMER: f"{WEB}c:"}
_DEFAULT_CHANNEL = "web"


class SessionRefused(ValueError):
    """A token that opens nothing; ``reason`` is ``expired`` or ``invalid``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Session:
    """One conversation, and what whoever signed says of its customer."""

    id: str
    expires: float  # seconds since 1970
    channel: str = _DEFAULT_CHANNEL
    tier: str | None = None

    def metadata(self) -> dict[str, Any]:
        """Give what goes on to the dialogue."""
        return {"channel": self.channel, **({"tier": self.tier} if self.tier else {})}


class Sessions:
    """Signs and reads tokens."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, subject: str | None = None) -> tuple[Session, str]:
        """Give a visitor a session, a new one unless it is ``subject``'s, and its token."""
        subject = subject or uuid.uuid4().hex
        expires = int(self._clock()) + LIFETIME
        claims = {"iss": VISITOR, "aud": AUDIENCE, "sub": subject, "exp": expires}
        return Session(_PREFIX[VISITOR] + subject, expires), jwt.encode(claims, self._secret, _ALGORITHM)

    def read(self, token: object) -> Session:
        """Read a token.

        :raises SessionRefused: if it is none, was signed with another secret, or has run out.
        """
        if not isinstance(token, str) or not token.isascii() or len(token) > _LONGEST_TOKEN:
            raise SessionRefused("invalid")
        options: Any = {"require": ["exp", "sub", "iss", "aud"], "verify_exp": False}
        try:
            claims = jwt.decode(token, self._secret, [_ALGORITHM], options=options, audience=AUDIENCE)
        except jwt.PyJWTError:
            raise SessionRefused("invalid") from None
        session = _session(claims)
        if session.expires <= self._clock():
            raise SessionRefused("expired")
        return session

    def renewed(self, session: Session, token: str) -> tuple[Session, str]:
        """Give a visitor who comes back a token that lives longer; a shop's own stays as it is."""
        is_visitor = session.id.startswith(_PREFIX[VISITOR])
        if not is_visitor or session.expires - self._clock() > LIFETIME / 2:
            return session, token
        return self.issue(session.id.removeprefix(_PREFIX[VISITOR]))


def _session(claims: dict[str, Any]) -> Session:
    issuer, subject, expires = claims["iss"], claims["sub"], claims["exp"]
    if issuer not in _PREFIX or not isinstance(expires, int | float):
        raise SessionRefused("invalid")
    channel, tier = claims.get("channel", _DEFAULT_CHANNEL), claims.get("tier")
    if not is_name(subject, _LONGEST_SUBJECT) or not is_name(channel, _LONGEST_CLAIM):
        raise SessionRefused("invalid")
    if tier is not None and not is_name(tier, _LONGEST_CLAIM):
        raise SessionRefused("invalid")
    return Session(_PREFIX[issuer] + subject, float(expires), channel, tier)
