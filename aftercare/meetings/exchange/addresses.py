"""Law: which address of the web a list may be read from (meeting-guide.md 2, "Untrusted input")."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from aftercare.core.errors import Invalid

HTTPS = 443
LONGEST = 2000
IPAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Address:
    """Where to ask: a host, a port, and what to ask there."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Give the host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS else f"{host}:{self.port}"


def read(url: str, *, ports: frozenset[int] = frozenset({HTTPS})) -> Address:
    """Read an address that may come from anybody; raise Invalid with one sentence unless it is https and plain."""
    if len(url) > LONGEST:
        raise _refused("The address is far too long.")
    parts = _split(url)
    if parts.scheme != "https":
        raise _refused("The address must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise _refused("The address must hold no name and no password.")
    port = _port(parts)
    if port not in ports:
        raise _refused("The address must use no port of its own.")
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    if not target.isascii() or any(c <= " " for c in target):
        raise _refused("The address holds characters that belong in no address.")
    return Address(_host(parts), port, target)


def joined(url: str, onward: str) -> str:
    """Give the address to which an answer sends on."""
    return urljoin(url, onward)


def shown(url: str) -> str:
    """Give an address without what may be a key: it belongs on no page and in no log."""
    return url.partition("?")[0].partition("#")[0]


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the open internet, whichever way it is written."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_open(each) for each in _all_meant(number))


def _is_open(number: IPAddress) -> bool:
    # What a gateway would translate into IPv4 (64:ff9b::) counts as reserved.
    is_local = isinstance(number, IPv6Address) and number.is_site_local
    return number.is_global and not (number.is_multicast or number.is_reserved or is_local)


def _all_meant(number: IPAddress) -> list[IPAddress]:
    """Give an address and every IPv4 address that hides in it."""
    if isinstance(number, IPv4Address):
        return [number]
    if number.ipv4_mapped is not None:
        return [number.ipv4_mapped]
    meant: list[IPAddress] = [number]
    if number.sixtofour is not None:
        meant.append(number.sixtofour)
    if number.teredo is not None:
        meant.extend(number.teredo)
    return meant


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError:
        raise _refused("This is no address of the web.") from None


def _port(parts: SplitResult) -> int:
    try:
        return HTTPS if parts.port is None else parts.port
    except ValueError:
        raise _refused("This is no address of the web.") from None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        plain = host if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        plain = ""
    if not plain or any(c <= " " or c in "/\\@%" for c in plain):
        raise _refused("The address names no computer.")
    return plain


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"source": sentence}, code="source_address")
