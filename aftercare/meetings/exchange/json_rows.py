"""From the text of a JSON list to its rows, one at a time, or one sentence that says why this is no list."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NoReturn, TextIO

from aftercare.meetings.exchange.findings import shortened
from aftercare.meetings.exchange.list_text import refuse, refuse_page

# Beyond this a number is no id, day or phone number, and Python itself refuses from 4,300 digits on.
MOST_DIGITS = 40
BLANK = " \t\n\r"
PIECE = 64 * 1024
# A row longer than this is no meeting; a list that is one object is read whole, so it may be longer.
MOST_OF_ROW, MOST_OF_OBJECT = 8 * 1024 * 1024, 64 * 1024 * 1024
# A text that breaks off is noticed here at the latest: at "\u12" or "fals".
NEAR_END = 16


class RowObject(dict[str, Any]):
    """A JSON object that remembers which of its keys stood there twice."""

    repeated: tuple[str, ...] = ()


def rows_in(text: TextIO) -> Iterator[Any]:
    """Give the rows of a list, the entries of one JSON array, whatever they are; raise Invalid where it breaks off."""
    scanner = _Scanner(text)
    if scanner.peek() != "[":
        _refuse_other(_single(scanner))
    yield from _array(scanner)


def bmlt_in(text: TextIO) -> tuple[Iterator[Any], list[Any]]:
    """Give the rows of a BMLT answer, and the formats where it brings them along."""
    scanner = _Scanner(text)
    if scanner.peek() == "[":
        return _array(scanner), []
    whole = _single(scanner)
    if not isinstance(whole, dict) or not isinstance(whole.get("meetings"), list):
        _refuse_other(whole)
    if not whole["meetings"]:
        refuse("The list is empty: it holds no meetings.")
    formats = whole.get("formats")
    return iter(whole["meetings"]), formats if isinstance(formats, list) else []


class _Scanner:
    """Walks along a JSON text and holds no more of it than one row and one piece."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.window, self.at, self.line, self.rows = "", 0, 1, 0
        self.is_whole = False

    def peek(self) -> str:
        """Give the next letter that is no blank, nothing at the end."""
        while True:
            while self.at < len(self.window):
                if self.window[self.at] not in BLANK:
                    return self.window[self.at]
                self.at += 1
            if self.is_whole:
                return ""
            self._read_on()

    def value(self, most: int = MOST_OF_ROW) -> Any:
        """Give the value that begins here."""
        while True:
            try:
                value, end = DECODER.raw_decode(self.window, self.at)
            except json.JSONDecodeError as error:
                self._stop_if_broken(error, most)
            except RecursionError:
                refuse("The list is nested too deeply to be a meeting list.")
            else:
                # A number at the end of the window may go on behind it.
                if end < len(self.window) or self.is_whole:
                    self.at = end
                    return value
            self._read_on()

    def refuse(self, said: str, *, at: int) -> NoReturn:
        """Refuse the list, and say after which row and on which line."""
        line = self.line + self.window.count("\n", 0, at)
        where = f"after row {self.rows} (line {line})" if self.rows else f"(line {line})"
        refuse(f"The list is not valid JSON {where}: {said}.")

    def rest(self) -> str:
        """Give some of what follows."""
        if len(self.window) - self.at < PIECE and not self.is_whole:
            self._read_on()
        return self.window[self.at :]

    def _read_on(self) -> None:
        # Twice as much each time, so that a long row is not tried over and over.
        piece = self._text.read(max(PIECE, len(self.window) - self.at))
        self.line += self.window.count("\n", 0, self.at)
        self.window, self.at = self.window[self.at :] + piece, 0
        self.is_whole = not piece

    def _stop_if_broken(self, error: json.JSONDecodeError, most: int) -> None:
        breaks_off = error.msg.startswith("Unterminated") or error.pos >= len(self.window) - NEAR_END
        if breaks_off and not self.is_whole and len(self.window) - self.at <= most:
            return
        is_end = self.is_whole and error.pos >= len(self.window.rstrip())
        said = "it ends in the middle" if is_end else error.msg[:1].lower() + error.msg[1:]
        self.refuse(said, at=error.pos)


def _array(scanner: _Scanner) -> Iterator[Any]:
    scanner.at += 1
    if scanner.peek() == "]":
        _finish(scanner)
        refuse("The list is empty: it holds no meetings.")
    yield from _entries(scanner)
    _finish(scanner)


def _entries(scanner: _Scanner) -> Iterator[Any]:
    while True:
        scanner.peek()
        value = scanner.value()
        scanner.rows += 1
        yield value
        match scanner.peek():
            case ",":
                scanner.at += 1
            case "]":
                return
            case "":
                scanner.refuse("it ends in the middle", at=scanner.at)
            case _:
                scanner.refuse("expecting ',' delimiter", at=scanner.at)


def _finish(scanner: _Scanner) -> None:
    scanner.at += 1
    _refuse_rest(scanner)


def _refuse_rest(scanner: _Scanner) -> None:
    if scanner.peek():
        shown = shortened(scanner.rest().strip()[:40])
        scanner.refuse(f'"{shown}" does not belong there', at=scanner.at)


def _single(scanner: _Scanner) -> Any:
    scanner.peek()
    refuse_page(scanner.rest()[:2000])
    whole = scanner.value(MOST_OF_OBJECT)
    _refuse_rest(scanner)
    return whole


def _refuse_other(whole: Any) -> NoReturn:
    if not isinstance(whole, dict):
        refuse("This is a single value, not a list of meetings.")
    if "meetings" in whole and "formats" in whole:
        refuse_bmlt()
    keys = ", ".join(f'"{shortened(key[:30])}"' for key in list(whole)[:3]) or "nothing"
    refuse(f"This is one object, not a list of meetings; it holds {keys}.")


def refuse_bmlt() -> NoReturn:
    """Say that somebody calls a list of one kind by the name of another."""
    refuse("This is a BMLT list, not Meeting Guide JSON; read it as bmlt.", code="feed_is_bmlt")


def is_bmlt(row: Any) -> bool:
    """Say whether a row has the keys of a BMLT server."""
    return isinstance(row, dict) and ("id_bigint" in row or "weekday_tinyint" in row)


def with_first(rows: Iterator[Any]) -> tuple[Any, Iterator[Any]]:
    """Look at the first row without losing it."""
    first = next(rows)
    return first, chain([first], rows)


def _row_object(pairs: list[tuple[str, Any]]) -> RowObject:
    row = RowObject(pairs)
    if len(row) != len(pairs):
        row.repeated = tuple(_twice(key for key, _ in pairs))
    return row


def _twice(keys: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return list(dict.fromkeys(key for key in keys if key in seen or seen.add(key)))  # type: ignore[func-returns-value]


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits[:MOST_DIGITS]


# NaN and Infinity are no JSON, but Python writes them: they stay texts, which no number of ours reads.
DECODER = json.JSONDecoder(object_pairs_hook=_row_object, parse_int=_whole_number, parse_constant=str, strict=False)
