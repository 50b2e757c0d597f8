"""Where a list comes from: a file of this machine."""

from pathlib import Path

from aftercare.core.errors import Invalid

MOST_BYTES = 64 * 1024 * 1024


def open_source(source: str | Path) -> bytes:
    """Read a list from a local file of at most 64 MB, or say in one sentence why not."""
    named = str(source)
    if "://" in named:
        raise Invalid(f"{_shown(named)} is a web address. Download the list and give the file.", code="source_is_url")
    try:
        return _read_capped(Path(named))
    except FileNotFoundError:
        raise Invalid(f"There is no file {named}.", code="source_missing") from None
    except IsADirectoryError:
        raise Invalid(f"{named} is a folder, not a file.", code="source_is_folder") from None
    except PermissionError:
        raise Invalid(f"{named} may not be read by this user.", code="source_forbidden") from None
    except (OSError, ValueError) as error:
        raise Invalid(f"{named!r} cannot be read: {error}.", code="source_unreadable") from None


def _read_capped(path: Path) -> bytes:
    # Reads one byte more than allowed instead of asking for the size first: a pipe has none, and a file can grow.
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Invalid(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB.", code="source_too_large")
    return content


def _shown(address: str) -> str:
    # A key may stand behind the question mark; it belongs in no log.
    return address.partition("?")[0]
