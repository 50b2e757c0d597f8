"""The letters of a list: from the bytes of a file that may be long to text, piece by piece."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, NoReturn, TextIO

from aftercare.core.errors import Invalid

Source = bytes | BinaryIO
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
PIECE = 256 * 1024
HEAD = 4_000


@dataclass(frozen=True, slots=True)
class ListText:
    """A list whose letters are known. It can be read from its beginning again and again."""

    file: BinaryIO
    encoding: str

    @property
    def is_utf8(self) -> bool:
        """Say whether the list is written as the formats ask for."""
        return self.encoding == "utf-8-sig"

    @contextmanager
    def opened(self) -> Iterator[TextIO]:
        """Open the list at its beginning; line ends stay as they are."""
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, encoding=self.encoding, errors="replace", newline="")
        try:
            yield text
        finally:
            text.detach()

    def head(self) -> str:
        """Give the first letters, to see what this is."""
        with self.opened() as text:
            return text.read(HEAD)


def opened(source: Source) -> ListText:
    """Find out in which letters a list is written (a byte order mark is passed over)."""
    file = _seekable(source)
    start = file.read(4)
    if start.startswith((GZIP, ZIP)):
        refuse("The file is compressed; unpack it first.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ListText(file, "utf-16")
    return ListText(file, "utf-8-sig" if _is_utf8(file) else "cp1252")


def refuse(sentence: str, *, code: str = "feed_unreadable") -> NoReturn:
    """Say in one sentence why this is no list."""
    raise Invalid(sentence, code=code)


def refuse_page(head: str) -> None:
    """Refuse what is empty, a web page or another markup, such as a check for robots."""
    start = head[:2000].strip().lower()
    if not start:
        refuse("The file is empty.")
    if start.startswith("<"):
        kind = "a web page" if "<html" in start or "<!doctype html" in start else "XML or HTML"
        refuse(f"This is {kind}, not a meeting list; the site may ask for a sign-in or a check for robots first.")


def _seekable(source: Source) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if source.seekable():
        source.seek(0)
        return source
    return io.BytesIO(source.read())


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
