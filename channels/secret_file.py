"""A secret that this machine makes for itself where the environment has none."""

import os
import secrets
from pathlib import Path

from kefu.errors import SettingsError

SHORTEST = 32  # characters; HS256 wants as many bytes


def secret_of(variable: str, file: Path) -> str:
    """Give the secret in an environment variable; without one, that of a file, which is made with mode 600.

    :raises SettingsError: if it is too short, or the file cannot be read or made.
    """
    given = os.environ.get(variable)
    if given:
        return _long_enough(given, variable)
    try:
        return _long_enough(file.read_text(encoding="ascii").strip(), str(file))
    except FileNotFoundError:
        return _made(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read ({type(error).__name__}). Delete it, or set {variable}.") from None


def _made(file: Path) -> str:
    """Make the file in one step, so that of two processes that start at once both get the same secret."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(SHORTEST))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"{file} cannot be made ({type(error).__name__}). Make its folder writable.") from None


def _long_enough(secret: str, where: str) -> str:
    if len(secret) < SHORTEST:
        raise SettingsError(
            f"{where} must hold at least {SHORTEST} characters; it holds {len(secret)}. "
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return secret
