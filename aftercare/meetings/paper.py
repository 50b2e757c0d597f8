"""Pages as PDF, by WeasyPrint where it is installed: the extra `pdf`. Nothing else knows it, and it is loaded late."""

import importlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import BoundedSemaphore, Lock
from typing import Any

from flask import current_app

from aftercare.core import throttle
from aftercare.core.db import abandon, transaction
from aftercare.core.errors import TooMany
from aftercare.core.sealed import keyring
from aftercare.http import visitors

# Drawing keeps a process from answering anybody else for seconds, so that all processes together draw so many a minute.
MOST_A_MINUTE = 3
# Of these no one visitor takes more than this.
MOST_A_MINUTE_EACH = 1
AT_ONCE = 1
#: What one list takes, in seconds: so long whoever comes meanwhile is asked to wait.
A_WHILE = 5
KEPT = 16
STYLES = "aftercare.css"
BUSY = "Another list is being made right now. Try again in a moment."
_turns = BoundedSemaphore(AT_ONCE)
_lock = Lock()
_kept: OrderedDict[Hashable, bytes] = OrderedDict()


def can_draw() -> bool:
    """Tell whether WeasyPrint, and the libraries it needs, are here."""
    return _weasyprint() is not None


def draw(page: Callable[[], str], *, version: Hashable | None, visitor: str = visitors.THIS_MACHINE) -> bytes:
    """Draw a page with the styles of the house, if this version of it is not kept; raise TooMany if too many are drawn.

    Nobody waits for a turn: a process has few threads, and whoever waits for a drawing keeps one from everybody. What
    the request has read is let go of before the page is written. A page without a version is not kept. `visitor`: from
    where it is asked for.
    """
    drawn = _kept.get(version)
    if drawn is not None:
        return drawn
    if not _turns.acquire(blocking=False):
        raise TooMany(BUSY, retry_after=A_WHILE)
    try:
        _take_turn(visitor)
        drawn = _drawn(page())
    finally:
        _turns.release()
    if version is not None:
        _keep(version, drawn)
    return drawn


def _keep(version: Hashable, drawn: bytes) -> None:
    with _lock:
        _kept[version] = drawn
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _drawn(html: str) -> bytes:
    library = _weasyprint()
    # What is drawn stands in the page: no page makes this service ask the network, or read a file.
    nothing = library.urls.URLFetcher(allowed_protocols=())
    sheet = library.CSS(string=_styles(), url_fetcher=nothing)
    drawn: bytes = library.HTML(string=html, url_fetcher=nothing).write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
    return drawn


def _take_turn(visitor: str) -> None:
    whose = keyring().mark(visitor, purpose="pdf").hex()[:32]
    of_visitor = [] if visitors.is_everybody(visitor) else [(f"pdf:{whose}", MOST_A_MINUTE_EACH)]
    sentence = "Many lists are being made right now. Try again in a minute."
    abandon()
    with transaction():
        # Whoever is refused because all turns are taken has used none of their own.
        is_full = throttle.is_used_up("pdf", times=MOST_A_MINUTE, per_seconds=60)
        for key, times in [*(of_visitor if not is_full else []), ("pdf", MOST_A_MINUTE)]:
            throttle.take(key, times=times, per_seconds=60, sentence=sentence)


def _weasyprint() -> Any:
    try:
        library = importlib.import_module("weasyprint")
    except (ImportError, OSError):
        # OSError: the package is here, but not the Pango of the system.
        return None
    # It warns of every style that only screens know.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return library


def _styles() -> str:
    with current_app.open_resource(f"static/{STYLES}", encoding="utf-8", mode="r") as file:
        return str(file.read())
