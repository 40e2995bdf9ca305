"""Who a message comes from, beyond its conversation, under a name that tells nobody who it is.

A visitor may begin many conversations, each with attempts of its own at proving whose an order is. What fails is
therefore counted for his address, too, or for the person where a platform vouches for one. The dialogue and its stores
get a keyed hash of it: without the key nobody finds out which address it stands for, though there are so few.
"""

import hashlib
import hmac

from kefu.channels.secret_file import secret_of
from kefu.settings import Settings

SOURCE = "source"  # in a message's metadata
SECRET_VARIABLE = "KEFU_SOURCE_SECRET"
_SECRET_FILE = ".kefu/source.secret"
_LENGTH = 32  # hexadecimal digits


class Sources:
    """Names sources. Machines that share a database count together if they share the secret, else each by itself."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    @classmethod
    def of_settings(cls, settings: Settings) -> "Sources":
        """Take the secret from the environment, else from a file that is made.

        :raises SettingsError: if it is too short, or the file cannot be read or made.
        """
        return cls(secret_of(SECRET_VARIABLE, settings.path(_SECRET_FILE)))

    def metadata(self, who: str | None) -> dict[str, str]:
        """Give what goes on to the dialogue about an address or a person; nothing where there is neither."""
        if not who:
            return {}
        return {SOURCE: hmac.new(self._key, who.encode(), hashlib.sha256).hexdigest()[:_LENGTH]}
