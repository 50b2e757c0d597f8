"""What was found in a list and what we made of it: one table of sentences, so that findings of a kind read alike."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["refused", "mended", "noted"]

REFUSED: Mapping[str, str] = {
    "not_an_object": "This row is not a meeting; it was left out.",
    "no_name": "The row has no name; it was left out.",
    "no_place": "The row has no address and no way to join from afar; it was left out.",
    "day_unknown": "The day cannot be read; the row was left out.",
    "time_unknown": "The time cannot be read; the row was left out.",
    "zone_missing": (
        "time zone unknown: the row names none and none was given for the list; the row was left out. "
        "Import again with the time zone of the list."
    ),
    "zone_unreadable": (
        "time zone unknown: this is no name of a time zone and none was given for the list; the row was left out."
    ),
    "slug_repeated": "Another row has this slug, on the same day at the same time; this row was left out.",
    "all_day": "The event has no hour; it was left out.",
    "cancelled": "The event is cancelled; it was left out.",
    "private": "The event is marked as private; it was left out.",
    "over": "The event has no date any more; it was left out.",
    "rule_unknown": "We do not offer this way of repeating; the event was left out.",
    "date_cancelled": "This takes one date away from a series; the date was noted there.",
    "date_changed": "This changes one date of a series, which was taken over as it is; please change the date here.",
    "unpublished": "The list says that this meeting is not published; it was left out.",
    "unreadable": "The row cannot be read; it was left out.",
}

MENDED: Mapping[str, str] = {
    "name_taken_over": "The row has no name; it was called {made}.",
    "slug_missing": "The row has no slug; it was given {made}. If its name, day or time changes, it counts as new.",
    "slug_shared": "Another row has this slug; this one was given {made}.",
    "slug_cut": "The slug is far too long; it was shortened to {made}.",
    "day_partly_unknown": "One of the days cannot be read; the others were kept.",
    "day_without_time": "There is a day but no time; the meeting was listed as by appointment.",
    "time_without_day": "There is a time but no day; the meeting was listed as by appointment.",
    "end_unknown": "The end cannot be read; the length was left unknown.",
    "end_is_start": "The meeting ends when it starts; the length was left unknown.",
    "zone_default": "This is no name of a time zone; {made}, given for the list, was used.",
    "zone_alias": "This was read as {made}.",
    "type_unknown": "This is no type of {made}; it was left out.",
    "type_misspelt": "This was read as {made}.",
    "open_and_closed": "Both open and closed; the meeting was listed as closed, the careful reading.",
    "fellowship_unknown": "This fellowship is not known; {made}, given for the list, was used.",
    "html": "HTML was taken out of the text.",
    "cut": "The text is longer than {made} characters; the rest was cut off.",
    "not_text": "This is not a text; it was left out.",
    "country": "The country was read as {made}.",
    "postcode": "The postcode was written as {made}.",
    "coordinates": "These are no coordinates; they were left out.",
    "link": "This is no web link; it was left out.",
    "link_long": "The link is longer than {made} characters; it was left out.",
    "link_found": "The link was found inside the text: {made}.",
    "phone_short": "This is no phone number that can be dialled; it was kept as a note.",
    "collection": "This does not have the shape of such an account; it was left out.",
    "collection_found": "The account was read as {made}.",
    "updated": "This is no date; it was left out.",
    "email": "This is no e-mail address; it was left out.",
    "repeated_key": "The field stands twice in the row; the last one was used.",
    "cells_over": "The row has more cells than there are columns; {made} of them were left out.",
    "extra_dates": "The series has single dates beyond its rule; they were left out.",
    "entity": "There are facts of an entity but no name of it; they were left out.",
    "encoding": "The list is not written in UTF-8; it was read as Windows-1252.",
}

NOTED: Mapping[str, str] = {
    "day_read": "The day was read as {made}.",
    "time_read": "The time was read as {made}.",
    "types_read": "The types are not a list; they were read as {made}.",
    "type_read": "The type was read as {made}.",
    "long": "The meeting lasts {made} hours.",
    "hidden_rule": (
        "The text seems to hold a rule of its own. The meeting was taken as every week; please read it and change the "
        "dates if need be."
    ),
    "call_found": "This link to a call stands in the text; it was taken for the way to join.",
    "in_utc": "The series keeps to UTC, so its hour on the wall moves when clocks change; please check it.",
    "first_moved": "The first date is none that the rule gives; the series begins on {made}.",
    "host_unknown": "Other apps do not know this call service and may show the meeting as inactive.",
    "zone_elsewhere": "The address lies in a country that does not keep the time of {made}; please check the hour.",
    "attendance_differs": "The list says {made}, which its address and links do not; its word was taken.",
    "address_short": "The address looks exact, but other apps may take it for a town only.",
    "nowhere": "Nobody can come in person or join from afar; the meeting was listed as inactive.",
    "online_marked": "In {rows}: the mark ONL, which is no type, was read as online.",
    "zone_of_list": "In {rows}: no time zone is named; {made}, given for the list, was used.",
    "more": "In {rows} more, not listed one by one: {made}.",
    "format_unknown": "In {rows}: nobody says what the format {made} means; give the server's answer to GetFormats.",
    "format_own": "In {rows}: the format {made} has a meaning on its own server only; it was not read.",
    "left_out": "In {rows}: this field was left out, for it names people or opens doors.",
    "not_read": "In {rows}: this field means nothing to us and was not read.",
    "empty_items": "In {rows}: empty entries of this list were passed over.",
}

SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {**dict.fromkeys(REFUSED, "refused"), **dict.fromkeys(MENDED, "mended"), **dict.fromkeys(NOTED, "noted")}
)
SENTENCES: Mapping[str, str] = MappingProxyType({**REFUSED, **MENDED, **NOTED})
SHOWN = 60
# A list may call its fields whatever it likes; the report stays short.
MOST_COUNTED = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to report about a row, counted from 1, or about the whole list, which is row 0."""

    row: int
    slug: str | None
    field: str | None
    value: str | None
    kind: str
    sentence: str

    @property
    def severity(self) -> Severity:
        """Say whether the row was refused, something was mended, or nothing was lost."""
        return SEVERITIES[self.kind]


def sentence(kind: str, *, made: object = "", count: int = 0) -> str:
    """Give the sentence of a kind of finding."""
    # What was made of a value may hold what was in it: signs that no database takes, or that a terminal obeys.
    shown = _printable(made) if isinstance(made, str) else made
    return SENTENCES[kind].format(made=shown, rows="1 row" if count == 1 else f"{count:,} rows")


def shortened(value: object) -> str | None:
    """Give a value short enough for one line of a report. Never walks into what a hostile list may nest deeply."""
    match value:
        case None | "":
            return None
        case list():
            return f"a list of {len(value)}" if any(isinstance(v, list | dict) for v in value) else _line(str(value))
        case dict():
            return "an object"
        case _:
            return _line(str(value))


def _line(text: str) -> str:
    line = " ".join(_printable(text[: SHOWN * 4]).split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


class Tally:
    """Counts what holds for row after row, so that the report says it once."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str | None, str]] = Counter()

    def count(self, kind: str, *, field: str | None = None, made: str = "") -> None:
        """Count one more row of which this holds."""
        if (kind, field, made) not in self._rows and len(self._rows) >= MOST_COUNTED:
            field = "…"
        self._rows[kind, field, made] += 1

    def findings(self) -> Iterable[Finding]:
        """Give one finding for each thing counted, in a stable order."""
        for (kind, field, made), count in sorted(self._rows.items(), key=lambda item: str(item[0])):
            yield Finding(0, None, field, shortened(made), kind, sentence(kind, made=made, count=count))
