"""Where a request came from, as far as that tells one client from another; pure, keeps none."""

import ipaddress

_PRIVATE = tuple(
    ipaddress.ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def of_client(peer: str | None, forwarded_for: str) -> str:
    """The client's address: the peer's, or what our own web server in front says of it.

    `forwarded_for`: the header X-Forwarded-For. Its last entry counts, which the server nearest to us wrote; and only
    when the peer is this machine or one of a private network, since anybody else could write what they like.
    """
    near = parsed(peer or "")
    if near is None or any(near in net for net in _PRIVATE):
        last = parsed(forwarded_for.rpartition(",")[2])
        if last is not None:
            return str(last)
    return peer or ""


def network(address: str) -> str | None:
    """What guesses are counted by: an IPv4 address, a /64 of IPv6; None for no address, and for this machine's own."""
    known = parsed(address)
    if known is None or known.is_loopback:
        return None
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def parsed(text: str) -> Address | None:
    """An address, IPv4 also where it was written as IPv6; None for anything else."""
    try:
        known = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return (known.ipv4_mapped or known) if isinstance(known, ipaddress.IPv6Address) else known
