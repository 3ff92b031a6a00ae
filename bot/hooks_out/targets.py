"""Where a webhook may go: https to public addresses, each one looked up and checked before we call.

Somebody who may write down an address must not make this machine speak to its neighbours. So
every address behind a name is checked, and the very address that was checked is called.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Reason = Literal["form", "https", "private", "unknown"]
"""form: no address of that kind; https: not encrypted; private: of this machine or its
neighbours; unknown: nobody bears the name."""

LONGEST = 500
HTTPS, HTTP = 443, 80
_PRINTABLE = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""RFC 6052 and RFC 4291, 2.5.5.1: an IPv4 address stands in the last 32 bits."""

Resolve = Callable[..., Sequence[Any]]


class Refused(Exception):
    """We do not call there; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Place:
    """An address as it is written: `path` with its query, `host` as the certificate must have it."""

    host: str
    port: int
    path: str
    encrypted: bool

    @property
    def host_header(self) -> str:
        """What stands in the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS if self.encrypted else HTTP
        return host if self.port == usual else f"{host}:{self.port}"


def place(address: str, *, near: bool) -> Place:
    """Take an address apart. Raises `Refused`.

    `near`: this service is for this machine alone, so that receivers on it may be called too,
    even without encryption.
    """
    if len(address) > LONGEST or not _PRINTABLE.fullmatch(address):
        raise Refused("form")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused("form") from None
    host = (parts.hostname or "").lower()
    if "@" in parts.netloc or "#" in address or not host:
        raise Refused("form")
    if ":" not in host and not _HOST.fullmatch(host):
        raise Refused("form")
    if parts.scheme not in {"https", "http"}:
        raise Refused("form")
    if parts.scheme == "http" and not near:
        raise Refused("https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    encrypted = parts.scheme == "https"
    if port is None:
        port = HTTPS if encrypted else HTTP
    return Place(host, port, path, encrypted)


def resolved(
    where: Place, *, near: bool, resolve: Resolve = socket.getaddrinfo
) -> tuple[Address, ...]:
    """Look a name up and check every address behind it; one that is not public refuses all.

    Raises `Refused`.
    """
    try:
        found = resolve(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("unknown") from None
    # A scope such as "%eth0" belongs to a link, and no public address has one.
    addresses = tuple(
        dict.fromkeys(ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found)
    )
    if not addresses:
        raise Refused("unknown")
    for one in addresses:
        if near and one.is_loopback:
            continue
        if not is_public(one):
            raise Refused("private")
        if not where.encrypted:
            raise Refused("https")
    return addresses


def is_public(address: Address) -> bool:
    """Say whether an address is of the public internet, and any that is wrapped in it too."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        # RFC 3879 withdrew them, and Python holds them for global; networks may still use them.
        return False
    return all(is_public(inner) for inner in _wrapped(address))


def _wrapped(address: Address) -> tuple[Address, ...]:
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    found: list[Address] = []
    if address in _TRANSLATED or address in _COMPATIBLE:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.ipv4_mapped:
        found.append(address.ipv4_mapped)
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found += address.teredo
    return tuple(found)
