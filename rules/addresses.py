"""What an address says before anybody goes there."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_private_way(address: str) -> bool:
    """Whether nobody between can listen: HTTPS, or a server on this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return parts.scheme == "https" and bool(parts.hostname)
