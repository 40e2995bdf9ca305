"""Ports on this machine, and the HTTP checks that say whether a server is well."""

import errno
import socket

import requests

from kefu.errors import SettingsError

_LOCAL = "127.0.0.1"
_PATIENCE_SECONDS = 2.0  # for one health check on this machine


def is_free(port: int) -> bool:
    """Say whether a server could listen on a port of this machine (any address counts as taken)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are only just closed is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def require_free(port: int, what_for: str, option: str, variable: str) -> None:
    """Refuse a port that is taken.

    :raises SettingsError: with the port and the ways to choose another one.
    """
    if not is_free(port):
        raise SettingsError(
            f"Port {port}, for {what_for}, is taken by another program (or needs more rights). End that program, or "
            f"choose another port: `kefu up {option} PORT`, or `make chat {variable}=PORT`."
        )


def answers(url: str) -> bool:
    """Say whether a server answers a GET with status 200."""
    try:
        return requests.get(url, timeout=_PATIENCE_SECONDS).status_code == 200
    except requests.RequestException:
        return False


def local(port: int, path: str = "") -> str:
    """The address of a server on this machine."""
    return f"http://{_LOCAL}:{port}{path}"
