"""Where messages may be posted to: never into the network we stand in, unless it is allowed."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network
# IPv4 in an IPv6 coat (RFC 6052): what is inside counts.
TRANSLATED = IPv6Network("64:ff9b::/96")


class Forbidden(Exception):
    """An address that nothing may be sent to."""


class Reach:
    """The public addresses, and the networks a setting allows besides."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """Raises ValueError on what is no network."""
        self._allowed: tuple[Network, ...] = tuple(map(ip_network, allowed))

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(map(str, self._allowed))

    def may(self, address: str) -> bool:
        found = _inner(ip_address(address.partition("%")[0]))
        if any(found in network for network in self._allowed):
            return True
        return found.is_global and not found.is_multicast

    async def resolve(self, host: str, port: int) -> str:
        """The address of `host` to connect to. All it has must be allowed: otherwise a name with
        one public and one private address would be let through half of the time.

        Raises Forbidden, or OSError when there is no such name.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(info[4][0]) for info in found]
        if refused := [address for address in addresses if not self.may(address)]:
            raise Forbidden(
                f"{host} trỏ tới địa chỉ mạng nội bộ {refused[0]}; cho phép bằng "
                "DONDOC_ALLOWED_NETWORKS."
            )
        return addresses[0]


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
