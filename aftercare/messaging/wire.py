"""HTTP to a carrier: kept connections, time-outs, nothing repeated, and whether a request that failed went out at all.

Which proxy and which certificates hold is found out once, as `requests` finds it from the environment; asked through
`requests` itself, each text costs four times the processor time.
"""

import logging
import ssl
from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import urlencode

from requests import Request, Session
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, LocationValueError, NewConnectionError, ProxyError
from urllib3.util import make_headers

#: What asking may raise.
Broken = HTTPError
# Its debug lines show query strings, and those of Twilio's list hold phone numbers.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
# Reasons of the TLS library that can only come up before the request went out.
_HANDSHAKE = frozenset(
    {
        "CERTIFICATE_VERIFY_FAILED",
        "WRONG_VERSION_NUMBER",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "UNSUPPORTED_PROTOCOL",
        "NO_PROTOCOLS_AVAILABLE",
        "HTTP_REQUEST",
    }
)


class Wire:
    """Connections to one address, as many as ask at once; for all threads."""

    def __init__(self, address: str, *, connections: int, timeout: tuple[float, float]) -> None:
        self._address, self._connections = address.rstrip("/"), connections
        self._timeout = Timeout(connect=timeout[0], read=timeout[1])

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, str],
        account: tuple[str, str],
    ) -> BaseHTTPResponse:
        """Ask once, and give what came back, whatever it says; raise Broken if nothing did."""
        pool, base = self._way
        return pool.urlopen(
            method,
            base + path + (f"?{urlencode(query, doseq=True)}" if query else ""),
            body=urlencode(form, doseq=True).encode() if form else None,
            headers={**headers, **make_headers(basic_auth=":".join(account))},
            timeout=self._timeout,
            retries=False,
            redirect=False,
            assert_same_host=False,
        )

    @cached_property
    def _way(self) -> tuple[HTTPConnectionPool, str]:
        """Find the way there, once; only when first asked, so that a wrong address refuses a text, not our start."""
        try:
            return _found_way(self._address, self._connections)
        except (OSError, ValueError) as wrong:
            raise LocationValueError("The carrier's address, or the certificates for it, cannot be used.") from wrong


def is_misaddressed(trouble: HTTPError) -> bool:
    """Tell whether there is no such address: our own settings are wrong."""
    return isinstance(trouble, LocationValueError)


def never_went_out(trouble: HTTPError) -> bool:
    """Tell whether a request surely did not reach the other side."""
    if isinstance(trouble, ConnectTimeoutError | ProxyError):
        return True
    return any(
        isinstance(cause, NewConnectionError) or (isinstance(cause, ssl.SSLError) and cause.reason in _HANDSHAKE)
        for cause in _causes(trouble)
    )


def _found_way(address: str, connections: int) -> tuple[HTTPConnectionPool, str]:
    request = Request("POST", address).prepare()
    found = Session().merge_environment_settings(address, {}, None, None, None)
    proxies, verify = dict(found["proxies"]), found["verify"]
    adapter = HTTPAdapter(pool_maxsize=connections, max_retries=0)
    pool = adapter.get_connection_with_tls_context(request, verify, proxies=proxies)
    adapter.cert_verify(pool, address, verify, None)
    # A proxy for plain HTTP wants the whole address, everybody else only the path.
    return pool, adapter.request_url(request, proxies).rstrip("/")


def _causes(trouble: BaseException) -> Iterator[BaseException]:
    """Walk through the errors that urllib3 wraps in one another.

    Not by `__context__`: that may be the trouble of an earlier call, in whose handler this one was made.
    """
    waiting, seen = [trouble], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__)
        waiting.extend(error for error in inner if isinstance(error, BaseException))
