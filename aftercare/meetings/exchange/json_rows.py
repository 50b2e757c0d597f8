"""From the bytes of a feed to its rows, or one sentence that says why this is no feed."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.findings import shortened

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
# Beyond this a number is no id, day or phone number, and Python itself refuses from 4,300 digits on.
MOST_DIGITS = 40
BLANK = " \t\n\r"


class RowObject(dict[str, Any]):
    """A JSON object that remembers which of its keys stood there twice."""

    repeated: tuple[str, ...] = ()


def decoded(content: bytes) -> tuple[str, bool]:
    """Give the text of a feed, and whether it was UTF-8 (a byte order mark is passed over)."""
    if content.startswith((GZIP, ZIP)):
        _refuse("The file is compressed; unpack it first.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), False
    try:
        return content.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), False


def rows_in(text: str) -> list[Any]:
    """Give the rows of a feed: the entries of one JSON array, whatever they are."""
    _refuse_what_is_no_json(text)
    try:
        whole, end = DECODER.raw_decode(text, _skip_blank(text, 0))
    except json.JSONDecodeError as error:
        _refuse_broken(text, error)
    except RecursionError:
        _refuse("The list is nested too deeply to be a meeting list.")
    if rest := text[end:].strip():
        _refuse_trailing(text, end, rest, len(whole) if isinstance(whole, list) else 0)
    return _array(whole)


def _refuse_what_is_no_json(text: str) -> None:
    start = text[:2000].strip().lower()
    if not start:
        _refuse("The file is empty.")
    if start.startswith("<"):
        kind = "a web page" if "<html" in start or "<!doctype html" in start else "XML or HTML"
        _refuse(f"This is {kind}, not a meeting list; the site may ask for a sign-in or a check for robots first.")


def _array(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        _refuse_object(whole)
    if not isinstance(whole, list):
        _refuse("This is a single value, not a list of meetings.")
    if not whole:
        _refuse("The list is empty: it holds no meetings.")
    if isinstance(whole[0], dict) and "id_bigint" in whole[0]:
        _refuse_bmlt()
    return whole


def _refuse_object(whole: dict[str, Any]) -> NoReturn:
    if "meetings" in whole and "formats" in whole:
        _refuse_bmlt()
    keys = ", ".join(f'"{shortened(key[:30])}"' for key in list(whole)[:3]) or "nothing"
    _refuse(f"This is one object, not a list of meetings; it holds {keys}.")


def _refuse_bmlt() -> NoReturn:
    _refuse("This is a BMLT list, not Meeting Guide JSON; this release cannot read it yet.", code="feed_is_bmlt")


def _refuse_broken(text: str, error: json.JSONDecodeError) -> NoReturn:
    line = text.count("\n", 0, error.pos) + 1
    rows = _rows_before(text)
    where = f"after row {rows} (line {line})" if rows else f"(line {line})"
    _refuse(f"The list is not valid JSON {where}: {_what(text, error)}.")


def _what(text: str, error: json.JSONDecodeError) -> str:
    if error.pos >= len(text.rstrip()):
        return "it ends in the middle"
    return error.msg[:1].lower() + error.msg[1:]


def _refuse_trailing(text: str, end: int, rest: str, rows: int) -> NoReturn:
    line = text.count("\n", 0, len(text) - len(text[end:].lstrip())) + 1
    shown = shortened(rest[:40])
    _refuse(f'The list is not valid JSON after row {rows} (line {line}): "{shown}" does not belong there.')


def _rows_before(text: str) -> int:
    """Count the whole entries of an array that breaks off somewhere."""
    rows, at = 0, _skip_blank(text, 0) + 1
    try:
        while True:
            _, at = DECODER.raw_decode(text, _skip_blank(text, at))
            rows += 1
            at = _skip_blank(text, at)
            if text[at : at + 1] != ",":
                return rows
            at += 1
    except (json.JSONDecodeError, RecursionError):
        return rows


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANK:
        at += 1
    return at


def _refuse(sentence: str, *, code: str = "feed_unreadable") -> NoReturn:
    raise Invalid(sentence, code=code)


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
