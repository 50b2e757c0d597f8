"""Where a list comes from: a file of this machine, or an address of the web."""

from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit, urlunsplit

from flask import current_app

from aftercare.meetings.exchange import addresses, list_file
from aftercare.meetings.exchange.fetching import UNSEEN, Fetched, Fetcher, Seen

EXTENSION = "aftercare.fetcher"
MOST_BYTES = 64 * 1024 * 1024
#: A list that somebody sent in by a page is there once; it cannot be read again.
UPLOADED = "upload:"
# A BMLT root is a server, not a list; this asks it for all its meetings and for what its format keys mean.
BMLT_ROOT = "main_server"
BMLT_PATH, BMLT_QUESTION = "client_interface/json/", "switcher=GetSearchResults&get_used_formats=1"
BMLT_FORMATS = "switcher=GetFormats"


def is_address(location: str) -> bool:
    """Say whether a list comes from the web."""
    return "://" in location and not location.startswith(UPLOADED)


def can_be_read_again(location: str) -> bool:
    """Say whether the worker can read a list by itself: from the web, or from a file that it finds from anywhere."""
    if is_address(location):
        return True
    paths = (PurePosixPath(location), PureWindowsPath(location))
    return not location.startswith(UPLOADED) and any(path.is_absolute() for path in paths)


def is_too_long_to_follow(location: str) -> bool:
    """Say whether a file is larger than what the worker reads; one that is not there says so when it is read."""
    if is_address(location) or location.startswith(UPLOADED):
        return False
    try:
        return Path(location).stat().st_size > MOST_BYTES
    except (OSError, ValueError):
        return False


def read(location: str, *, dialect: str = "auto", seen: Seen = UNSEEN) -> Fetched:
    """Read a list, wherever it is, or say in one sentence why not. Never inside a transaction: a site may be slow."""
    if not is_address(location):
        return Fetched(open_source(location))
    return _fetcher().fetch(asked(location, dialect), seen=seen)


def read_formats(location: str) -> bytes:
    """Read what the keys of formats mean on a BMLT server: a file, or an address as checked as that of a list."""
    if not is_address(location):
        return open_source(location)
    return _fetcher().fetch(asked(location, "auto", BMLT_FORMATS)).content or b""


def checked_address(location: str) -> str:
    """Give an address as a list keeps it; raise Invalid with one sentence unless it can be asked at all."""
    addresses.read(location.strip())
    return location.strip()


def asked(location: str, dialect: str, question: str = BMLT_QUESTION) -> str:
    """Give the address to ask for a list; of a BMLT root, that of its meetings, or of what else is asked of it."""
    parts = urlsplit(location)
    is_root = dialect == "bmlt" or parts.path.rstrip("/").endswith(BMLT_ROOT)
    if not is_root or "client_interface" in parts.path:
        return location
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{BMLT_PATH}", question, ""))


def shown(location: str) -> str:
    """Give a location as people may see it: without a key, and of an upload its name alone."""
    return addresses.shown(location.removeprefix(UPLOADED))


def open_source(source: str | Path) -> bytes:
    """Read a list from a local file of at most 64 MB, or say in one sentence why not."""
    return list_file.read(source, most=MOST_BYTES)


def _fetcher() -> Fetcher:
    fetcher: Fetcher = current_app.extensions.get(EXTENSION) or Fetcher()
    return fetcher
