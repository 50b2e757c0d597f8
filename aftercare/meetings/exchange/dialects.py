"""The dialects in which meeting lists are told: what recognises each, and who reads its rows."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TextIO

from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import bmlt_rows, csv_rows, ical_rows, json_rows, list_text
from aftercare.meetings.exchange.findings import Finding
from aftercare.meetings.exchange.list_text import ListText, Source
from aftercare.meetings.exchange.listing import FeedDefaults, Listing
from aftercare.meetings.exchange.meeting_guide import Reader, Reading

AUTO = "auto"
BMLT_KEYS = re.compile(r'"(?:id_bigint|weekday_tinyint)"|\A\s*\{\s*"(?:meetings|formats)"\s*:\s*\[')
Rows = Callable[[TextIO, FeedDefaults], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect: how people call it, what its first letters look like, and what gives its rows."""

    title: str
    looks_like: Callable[[str], object]
    rows: Rows


class OpenList:
    """A list that is read row by row, as often as one likes; it is never held whole.

    `rows` and `report` tell of the reading that has come last, as far as it has come.
    """

    def __init__(self, text: ListText, dialect: str, feed: FeedDefaults) -> None:
        self.dialect = dialect
        self._text, self._feed = text, feed
        self._reader = self._begun()

    @property
    def rows(self) -> int:
        """Count the rows read."""
        return self._reader.rows

    @property
    def report(self) -> list[Finding]:
        """Give what was found."""
        return self._reader.report

    def listings(self) -> Iterator[Listing]:
        """Read from the beginning. Raises Invalid, with one sentence, where the list breaks off."""
        self._reader = self._begun()
        with self._text.opened() as text:
            yield from self._reader.listings(DIALECTS[self.dialect].rows(text, self._feed))

    def reading(self) -> Reading:
        """Read the whole list, and hold it."""
        listings = list(self.listings())
        return Reading(self.rows, listings, self.report)

    def _begun(self) -> Reader:
        reader = Reader(self._feed)
        if not self._text.is_utf8:
            reader.note_letters()
        return reader


def open_list(source: Source, *, dialect: str = AUTO, feed: FeedDefaults) -> OpenList:
    """Open a list in the dialect named, or in the one it looks like; raise Invalid where it looks like none."""
    text = list_text.opened(source)
    head = text.head()
    list_text.refuse_page(head)
    return OpenList(text, _recognised(head) if dialect == AUTO else _known(dialect), feed)


def read(source: Source, *, dialect: str = AUTO, feed: FeedDefaults) -> Reading:
    """Read a list whole. Raises Invalid, with one sentence, only where there is no list at all."""
    return open_list(source, dialect=dialect, feed=feed).reading()


def _recognised(head: str) -> str:
    for name, dialect in DIALECTS.items():
        if dialect.looks_like(head):
            return name
    raise Invalid(
        "This is no meeting list that we can read: not JSON, not a spreadsheet with a line of names, not a calendar.",
        code="feed_unreadable",
    )


def _known(dialect: str) -> str:
    if dialect not in DIALECTS:
        raise Invalid(f"There is no dialect {dialect}. Use one of: {', '.join(NAMES)}.", code="dialect_unknown")
    return dialect


def _guide_rows(text: TextIO, feed: FeedDefaults) -> Iterator[Any]:  # noqa: ARG001  # every dialect is called alike
    first, rows = json_rows.with_first(json_rows.rows_in(text))
    if json_rows.is_bmlt(first):
        json_rows.refuse_bmlt()
    return rows


def _spreadsheet_rows(text: TextIO, feed: FeedDefaults) -> Iterator[Any]:  # noqa: ARG001
    return csv_rows.rows_in(text)


def _bmlt_rows(text: TextIO, feed: FeedDefaults) -> Iterator[Any]:
    return bmlt_rows.rows_in(text, feed.formats)


def _calendar_rows(text: TextIO, feed: FeedDefaults) -> Iterator[Any]:
    return ical_rows.rows_in(text, zone=feed.zone, today=clock.now().date())


# In the order of asking: the first that looks like it is taken.
DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        "bmlt": Dialect("BMLT JSON", BMLT_KEYS.search, _bmlt_rows),
        "meeting-guide": Dialect("Meeting Guide JSON", lambda head: head.lstrip()[:1] in ("[", "{"), _guide_rows),
        "ical": Dialect("iCalendar (.ics)", ical_rows.is_calendar, _calendar_rows),
        "csv": Dialect("Meeting Guide spreadsheet (CSV)", csv_rows.is_spreadsheet, _spreadsheet_rows),
    }
)
NAMES = (AUTO, *DIALECTS)
