"""What may be wrong in a Meeting Guide feed, and what comes of it in the programs that show feeds.

The consequences were seen in TSML UI 1.8 and read in TSML (meeting-guide.md 1.1 to 1.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning", "note"]

ERRORS: Mapping[str, str] = {
    "no_feed": "{made} TSML UI shows no meeting at all.",
    "encoding": "The feed is not written in UTF-8: every letter beyond English is shown as a wrong sign.",
    "not_an_object": "This entry is no meeting: TSML UI stops with an error, and the whole page fails.",
    "null_entry": "null among the {made}: TSML UI stops with an error, and the whole page fails.",
    "number": "A number stands where a text belongs: TSML UI stops with an error, and the whole page fails.",
    "not_text": "The format has a text here. Programs that take it at its word stop or leave it out.",
    "slug_missing": "Without a slug TSML UI leaves the row out.",
    "slug_repeated": "Another row has this slug: TSML UI leaves this one out, TSML calls it {made}.",
    "name_missing": "The format asks for a name; without one nobody knows what this row is.",
    "day_arrays": (
        "More than one row has a list of days: TSML UI takes out wrong rows and fails with "
        '"Invalid unit value", so the whole page fails. Write one row a day.'
    ),
    "day_arrays_of_one": "Lists of one day each: TSML UI shows half of the rows twice. Write the bare number.",
    "day_word": "The day is a word: TSML UI makes no number of it, and the whole page fails. Sunday is 0.",
    "day_unknown": "This is no day from 0 (Sunday) to 6: TSML UI cannot put the meeting into a week.",
    "day_missing": "There is a time but no day: TSML UI shows the meeting on whatever day it is today.",
    "time_half": "TSML UI drops the PM and shows {made} am. Write 24 hours.",
    "time_unknown": "This is no time from 00:00 to 23:59: TSML UI leaves the row out.",
    "zone_unknown": "This is no name of a time zone, such as America/Denver: TSML UI leaves the row out.",
    "no_address": "Without any address TSML UI leaves the row out. A meeting online needs its town at least.",
    "types_text": "The types are a text, not a list: TSML UI passes over all of them, without a word.",
    "approximate": 'approximate is "yes" or "no" in words; anything else counts as if it were missing.',
    "call_link": "This is no whole link (https://...): nobody can join, and it does not count as online.",
    "website": "This is no whole link (https://...): the page of this meeting stays blank in TSML UI.",
}

WARNINGS: Mapping[str, str] = {
    "inactive_host": (
        "Will show as Inactive in TSML UI because it does not know this call service and the address is only a town."
    ),
    "inactive_short": (
        "Will show as Inactive in TSML UI because it takes fewer than four parts between commas for a town. "
        'Write approximate: "no".'
    ),
    "inactive_town": "Will show as Inactive in TSML UI because the address is only a town and there is no call.",
    "host_unknown": "Programs do not know this call service: TSML deletes the link, and it does not count as online.",
    "zone_missing": "No time zone is named: TSML UI leaves the row out, unless the page names one for all.",
    "zone_fixed": "This zone keeps no summer time, so TSML UI is an hour off for half the year; write {made}.",
    "zone_offset": "An offset is no time zone: TSML UI leaves the row out. Write a name such as America/Denver.",
    "slug_long": "A slug has at most 64 characters; some programs cut it, and bookmarks break.",
    "slug_unsafe": "A slug holds letters, digits, - and _ only; this one breaks addresses of pages.",
    "too_long": "The format has room for {made} characters here.",
    "day_seven": "TSML UI shows 7 as Sunday; the format counts from 0 (Sunday) to 6.",
    "time_noon": "TSML UI reads this by luck; the format has 24 hours, such as {made}.",
    "time_shape": "The format has HH:MM; other programs may read another hour or none.",
    "end_unknown": "This is no time from 00:00 to 23:59, so the meeting is shown as an hour long.",
    "end_is_start": "The meeting ends when it starts, so its length shows as nothing.",
    "type_unknown": "No code of the list: programs leave it out without a word.",
    "type_inferred": "This is no type: programs find out by themselves how people meet, and drop it.",
    "open_and_closed": "Both open and closed: TSML keeps closed.",
    "phone_short": "Fewer than ten digits are left of this number: TSML UI drops it.",
    "link": "This is no whole link (https://...): programs leave it out.",
    "feedback_emails": "TSML UI passes over feedback_emails; without feedback_url there is no button for corrections.",
    "contact": "A person is named: programs show this name, address or number to everybody.",
    "edit_url": "This door to the back office is for those who edit the list; leave it out of a public feed.",
    "collection": "This does not have the shape of such an account: TSML UI drops it.",
    "entity_missing": "Facts of an entity without its name: programs leave all of them out.",
    "entity_one_url": "Write both entity_url and entity_website_url: some programs read the one, some the other.",
    "updated": "The format has YYYY-MM-DD HH:MM:SS in UTC; programs show no date.",
    "html": "Text is plain: tags and entities are shown as they stand here.",
    "number_text": "A number stands where the format has a text; some programs stop or leave it out.",
    "not_number": "A coordinate is a number in the format; some programs do no sums with a text.",
    "coordinates": "These are no coordinates: the meeting is missing on the map.",
    "repeated_key": "The field stands twice in the row; programs take the last one.",
    "empty_region": "An empty region in the list: some programs stop with an error.",
}

NOTES: Mapping[str, str] = {
    "bom": "The feed begins with a byte order mark. TSML UI reads it; leave it out all the same.",
    "day_array": "One list of days is fine; with a second one TSML UI fails whole. Write one row a day.",
    "day_text": "The day is a text; TSML UI reads it, the format has a number.",
    "day_without_time": "There is a day but no time: shown as by appointment.",
    "end_past_midnight": (
        "The calendar file that TSML UI makes is wrong for an end past midnight; an hour needs no end_time."
    ),
    "in_person_only": "TSML UI drops this type where nobody meets in person.",
    "zone_elsewhere": "The address lies in a country that does not keep this time; please check the hour.",
    "name_says_time": "The name says a time; programs show day and time beside it.",
}

SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {**dict.fromkeys(ERRORS, "error"), **dict.fromkeys(WARNINGS, "warning"), **dict.fromkeys(NOTES, "note")}
)
CONSEQUENCES: Mapping[str, str] = MappingProxyType({**ERRORS, **WARNINGS, **NOTES})


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of a row, counted from 1, or of the whole feed, which is row 0, with what comes of it."""

    row: int
    slug: str | None
    field: str | None
    value: str | None
    kind: str
    consequence: str

    @property
    def severity(self) -> Severity:
        """Say whether meetings are lost or wrong (error), something of them (warning), or nothing yet (note)."""
        return SEVERITIES[self.kind]


def consequence(kind: str, made: object = "") -> str:
    """Give the sentence of a kind of defect."""
    return CONSEQUENCES[kind].format(made=made)
