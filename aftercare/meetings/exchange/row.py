"""One row of a feed while it is read: hands out its fields as plain text and notes what was found on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aftercare.meetings.exchange.findings import Finding, Tally, sentence, shortened
from aftercare.meetings.exchange.listing import Dates
from aftercare.meetings.exchange.plain_text import holds_html, plain

LINE, LONG_TEXT, ADDRESS = 255, 10_000, 2_000
# In a spreadsheet days, hours and types are words: that is its form, and nothing to report.
FORM_OF_SPREADSHEETS = frozenset({"day_read", "time_read", "types_read"})


@dataclass(frozen=True, slots=True)
class Told:
    """A row of any dialect in the fields of Meeting Guide JSON, and what those fields cannot hold.

    `called` gives the list's own names of its fields. `found` holds kind, field, value and what was made of it,
    `counted` what is said once for all rows.
    """

    fields: Mapping[str, Any]
    called: Mapping[str, str] = field(default_factory=dict)
    minutes: int | None = None
    dates: Dates | None = None
    found: tuple[tuple[str, str | None, object, object], ...] = ()
    counted: tuple[tuple[str, str, str], ...] = ()
    refused: tuple[str, str | None, object] | None = None
    is_in_words: bool = False


class RowRefused(Exception):
    """The row cannot become a listing; the finding that says why is already noted."""


class Row:
    """A row with its number, counted from 1."""

    def __init__(self, number: int, told: Told, tally: Tally) -> None:
        self.number = number
        self.told = told
        self.fields = told.fields
        self.tally = tally
        self.findings: list[Finding] = []
        self.slug: str | None = None

    def get(self, field: str) -> Any:
        """Give a field as it stands there, None where it says nothing."""
        value = self.fields.get(field)
        return None if value == "" or value == [] else value

    def find(self, kind: str, field: str | None = None, value: object = None, *, made: object = "") -> None:
        """Note one thing about this row."""
        if self.told.is_in_words and kind in FORM_OF_SPREADSHEETS:
            return
        said = sentence(kind, made=made)
        self.findings.append(Finding(self.number, self.slug, self.called(field), shortened(value), kind, said))

    def called(self, field: str | None) -> str | None:
        """Give the name that the list itself has for a field."""
        return self.told.called.get(field, field) if field else None

    def refuse(self, kind: str, field: str | None = None, value: object = None) -> RowRefused:
        """Note why this row is left out, and give the exception to raise."""
        self.find(kind, field, value)
        return RowRefused(kind)

    def line(self, field: str, *, most: int = LINE) -> str | None:
        """Give a field as one line of plain text."""
        text = self.text(field, most=most)
        return " ".join(text.split("\n")) if text else None

    def text(self, field: str, *, most: int = LONG_TEXT) -> str | None:
        """Give a field as plain text with its line breaks; numbers count as text."""
        raw = self.fields.get(field)
        if not isinstance(raw, str):
            raw = self._written(field, raw)
        if not raw:
            return None
        if holds_html(raw[: most * 4]):
            self.find("html", field, raw)
        # Cut before and after: what is thrown away shall cost nothing, and entities grow shorter.
        text = plain(raw[: most * 4])
        if len(text) > most:
            self.find("cut", field, text, made=most)
        return text[:most].rstrip() or None

    def _written(self, field: str, value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if value not in ([], {}, False):
            self.find("not_text", field, value)
        return None
