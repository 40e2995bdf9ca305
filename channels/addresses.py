"""Where a request comes from."""

import ipaddress

from sanic.request import Request

_NETWORK_BITS = 64  # of an IPv6 address: a household has all the others to itself


def is_local(address: str) -> bool:
    """Say whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def client_address(request: Request, *, is_proxied: bool) -> str:
    """Give the client's address, of IPv6 its network.

    :param is_proxied: whether there is a proxy before this server; one on this machine is believed anyhow. It says
        at the end of X-Forwarded-For who called it; what stands before that, anybody may have written.
    """
    last = ",".join(request.headers.getall("x-forwarded-for", [])).rpartition(",")[2].strip()
    return network(last if last and (is_proxied or is_local(request.ip)) else request.ip)


def network(address: str) -> str:
    """Give the network of an IPv6 address; any other text as it is."""
    try:
        if ipaddress.ip_address(address).version == 6:
            return str(ipaddress.ip_network(f"{address}/{_NETWORK_BITS}", strict=False))
    except ValueError:
        pass
    return address


def source_address(address: str | None) -> str | None:
    """Give an address that tells callers apart; None for this machine's own: it is a proxy that does not say whose."""
    return None if not address or is_local(address.partition("/")[0]) else address
