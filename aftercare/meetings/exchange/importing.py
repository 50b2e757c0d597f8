"""Bring a list of meetings into the database: what is new comes in, what changed is changed, the rest is left alone.

A list and the slug of a row are the identity of a meeting. Importing the same list again writes only when it was read.
A list that would take away more than a fifth of its meetings changes nothing at all until somebody says the word.
"""

import uuid
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.audit import trail
from aftercare.core import clock, ids
from aftercare.core.db import db, is_postgresql, part
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import closed
from aftercare.meetings.exchange import dialects, runs
from aftercare.meetings.exchange.dialects import AUTO, OpenList
from aftercare.meetings.exchange.import_report import Report
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.merging import Merge, chunks
from aftercare.meetings.exchange.models import ImportRun, MeetingSource
from aftercare.people import organisations
from aftercare.people.models import Organisation

#: More than this share of a list's meetings is taken off only when somebody says so (meeting-guide.md 1.5).
MOST_GONE = 0.2
Told = Callable[[int], None]


def import_list(
    organisation: Organisation,
    source: bytes | BinaryIO,
    *,
    location: str,
    defaults: FeedDefaults | None = None,
    dialect: str = AUTO,
    by: uuid.UUID | None = None,
    dry_run: bool = False,
    accepts_removals: bool = False,
    told: Told | None = None,
) -> Report:
    """Bring a list into an organisation's meetings, whole or not at all; raise Invalid where there is no list.

    `location` names the list for ever. Without `defaults`, what was said of the list the last time holds.
    """
    feed = defaults or remembered(organisation.id, location)
    opened = dialects.open_list(source, dialect=dialect, feed=feed)
    report = Report(location, dialect=opened.dialect, is_dry_run=dry_run)
    if dry_run:
        known = find_source(organisation.id, location)
        _merge(Merge(organisation, known.id if known else None, report, run_id=None), opened, report, told)
        return report
    kept = locked_source(organisation.id, location, feed, dialect)
    if not _written(organisation, kept, opened, report, by=by, accepts_removals=accepts_removals, told=told):
        runs.hold(kept, report, _bytes(source), by=by)
    _note_reading(kept, feed, dialect, report)
    return report


def look_ahead(
    organisation: Organisation,
    source: bytes,
    *,
    location: str,
    defaults: FeedDefaults | None = None,
    dialect: str = AUTO,
    by: uuid.UUID | None = None,
) -> ImportRun | None:
    """Keep a list with what it would come to, for somebody to look at and say yes or no; None if it changes nothing."""
    feed = defaults or remembered(organisation.id, location)
    report = import_list(organisation, source, location=location, defaults=feed, dialect=dialect, dry_run=True)
    kept = locked_source(organisation.id, location, feed, dialect)
    _note_reading(kept, feed, dialect, report)
    return runs.hold(kept, report, source, by=by, is_asked_for=True) if report.changes_anything else None


class Differs(Conflict):
    """What waits comes to something else than was shown. It waits on, with what it comes to now."""

    is_kept = True


def accept(organisation: Organisation, run_id: uuid.UUID, *, by: uuid.UUID | None, seen: str | None = None) -> Report:
    """Bring in what waits, removals and all, just as it was shown (`seen` is its mark); else it waits on."""
    kept = db.session.get_one(MeetingSource, (organisation.id, runs.get(organisation.id, run_id).source_id))
    feed = defaults_of(kept)
    # First the list, then what waits: a reading takes them in this order too, so that neither waits for the other.
    kept = locked_source(organisation.id, kept.location, feed, kept.format)
    run = runs.locked_waiting(organisation.id, run_id)
    if seen is not None and seen != runs.mark(run.report):
        raise _differs()
    opened = dialects.open_list(runs.body_of(run), dialect=kept.format, feed=feed)
    report = Report(kept.location, dialect=opened.dialect)
    if not _written(organisation, kept, opened, report, by=by, accepts_removals=True, told=None, run=run):
        runs.show_anew(run, report)
        raise _differs()
    _note_reading(kept, feed, kept.format, report)
    return report


def _differs() -> Differs:
    return Differs("The meetings have changed since this was shown. Look at it again.", code="not_as_shown")


def remembered(organisation_id: uuid.UUID, location: str) -> FeedDefaults:
    """Give what was said of a list when it was imported the last time."""
    kept = find_source(organisation_id, location)
    return defaults_of(kept) if kept else FeedDefaults()


def defaults_of(kept: MeetingSource) -> FeedDefaults:
    """Give what was said of a list, for its next reading."""
    formats = zlib.decompress(kept.formats) if kept.formats else None
    return FeedDefaults(fellowship=kept.fellowship, zone=kept.zone, formats=formats)


def find_source(organisation_id: uuid.UUID, location: str) -> MeetingSource | None:
    """Find a list by where it comes from."""
    wanted = select(MeetingSource).where(
        MeetingSource.organisation_id == organisation_id, MeetingSource.location == location
    )
    return db.session.scalars(wanted).one_or_none()


def locked_source(organisation_id: uuid.UUID, location: str, feed: FeedDefaults, dialect: str = AUTO) -> MeetingSource:
    """Give the row of a list, made if it is new, locked: two imports of one list come one after the other."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    first = insert(MeetingSource).values(
        organisation_id=organisation_id, id=ids.new(), location=location, format=dialect,
        fellowship=feed.fellowship, zone=feed.zone,
    )  # fmt: skip
    db.session.execute(first.on_conflict_do_nothing(index_elements=["organisation_id", "location"]))
    wanted = select(MeetingSource).where(
        MeetingSource.organisation_id == organisation_id, MeetingSource.location == location
    )
    return db.session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}).one()


class _Waits(Exception):
    """Somebody has to say the word: the list would take much away, or come to something else than was shown."""


def _written(
    organisation: Organisation,
    kept: MeetingSource,
    opened: OpenList,
    report: Report,
    *,
    by: uuid.UUID | None,
    accepts_removals: bool,
    told: Told | None,
    run: ImportRun | None = None,
) -> bool:
    """Write what a list says; or nothing, and say so, if it takes much away or comes to something else than `run`."""
    shown = runs.mark(run.report) if run else None
    # Whoever closes everything stamps all meetings: neither waits for rows that the other has.
    closed.hold(organisation.id)
    try:
        with part():
            run = run or runs.begin(kept, by=by)
            _merge(Merge(organisation, kept.id, report, run_id=run.id), opened, report, told)
            if shown and shown != runs.mark(report.document()):
                raise _Waits
            if takes_much_away(report) and not accepts_removals:
                raise _Waits
            _settle(run, report, by)
    except _Waits:
        report.is_waiting = True
    return not report.is_waiting


class Waits(Conflict):
    """A list changed nothing yet, because it takes much away. It is kept, and waits for somebody's word."""

    is_kept = True


def waits(report: Report) -> Waits:
    """Say that nothing was changed, and what to do."""
    return Waits(
        f"Nothing was changed: {report.became['vanished']:,} of {report.live:,} meetings are no longer in the list. "
        "If that is right, import it again with --accept-removals.",
        code="takes_much_away",
    )


def takes_much_away(report: Report) -> bool:
    """Say whether a list would take away so many of its meetings that somebody has to say the word."""
    return is_much(report.became["vanished"], report.live)


def is_much(gone: int, live: int) -> bool:
    """Law: say whether so many of a list's meetings are more than a fifth (meeting-guide.md 1.5)."""
    return gone > MOST_GONE * live


def _merge(merge: Merge, opened: OpenList, report: Report, told: Told | None) -> None:
    for chunk in chunks(opened.listings()):
        merge.take(chunk)
        report.listings += len(chunk)
        if told:
            told(report.listings)
    report.rows, report.findings = opened.rows, opened.report
    if not report.listings:
        raise Invalid(_nothing_readable(report), code="feed_unreadable")
    merge.finish()


def _nothing_readable(report: Report) -> str:
    if not report.rows:
        return "The list is empty: it holds no meetings."
    first = report.refused[0]
    return f"None of the {report.rows:,} rows could be taken. Row {first.row}: {first.sentence}"


def _settle(run: ImportRun, report: Report, by: uuid.UUID | None) -> None:
    """Keep the reading if it changed something; else it leaves no trace."""
    if not report.changes_anything:
        db.session.delete(run)
        db.session.flush()
        return
    runs.finish(run, report)
    counts: dict[str, Any] = report.counts()
    organisations.touch_public_calendar(run.organisation_id)
    trail.record(
        "meetings.imported", organisation_id=run.organisation_id, about="meeting_source", about_id=run.source_id,
        actor_id=by, **counts,
    )  # fmt: skip


def _note_reading(kept: MeetingSource, feed: FeedDefaults, dialect: str, report: Report) -> None:
    kept.last_read_at = clock.now()
    said = {"fellowship": feed.fellowship, "zone": feed.zone, "format": dialect, "last_report": report.contents()}
    packed = zlib.compress(feed.formats) if feed.formats else None
    for name, value in (said | {"formats": packed}).items():
        if getattr(kept, name) != value:
            setattr(kept, name, value)


def _bytes(source: bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        return source
    source.seek(0)
    return source.read()
