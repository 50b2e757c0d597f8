"""The spreadsheet form of a meeting list: a line of field names, then a meeting a line (meeting-guide.md 1.1)."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from aftercare.meetings.exchange.list_text import refuse
from aftercare.meetings.exchange.row import Told
from aftercare.meetings.exchange.spreadsheet import unguarded

DELIMITERS = ",;\t|"
# Excel writes "sep=;" above the names, for itself.
SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
NOT_NAME = re.compile(r"[^a-z0-9]+")
LEVELS = re.compile(r"\s*>\s*")
MOST_LETTERS, MOST_COLUMNS = 1_000_000, 500
OTHER_NAMES = {
    "full_address": "formatted_address",
    "start": "time",
    "start_time": "time",
    "end": "end_time",
    "weekday": "day",
    "meeting": "name",
    "meeting_name": "name",
    "location_name": "location",
    "subregion": "sub_region",
    "zip": "postal_code",
    "zip_code": "postal_code",
    "postcode": "postal_code",
    "province": "state",
    "time_zone": "timezone",
    "type": "types",
    "lat": "latitude",
    "lng": "longitude",
    "lon": "longitude",
    "last_updated": "updated",
}
# A line with one of each is a line of names.
NAMES_A_MEETING = frozenset({"name", "slug"})
NAMES_A_MOMENT = frozenset({"day", "time", "formatted_address", "address", "types"})
PARTS_OF_ADDRESS = ("city", "state", "postal_code", "country")


def is_spreadsheet(head: str) -> bool:
    """Say whether a list begins with the names of its columns."""
    lines = [line for line in head.lstrip("\ufeff").splitlines() if line.strip(" ,;\t|")][:2]
    if lines and SEPARATOR_LINE.fullmatch(lines[0].strip('" ')):
        lines = lines[1:]
    return bool(lines) and _are_names(_fields(next(csv.reader(lines[:1], delimiter=_delimiter(lines[0])))))


def rows_in(text: TextIO) -> Iterator[Told]:
    """Give the rows of a spreadsheet; raise Invalid where it has no line of names."""
    # One field may be long, but the library stops at 131,072 letters for the whole process.
    csv.field_size_limit(MOST_LETTERS)
    lines = iter(text)
    names, delimiter = _head(lines)
    called, cells = dict(_names(names)), csv.reader(lines, delimiter=delimiter)
    while (row := _next(cells)) is not None:
        if isinstance(row, Told):
            yield row
        elif any(cell.strip() for cell in row):
            yield _told(list(called), called, row)


def _head(lines: Iterator[str]) -> tuple[list[str], str]:
    stated = None
    for line in lines:
        if said := SEPARATOR_LINE.fullmatch(line.strip('"\r\n ')):
            stated = said[1]
        elif line.strip(" ,;\t|\r\n"):
            delimiter = stated or _delimiter(line)
            names = _whole_line(line, lines, delimiter)
            if not _are_names(_fields(names)):
                refuse("The first line does not name the columns, such as Name, Day, Time and Address.")
            return names, delimiter
    refuse("The file is empty.")


def _whole_line(line: str, lines: Iterator[str], delimiter: str) -> list[str]:
    # A name may hold a line break too.
    while line.count('"') % 2 and (more := next(lines, "")) and len(line) < MOST_LETTERS:
        line += more
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        refuse("The first line, which names the columns, is far too long.")


def _delimiter(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)


def _names(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give our name and theirs, column by column; a name that stands twice is kept apart by a number."""
    fields, seen = _fields(names), set[str]()
    for number, (field, name) in enumerate(zip(fields, names[:MOST_COLUMNS], strict=True)):
        field = f"column_{number + 1}" if not field or field in seen else field
        seen.add(field)
        yield field, " ".join(name.split())[:60] or f"column {number + 1}"


def _fields(names: Sequence[str]) -> list[str]:
    plain = [NOT_NAME.sub("_", name.lstrip("\ufeff").casefold()).strip("_") for name in names[:MOST_COLUMNS]]
    known = [OTHER_NAMES.get(name, name) for name in plain]
    # "ID" is the slug, unless there is a column of slugs beside it (TSML numbers its rows).
    return ["slug" if name == "id" and "slug" not in known else name for name in known]


def _are_names(fields: list[str]) -> bool:
    return bool(NAMES_A_MEETING & set(fields) and NAMES_A_MOMENT & set(fields))


def _next(cells: Iterator[list[str]]) -> list[str] | Told | None:
    try:
        return next(cells, None)
    except csv.Error:
        # The library goes on with the line behind; only this row is lost.
        return Told({}, refused=("unreadable", None, None))


def _told(fields: list[str], called: dict[str, str], cells: list[str]) -> Told:
    said: dict[str, Any] = {
        field: unguarded(cell.strip()) for field, cell in zip(fields, cells, strict=False) if cell.strip()
    }
    extra = [cell for cell in cells[len(fields) :] if cell.strip()]
    found = (("cells_over", None, extra[0], len(extra)),) if extra else ()
    if path := said.get("regions") or (">" in said.get("region", "") and said.pop("region")):
        said["regions"] = [level for level in LEVELS.split(path) if level]
    _take_whole_address(said)
    return Told(said, called, found=found, is_in_words=True)


def _take_whole_address(said: dict[str, Any]) -> None:
    # One column for the address holds all of it; parts have columns of their own.
    if "formatted_address" not in said and "address" in said and not any(part in said for part in PARTS_OF_ADDRESS):
        said["formatted_address"] = said.pop("address")
