"""How often one visitor may ask for what costs us: far more than people do, or a clinic behind one address does."""

import ipaddress
import uuid
from functools import lru_cache

from flask import request

from aftercare.core import clock
from aftercare.core.errors import TooMany
from aftercare.core.pace import Pace

MINUTE = 60
#: Questions to the finder, as pages and as JSON, but for those that were answered a moment ago.
SEARCHES = Pace(times=1200, per_seconds=MINUTE)
#: Lists for paper are long.
PRINTS = Pace(times=30, per_seconds=MINUTE)
#: Pages with a code to scan.
CODES = Pace(times=120, per_seconds=MINUTE)
THIS_MACHINE, UNKNOWN = "127.0.0.1", "unknown"
TOO_OFTEN = "You asked very often. Wait a little, then try again."


def take(pace: Pace, organisation_id: uuid.UUID, *, remote: str | None = None) -> None:
    """Use one of what whoever asks may have of an organisation; raise TooMany. `remote`: from where, if known."""
    network = network_of(request.remote_addr or "" if remote is None else remote)
    wait = 0.0 if is_everybody(network) else pace.wait((organisation_id, network), clock.now())
    if wait:
        raise TooMany(TOO_OFTEN, retry_after=int(wait) + 1)


def is_everybody(network: str) -> bool:
    """Tell whether all visitors come from there: through a proxy on this machine that nobody told us to trust, say."""
    return network in (THIS_MACHINE, UNKNOWN)


def address() -> str:
    """Say where a request comes from: one address, or the network that one IPv6 customer has."""
    return network_of(request.remote_addr or "")


@lru_cache(maxsize=1024)
def network_of(remote: str) -> str:
    """Say the same of an address as the web server gives it."""
    try:
        found = ipaddress.ip_address(remote)
    except ValueError:
        return UNKNOWN
    if found.is_loopback:
        return THIS_MACHINE
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
