"""Fetch a list from the web, trusting nothing: not the address, not the names it leads to, not the answer.

A name is looked up once. Every address it leads to is checked, and the connection goes to a checked one, so that a name
that leads elsewhere a moment later (DNS rebinding) gains nothing. The certificate must still be that of the name.
"""

import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError

from aftercare.core.errors import Refused
from aftercare.meetings.exchange import addresses
from aftercare.meetings.exchange.addresses import HTTPS, Address
from aftercare.meetings.exchange.watches import Pool, Watch

MEGABYTE = 1024 * 1024
PIECE = 64 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGENT = "Aftercare (meeting list reader)"
ACCEPTED = "application/json, text/csv, text/calendar;q=0.9, */*;q=0.1"
# A label that is longer, or holds other signs, is asked with no more.
LONGEST_LABEL = 200
# Either word stands at the beginning of every page of the web, and of no list.
PAGES = (b"<!doctype html", b"<html")

Resolve = Callable[[str, int], Sequence[str]]
Allows = Callable[[str], bool]


class NotFetched(Refused):
    """A list could not be fetched; the sentence says why, and names no key."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address said of its list when it was read last."""

    etag: str | None = None
    last_modified: str | None = None


UNSEEN = Seen()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A list as it came; no content means that it has not changed since it was seen."""

    content: bytes | None
    seen: Seen = UNSEEN
    content_type: str = ""


def looked_up(host: str, port: int) -> list[str]:
    """Give every address that a name leads to."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Fetcher:
    """How lists are fetched: who looks names up, what may be reached, who vouches for a site, what is too much."""

    resolve: Resolve = looked_up
    allows: Allows = addresses.is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    ports: frozenset[int] = frozenset({HTTPS})
    most_bytes: int = 64 * MEGABYTE
    connect_within: float = 10.0
    answer_within: float = 20.0
    done_within: float = 120.0

    def fetch(self, url: str, *, seen: Seen = UNSEEN) -> Fetched:
        """Fetch a list, or say that it has not changed; raise with one sentence. Never inside a transaction."""
        with Watch(self.done_within) as watch:
            for _ in range(MOST_REDIRECTS + 1):
                address = addresses.read(url, ports=self.ports)
                with self._pool(address, watch) as pool:
                    answer = self._asked(pool, address, seen, watch)
                    try:
                        if answer.status in REDIRECTS:
                            url = _onward(url, answer)
                            continue
                        return self._taken(answer, address, seen, watch)
                    finally:
                        answer.close()
        raise NotFetched(f"The address sends on more than {MOST_REDIRECTS} times.", code="source_redirects")

    def _pool(self, address: Address, watch: Watch) -> Pool:
        """Make the way to a checked address that still asks for the certificate of the name."""
        return Pool(
            self._checked(address),
            address.port,
            timeout=Timeout(connect=self.connect_within, read=self.answer_within),
            ssl_context=self.context,
            server_hostname=address.host,
            assert_hostname=address.host,
            watch=watch,
        )

    def _checked(self, address: Address) -> str:
        try:
            found = self.resolve(address.host, address.port)
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise NotFetched(f"There is no site called {address.host}.", code="source_unknown")
        if not all(self.allows(each) for each in found):
            sentence = f"{address.host} leads into a private network; lists are read from the open internet only."
            raise NotFetched(sentence, code="source_private")
        return found[0]

    def _asked(self, pool: Pool, address: Address, seen: Seen, watch: Watch) -> BaseHTTPResponse:
        try:
            answer: BaseHTTPResponse = pool.urlopen(
                "GET", address.target, headers=_headers(address, seen), redirect=False, retries=False,
                preload_content=False, decode_content=False, assert_same_host=False,
            )  # fmt: skip
        except SSLError as error:
            if watch.is_over or isinstance(error.args[0] if error.args else None, ssl.SSLEOFError):
                raise (_slow(address) if watch.is_over else _unreachable(address)) from None
            raise NotFetched(f"{address.host} cannot show that it is {address.host}.", code="source_unsafe") from None
        except TimeoutError as error:
            # What was turned away at once is no time-out, though the library counts it as one.
            raise (_unreachable(address) if isinstance(error, NewConnectionError) else _slow(address)) from None
        except (HTTPError, OSError):
            raise (_slow(address) if watch.is_over else _unreachable(address)) from None
        if watch.is_over:
            # Headers that were broken off look as if they had ended.
            answer.close()
            raise _slow(address)
        return answer

    def _taken(self, answer: BaseHTTPResponse, address: Address, seen: Seen, watch: Watch) -> Fetched:
        if answer.status == 304 and seen != UNSEEN:
            return Fetched(None, seen)
        if answer.status != 200:
            raise NotFetched(_said_of(answer.status, address.host, answer.headers), code="source_status")
        content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        content = self._content(answer, address, watch)
        if content_type == "text/html" or _is_page(content):
            raise NotFetched(_PAGE.format(address.host), code="source_is_page")
        labels = Seen(_label(answer.headers.get("ETag")), _label(answer.headers.get("Last-Modified")))
        return Fetched(content, labels, content_type)

    def _content(self, answer: BaseHTTPResponse, address: Address, watch: Watch) -> bytes:
        """Read what comes, unpacked, and stop as soon as it is too much or takes too long."""
        whole = bytearray()
        for piece in _unpacked(self._pieces(answer, address, watch), answer.headers, address):
            whole += piece
            if len(whole) > self.most_bytes:
                raise _large(address, self.most_bytes)
        return bytes(whole)

    def _pieces(self, answer: BaseHTTPResponse, address: Address, watch: Watch) -> Iterator[bytes]:
        taken = 0
        try:
            while piece := answer.read1(PIECE, decode_content=False):
                taken += len(piece)
                if taken > self.most_bytes:
                    raise _large(address, self.most_bytes)
                yield piece
        except (HTTPError, OSError) as error:
            is_slow = watch.is_over or isinstance(error, TimeoutError)
            raise (_slow(address) if is_slow else _broken(address)) from None
        # A list that does not say how long it is ends where the connection does.
        if watch.is_over:
            raise _slow(address)


def _label(said: str | None) -> str | None:
    is_plain = said is not None and len(said) <= LONGEST_LABEL and said.isascii() and said.isprintable()
    return said if is_plain else None


def _headers(address: Address, seen: Seen) -> dict[str, str]:
    headers = {"Host": address.authority, "User-Agent": AGENT, "Accept": ACCEPTED, "Accept-Encoding": "gzip"}
    if seen.etag:
        headers["If-None-Match"] = seen.etag
    if seen.last_modified:
        headers["If-Modified-Since"] = seen.last_modified
    return headers


def _onward(url: str, answer: BaseHTTPResponse) -> str:
    onward = answer.headers.get("Location")
    if not onward:
        raise NotFetched("The address sends on, but does not say where to.", code="source_redirects")
    return addresses.joined(url, onward)


def _unpacked(pieces: Iterator[bytes], headers: Mapping[str, str], address: Address) -> Iterator[bytes]:
    """Unpack what is packed, a piece at a time: a few bytes may unfold to more than any memory holds."""
    coding = headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from pieces
        return
    if coding not in ("gzip", "x-gzip"):
        raise NotFetched(f"{address.host} packs its list in a way that we cannot read.", code="source_packed")
    unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            packed = piece
            while packed:
                yield unpacking.decompress(packed, PIECE)
                packed = unpacking.unconsumed_tail
        yield unpacking.flush()
    except zlib.error:
        raise NotFetched(f"{address.host} sent a list that cannot be unpacked.", code="source_packed") from None
    if not unpacking.eof:
        raise _broken(address)


def _is_page(content: bytes) -> bool:
    return content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGES)


_PAGE = "{} answers with a web page, not a list; the site may ask for a sign-in or a check for robots first."
_SAID = {
    401: "{} asks for a key or a sign-in.",
    403: "{} does not let us read this list; it may ask for a key, or turn away programs.",
    404: "{} has no list at this address.",
    410: "{} has taken this list away.",
    429: "{} asks us to come back later.",
    503: "{} cannot answer just now; it may be busy, or turn away programs.",
}


def _said_of(status: int, host: str, headers: Mapping[str, str]) -> str:
    if headers.get("cf-mitigated") == "challenge":
        return _PAGE.format(host)
    if status in _SAID:
        return _SAID[status].format(host)
    return f"{host} answered with status {status} instead of a list."


def _large(address: Address, most: int) -> NotFetched:
    return NotFetched(f"{address.host} sends more than {most // MEGABYTE} MB.", code="source_too_large")


def _broken(address: Address) -> NotFetched:
    return NotFetched(f"{address.host} broke off in the middle of the list.", code="source_broken")


def _slow(address: Address) -> NotFetched:
    return NotFetched(f"{address.host} takes too long to answer.", code="source_slow")


def _unreachable(address: Address) -> NotFetched:
    return NotFetched(f"{address.host} cannot be reached.", code="source_unreachable")
