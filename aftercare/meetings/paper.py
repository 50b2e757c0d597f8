"""Pages as PDF, by WeasyPrint where it is installed: the extra `pdf`. Nothing else knows it, and it is loaded late."""

import importlib
import logging
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import current_app

from aftercare.core import throttle
from aftercare.core.db import abandon, transaction
from aftercare.core.errors import TooMany

# Drawing keeps a process from answering anybody else for seconds, so that all processes together draw so many a minute.
MOST_A_MINUTE = 3
KEPT = 16
STYLES = "aftercare.css"
_turn = Lock()


def can_draw() -> bool:
    """Tell whether WeasyPrint, and the libraries it needs, are here."""
    return _weasyprint() is not None


def draw(html: str) -> bytes:
    """Draw a page with the styles of the house, if it was not drawn a moment ago; raise TooMany if too many were.

    Whatever else the request has read is let go of.
    """
    with _turn:
        return _drawn(html)


@lru_cache(maxsize=KEPT)
def _drawn(html: str) -> bytes:
    _take_turn()
    library = _weasyprint()
    # What is drawn stands in the page: no page makes this service ask the network, or read a file.
    nothing = library.urls.URLFetcher(allowed_protocols=())
    sheet = library.CSS(string=_styles(), url_fetcher=nothing)
    drawn: bytes = library.HTML(string=html, url_fetcher=nothing).write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
    return drawn


def _take_turn() -> None:
    abandon()
    with transaction():
        wait = throttle.seconds_to_wait("pdf", times=MOST_A_MINUTE, per_seconds=60)
    if wait:
        raise TooMany("Many lists are being made right now. Try again in a minute.", retry_after=int(wait) + 1)


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
