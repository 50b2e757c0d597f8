"""A list in a file of this machine, open to be read row by row: a long one is never held whole."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from aftercare.core.errors import Invalid

MEGABYTE = 1024 * 1024
MOST_BYTES = 256 * MEGABYTE
# What comes through a pipe is held, for it can be read only once.
MOST_PIPED = 64 * MEGABYTE


@contextmanager
def opened(source: str | Path, *, most: int = MOST_BYTES) -> Iterator[BinaryIO]:
    """Open a list of at most so many bytes, or say in one sentence why not."""
    named = str(source)
    try:
        file = Path(named).open("rb")  # noqa: SIM115  # closed below; what happens while it is read is not ours to name
    except FileNotFoundError:
        raise Invalid(f"There is no file {named}.", code="source_missing") from None
    except IsADirectoryError:
        raise Invalid(f"{named} is a folder, not a file.", code="source_is_folder") from None
    except PermissionError:
        raise Invalid(f"{named} may not be read by this user.", code="source_forbidden") from None
    except (OSError, ValueError) as error:
        raise Invalid(f"{named!r} cannot be read: {error}.", code="source_unreadable") from None
    with file:
        yield _capped(file, named, most)


def read(source: str | Path, *, most: int) -> bytes:
    """Read a list whole, if it has at most so many bytes."""
    with opened(source, most=most) as file:
        return _whole(file, str(source), most)


def _capped(file: BinaryIO, named: str, most: int) -> BinaryIO:
    kind = os.fstat(file.fileno())
    if not stat.S_ISREG(kind.st_mode):
        return io.BytesIO(_whole(file, named, min(most, MOST_PIPED)))
    if kind.st_size > most:
        raise _too_large(named, most)
    return file


def _whole(file: BinaryIO, named: str, most: int) -> bytes:
    # Reads one byte more than allowed instead of asking for the size first: a pipe has none, and a file can grow.
    content = file.read(most + 1)
    if len(content) > most:
        raise _too_large(named, most)
    return content


def _too_large(named: str, most: int) -> Invalid:
    return Invalid(f"{named} is larger than {most // MEGABYTE} MB.", code="source_too_large")
