"""Bring a list of meetings into the database: what is new comes in, what changed is changed, the rest is left alone.

A list and the slug of a row are the identity of a meeting. Importing the same list again writes only when it was read.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.audit import trail
from aftercare.core import clock, ids
from aftercare.core.db import db, is_postgresql
from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import filing, import_rows, meeting_guide
from aftercare.meetings.exchange.import_report import Report
from aftercare.meetings.exchange.import_rows import Filed, Places
from aftercare.meetings.exchange.listing import FeedDefaults, Listing
from aftercare.meetings.exchange.meeting_guide import Reading
from aftercare.meetings.exchange.models import MeetingSource
from aftercare.meetings.models import Meeting
from aftercare.people import organisations
from aftercare.people.models import Organisation

FORMAT = "meeting-guide"
CHUNK = 500
MANY = 200
Told = Callable[[int, int], None]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Known:
    """What we have of a row already: the id of its meeting, and the mark of what it said last."""

    id: uuid.UUID
    mark: str


def import_list(
    organisation: Organisation,
    source: bytes,
    *,
    location: str,
    defaults: FeedDefaults | None = None,
    by: uuid.UUID | None = None,
    dry_run: bool = False,
    told: Told | None = None,
) -> Report:
    """Bring a list into an organisation's meetings, whole or not at all; raise Invalid where there is no list.

    `location` names the list for ever. Without `defaults`, what was said of the list the last time holds.
    """
    feed = defaults or remembered(organisation.id, location)
    reading = meeting_guide.read(source, feed=feed)
    if not reading.listings:
        raise Invalid(_nothing_readable(reading), code="feed_unreadable")
    if dry_run:
        kept = _find_source(organisation.id, location)
        return replace(_compare(location, reading, _known(kept)), is_dry_run=True)
    kept = _locked_source(organisation.id, location, feed)
    known = _known(kept)
    report = _compare(location, reading, known)
    if report.changes_anything:
        _write(organisation, kept.id, _wanted(reading, report), known, told)
        _note(organisation.id, kept.id, report, by)
    _note_reading(kept, feed, report)
    return report


def remembered(organisation_id: uuid.UUID, location: str) -> FeedDefaults:
    """Give what was said of a list when it was imported the last time."""
    kept = _find_source(organisation_id, location)
    return FeedDefaults(fellowship=kept.fellowship, zone=kept.zone) if kept else FeedDefaults()


def _nothing_readable(reading: Reading) -> str:
    return f"None of the {reading.rows:,} rows could be taken. Row {reading.refused[0].row}: " + (
        reading.refused[0].sentence
    )


def _find_source(organisation_id: uuid.UUID, location: str) -> MeetingSource | None:
    wanted = select(MeetingSource).where(
        MeetingSource.organisation_id == organisation_id, MeetingSource.location == location
    )
    return db.session.scalars(wanted).one_or_none()


def _locked_source(organisation_id: uuid.UUID, location: str, feed: FeedDefaults) -> MeetingSource:
    """Give the row of a list, locked, so that two imports of one list come one after the other."""
    dialect = postgresql.insert if is_postgresql() else sqlite.insert
    first = dialect(MeetingSource).values(
        organisation_id=organisation_id, id=ids.new(), location=location, format=FORMAT,
        fellowship=feed.fellowship, zone=feed.zone,
    )  # fmt: skip
    db.session.execute(first.on_conflict_do_nothing(index_elements=["organisation_id", "location"]))
    wanted = select(MeetingSource).where(
        MeetingSource.organisation_id == organisation_id, MeetingSource.location == location
    )
    return db.session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}).one()


def _known(source: MeetingSource | None) -> dict[str, _Known]:
    if source is None:
        return {}
    wanted = select(Meeting.source_key, Meeting.id, Meeting.fingerprint).where(
        Meeting.organisation_id == source.organisation_id, Meeting.source_id == source.id
    )
    return {slug: _Known(meeting_id, mark) for slug, meeting_id, mark in db.session.execute(wanted) if slug}


def _compare(location: str, reading: Reading, known: Mapping[str, _Known]) -> Report:
    became: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": []}
    for listing in reading.listings:
        kept = known.get(listing.slug)
        if kept is None:
            became["new"].append(listing.slug)
        else:
            became["unchanged" if kept.mark == filing.mark(listing) else "changed"].append(listing.slug)
    # A row that cannot be read today has not vanished: its meeting stays as it was.
    seen = set(chain(*became.values(), (finding.slug for finding in reading.refused)))
    vanished = tuple(sorted(slug for slug in known if slug not in seen))
    new, changed, unchanged = (tuple(slugs) for slugs in became.values())
    return Report(location, reading, new=new, changed=changed, unchanged=unchanged, vanished=vanished)


def _wanted(reading: Reading, report: Report) -> list[Listing]:
    slugs = {*report.new, *report.changed}
    return [listing for listing in reading.listings if listing.slug in slugs]


def _write(
    organisation: Organisation,
    source_id: uuid.UUID,
    wanted: Sequence[Listing],
    known: Mapping[str, _Known],
    told: Told | None,
) -> None:
    places = Places(organisation.id)
    now, done = clock.now(), 0
    for chunk in _chunks(wanted):
        places.add(listing.place for listing in chunk)
        filed = [_filed(organisation, listing, known, places, source_id, now) for listing in chunk]
        import_rows.insert_meetings(organisation.id, [each for each in filed if each.is_new])
        import_rows.update_meetings(organisation.id, [each for each in filed if not each.is_new])
        done += len(chunk)
        if told:
            told(done, len(wanted))
    if done >= MANY:
        import_rows.tell_planner()


def _filed(
    organisation: Organisation,
    listing: Listing,
    known: Mapping[str, _Known],
    places: Places,
    source_id: uuid.UUID,
    now: datetime,
) -> Filed:
    place_id, shared = places.of(listing.place)
    kept = known.get(listing.slug)
    columns = filing.columns(listing, zone=organisation.zone, shared=shared)
    columns |= {"place_id": place_id, "source_id": source_id, "source_key": listing.slug, "updated_at": now}
    return Filed(kept.id if kept else ids.new(), listing, columns, is_new=kept is None)


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _note(organisation_id: uuid.UUID, source_id: uuid.UUID, report: Report, by: uuid.UUID | None) -> None:
    counts: dict[str, Any] = {**report.counts()}
    organisations.touch_public_calendar(organisation_id)
    trail.record(
        "meetings.imported", organisation_id=organisation_id, about="meeting_source", about_id=source_id, actor_id=by,
        **counts,
    )  # fmt: skip


def _note_reading(kept: MeetingSource, feed: FeedDefaults, report: Report) -> None:
    kept.last_read_at = clock.now()
    said = {"fellowship": feed.fellowship, "zone": feed.zone, "last_report": report.contents()}
    for name, value in said.items():
        if getattr(kept, name) != value:
            setattr(kept, name, value)
