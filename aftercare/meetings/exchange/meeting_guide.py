"""Read Meeting Guide JSON row by row: never all-or-nothing, nothing guessed in silence (meeting-guide.md 1.5)."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

from aftercare.core.errors import Invalid
from aftercare.meetings import types
from aftercare.meetings.exchange import hidden_rules, json_rows, list_text, row_facts
from aftercare.meetings.exchange.findings import Finding, Severity, Tally, sentence, shortened
from aftercare.meetings.exchange.list_text import Source
from aftercare.meetings.exchange.listing import DAY_NAMES, FeedDefaults, Listing
from aftercare.meetings.exchange.row import Row, RowRefused, Told
from aftercare.meetings.exchange.row_call import read_attendance, read_call, read_link
from aftercare.meetings.exchange.row_place import read_place
from aftercare.meetings.exchange.row_types import read_kinds
from aftercare.meetings.exchange.row_when import When, read_when
from aftercare.meetings.exchange.zones import find_zone, keeps_time_of

LONGEST_SLUG = 200
MOST_REMARKS = 20_000
# Every refused row is told, so that a list of empty rows would take more memory than there is.
MOST_ROWS = 300_000
NOT_SLUG = re.compile(r"[^a-z0-9]+")
CONTACT_FIELDS = tuple(f"contact_{n}_{what}" for n in (1, 2, 3) for what in ("name", "email", "phone"))
# Names of people and doors to the list's back office, in the spec or added by TSML.
PRIVATE_FIELDS = frozenset({*CONTACT_FIELDS, "edit_url", "author", "email", "phone", "mailing_address", "last_contact"})
READ_WORDS = """
    name slug day time end_time timezone formatted_address address city state postal_code country latitude longitude
    coordinates approximate location location_notes region sub_region sub_sub_region regions group group_notes notes
    types conference_url conference_url_notes conference_phone conference_phone_notes venmo square paypal
    homegroup_online url website updated feedback_emails feedback_url entity entity_email entity_phone entity_location
    entity_logo entity_website_url entity_url attendance_option fellowship
"""
# What TSML adds for itself; every list made with it holds them, and none says anything more.
SILENT_WORDS = """
    id location_id location_url region_id group_id district district_id sub_district sub_district_id time_formatted
    website_2 data_source_name
"""
READ_FIELDS, SILENT_FIELDS = frozenset(READ_WORDS.split()), frozenset(SILENT_WORDS.split())


@dataclass(frozen=True)
class Reading:
    """What a list came to. Every row is either a listing or has one finding that says why it was refused."""

    rows: int
    listings: list[Listing]
    report: list[Finding]

    def found(self, severity: Severity) -> list[Finding]:
        """Give the findings of one severity, in the order of the rows."""
        return [finding for finding in self.report if finding.severity == severity]

    @property
    def refused(self) -> list[Finding]:
        """Give the findings of the rows that were left out, one a row."""
        return self.found("refused")


def read(source: Source, *, feed: FeedDefaults) -> Reading:
    """Read a Meeting Guide list. Raises Invalid, with one sentence, only where there is no list at all."""
    reader, text = Reader(feed), list_text.opened(source)
    if not text.is_utf8:
        reader.note_letters()
    with text.opened() as opened:
        first, rows = json_rows.with_first(json_rows.rows_in(opened))
        if json_rows.is_bmlt(first):
            json_rows.refuse_bmlt()
        return reader.reading(rows)


class Reader:
    """Makes listings of rows, one at a time, and keeps what was found on the way.

    Nothing of a row stays but its slug and its findings, and of a long list not every remark, so it may be long.
    """

    def __init__(self, feed: FeedDefaults) -> None:
        self._feed = _checked(feed)
        self._slugs: dict[str, When] = {}
        self._moments: dict[When, When] = {}
        self._remarks = 0
        self._tally = Tally()
        self._found: list[Finding] = []
        self.rows = 0

    @property
    def report(self) -> list[Finding]:
        """Give what was found up to here: of the whole list first, then row by row."""
        return [*self._tally.findings(), *self._found]

    def note_letters(self) -> None:
        """Note that the list is not written in UTF-8."""
        self._found.append(Finding(0, None, None, None, "encoding", sentence("encoding")))

    def listings(self, rows: Iterable[Any]) -> Iterator[Listing]:
        """Read rows: what was told in another dialect, or any value that stands in a JSON list."""
        for row in rows:
            self.rows += 1
            if self.rows > MOST_ROWS:
                list_text.refuse(f"The list holds more than {MOST_ROWS:,} rows; that is no list of meetings.")
            if listing := self._read(row):
                when = When(listing.weekdays, listing.start)
                self._slugs[listing.slug] = self._moments.setdefault(when, when)
                yield listing

    def reading(self, rows: Iterable[Any]) -> Reading:
        """Read rows to their end and hold them all."""
        listings = list(self.listings(rows))
        return Reading(self.rows, listings, self.report)

    def _read(self, said: Any) -> Listing | None:
        told = said if isinstance(said, Told) else Told(said if isinstance(said, dict) else {})
        row = Row(self.rows, told, self._tally)
        try:
            if told.fields is not said and told is not said:
                raise row.refuse("not_an_object", None, said)
            return _listing(row, self._feed, self._slugs)
        except RowRefused:
            return None
        finally:
            self._keep(row.findings)

    def _keep(self, findings: Iterable[Finding]) -> None:
        """Keep every refusal; of remarks as many as anybody would read, and count the others by their kind."""
        for finding in findings:
            if finding.severity != "refused":
                self._remarks += 1
                if self._remarks > MOST_REMARKS:
                    self._tally.count("more", field=finding.field, made=finding.kind.replace("_", " "))
                    continue
            self._found.append(finding)


def _checked(feed: FeedDefaults) -> FeedDefaults:
    if feed.fellowship not in types.FELLOWSHIPS:
        raise Invalid(f'"{feed.fellowship}" is no fellowship we know.', code="fellowship_unknown")
    if feed.zone is not None and find_zone(feed.zone) != feed.zone:
        raise Invalid(f'"{feed.zone}" is no name of a time zone, such as America/Denver.', code="zone_unknown")
    return feed


def _listing(row: Row, feed: FeedDefaults, slugs: dict[str, When]) -> Listing:
    said_slug = row.slug = _said_slug(row)
    for kind, field, value, made in row.told.found:
        row.find(kind, field, value, made=made)
    for kind, field, made in row.told.counted:
        row.tally.count(kind, field=row.called(field), made=made)
    if row.told.refused:
        raise row.refuse(*row.told.refused)
    for key in getattr(row.fields, "repeated", ()):
        row.find("repeated_key", shortened(key))
    name = _name(row)
    when = read_when(row, zone=feed.zone)
    slug = row.slug = _own_slug(row, said_slug, slugs, name=name, when=when)
    fellowship = _fellowship(row, feed)
    kinds = read_kinds(row, fellowship=fellowship)
    place, call = read_place(row), read_call(row)
    if not (place.address or place.name or call.url or call.phone or kinds.is_marked_online):
        raise row.refuse("no_place", "formatted_address")
    notes, group_notes = row.text("notes"), row.text("group_notes")
    if row.told.dates is None:
        _note_hidden_rule(row, notes, when)
    _note_zone_elsewhere(row, place.address, when)
    _count_the_unread(row, feed)
    return Listing(
        slug=slug,
        name=name,
        fellowship=fellowship,
        weekdays=when.weekdays,
        start=when.start,
        minutes=row.told.minutes or when.minutes,
        dates=row.told.dates,
        zone=when.zone,
        place=place,
        call=call,
        group=row.line("group"),
        group_notes=group_notes,
        notes=notes,
        types=kinds.types,
        languages=kinds.languages,
        attendance=read_attendance(row, place=place, call=call, kinds=kinds),
        is_open=kinds.is_open,
        url=read_link(row, "url"),
        website=read_link(row, "website"),
        feedback_url=row_facts.read_feedback_url(row),
        feedback_emails=row_facts.read_feedback_emails(row),
        entity=row_facts.read_entity(row),
        seventh_tradition=row_facts.read_seventh_tradition(row),
        contacts=row_facts.read_contacts(row, feed),
        edit_url=read_link(row, "edit_url") if feed.keep_edit_links else None,
        updated=row_facts.read_updated(row),
    )


def _name(row: Row) -> str:
    if name := row.line("name"):
        return name
    for field in ("group", "location"):
        if name := row.line(field):
            row.find("name_taken_over", "name", made=name)
            return name
    raise row.refuse("no_name", "name")


def _fellowship(row: Row, feed: FeedDefaults) -> str:
    # The format has no field for it (spec issue 105); lists of several fellowships add one.
    said = row.line("fellowship")
    if said is None:
        return feed.fellowship
    known = types.find_fellowship(said)
    if known is None:
        row.find("fellowship_unknown", "fellowship", said, made=types.FELLOWSHIPS[feed.fellowship])
    return known or feed.fellowship


def _said_slug(row: Row) -> str | None:
    slug = row.line("slug", most=10 * LONGEST_SLUG)
    if slug is None or len(slug) <= LONGEST_SLUG:
        return slug
    short = f"{slug[: LONGEST_SLUG - 9]}-{hashlib.blake2b(slug.encode(), digest_size=4).hexdigest()}"
    row.find("slug_cut", "slug", slug, made=short)
    return short


def _own_slug(row: Row, said: str | None, taken: dict[str, When], *, name: str, when: When) -> str:
    if said is None:
        made = _with_moment(_slugged(name), when)
        if made in taken:
            raise row.refuse("slug_repeated", "slug", made)
        row.find("slug_missing", "slug", made=made)
        return made
    if said not in taken:
        return said
    # Lists exist that give the seven days of one meeting one slug.
    made = _with_moment(said, when)
    if made in taken or taken[said] == When(when.weekdays, when.start):
        raise row.refuse("slug_repeated", "slug", said)
    row.find("slug_shared", "slug", said, made=made)
    return made


def _with_moment(slug: str, when: When) -> str:
    days = [DAY_NAMES[day][:3].lower() for day in when.weekdays]
    return "-".join([slug, *days, *([_compact(when.start)] if when.start else [])])


def _compact(start: time) -> str:
    return start.strftime("%H%M")


def _slugged(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NOT_SLUG.sub("-", folded)[:64].strip("-") or "meeting"


def _note_hidden_rule(row: Row, notes: str | None, when: When) -> None:
    if when.weekdays and (said := hidden_rules.find_rule(notes)):
        row.find("hidden_rule", "notes", said)


def _note_zone_elsewhere(row: Row, address: str | None, when: When) -> None:
    if address and when.start and when.zone and not keeps_time_of(address, when.zone):
        row.find("zone_elsewhere", "timezone", address, made=when.zone)


def _count_the_unread(row: Row, feed: FeedDefaults) -> None:
    for field, value in row.fields.items():
        if field in READ_FIELDS or field in SILENT_FIELDS or value in (None, "", [], {}):
            continue
        if field in PRIVATE_FIELDS:
            if not _is_kept(field, feed):
                row.tally.count("left_out", field=row.called(field))
        else:
            row.tally.count("not_read", field=shortened(row.called(field)))


def _is_kept(field: str, feed: FeedDefaults) -> bool:
    return (feed.keep_contacts and field in CONTACT_FIELDS) or (feed.keep_edit_links and field == "edit_url")
