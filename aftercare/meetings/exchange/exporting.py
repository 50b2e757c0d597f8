"""The public list of an organisation as Meeting Guide JSON: every listing, and the programme meetings open to all.

The format knows weekly meetings only. What repeats otherwise goes out with its rule in words, as lists of the field
do; what takes place once is left to the calendar feed.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

from aftercare.core.db import db
from aftercare.meetings import closed
from aftercare.meetings.change_models import Closure
from aftercare.meetings.exchange import filing, meeting_guide_export, spreadsheet
from aftercare.meetings.exchange.listing import Entity, Listing
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.meetings.recurrence import in_words, slots
from aftercare.meetings.repeats import read_rule
from aftercare.meetings.schedule import pattern_of
from aftercare.meetings.types import TypePair
from aftercare.people.models import Organisation

# A series of which no date lies in this time is over, or not yet there.
AHEAD = timedelta(days=62)
EVERY_DAY = tuple(range(7))


def feed(organisation: Organisation, *, base_url: str, now: datetime) -> bytes:
    """Write an organisation's list, one meeting a line, in the same bytes for the same meetings."""
    rows = rows_of(organisation, base_url=base_url, now=now)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode() if rows else b"[]\n"


def sheet(organisation: Organisation, *, base_url: str, now: datetime) -> bytes:
    """Write an organisation's list as a spreadsheet, in the same bytes for the same meetings."""
    return spreadsheet.write(rows_of(organisation, base_url=base_url, now=now))


def rows_of(organisation: Organisation, *, base_url: str, now: datetime) -> list[dict[str, Any]]:
    """Give the rows of an organisation's list."""
    page = f"{base_url}/o/{organisation.slug}/meetings"
    listings = _listings(organisation, base_url, page, now)
    return meeting_guide_export.write(listings, feedback_url=page, zone=organisation.zone)


def last_change(organisation: Organisation, today: date) -> datetime | None:
    """Say when a meeting of an organisation last changed, or was last closed or opened by the day."""
    wanted = select(func.max(Meeting.updated_at)).where(Meeting.organisation_id == organisation.id)
    changed, turned = db.session.scalar(wanted), closed.last_turn(organisation.id, today)
    if turned is not None:
        midnight = datetime.combine(turned, time(), ZoneInfo(organisation.zone))
        changed = max(changed or midnight, midnight)
    return changed


def _listings(organisation: Organisation, base_url: str, page: str, now: datetime) -> Iterator[Listing]:
    types, today = _types(organisation.id), now.astimezone(ZoneInfo(organisation.zone)).date()
    shut = closed.between(organisation.id, today, today)
    for meeting, place in _public(organisation.id):
        listing = filing.listing_kept(meeting, place, types.get(meeting.id, ()))
        if not _is_weekly(meeting) or meeting.source_id is None:
            if not _takes_place(meeting, now):
                continue
            listing = _in_words(listing, meeting, organisation.language)
        if meeting.source_id is None:
            listing = replace(listing, entity=Entity(name=organisation.name, url=page))
        if closure := shut.of(meeting, today):
            listing = _shut(listing, closure)
        yield listing if listing.url else replace(listing, url=f"{base_url}/m/{meeting.id}")


def _shut(listing: Listing, closure: Closure) -> Listing:
    """Say that nobody comes to a place today: what is on the screen too goes on there, unless the meeting itself rests.

    Whatever is not in person at a known place goes out with TC, "temporarily closed" (meeting-guide.md 1.3).
    """
    goes_on = closure.scope == "place" and listing.attendance == "hybrid"
    return replace(listing, attendance="online" if goes_on else "inactive", types=(*listing.types, ("aa", "TC")))


def _public(organisation_id: uuid.UUID) -> Iterator[tuple[Meeting, Place | None]]:
    wanted = (
        select(Meeting, Place)
        .outerjoin(Place, and_(Place.organisation_id == Meeting.organisation_id, Place.id == Meeting.place_id))
        .where(
            Meeting.organisation_id == organisation_id,
            Meeting.listed.is_(True),
            Meeting.ended_at.is_(None),
            or_(Meeting.kind == "fellowship", Meeting.is_open.is_(True)),
        )
    )
    for row in db.session.execute(wanted):
        yield row[0], row[1]


def _types(organisation_id: uuid.UUID) -> dict[uuid.UUID, Sequence[TypePair]]:
    kept: dict[uuid.UUID, list[TypePair]] = {}
    wanted = select(MeetingType.meeting_id, MeetingType.fellowship, MeetingType.code)
    for meeting_id, fellowship, code in db.session.execute(
        wanted.where(MeetingType.organisation_id == organisation_id)
    ):
        kept.setdefault(meeting_id, []).append((fellowship, code))
    return dict(kept)


def _takes_place(meeting: Meeting, now: datetime) -> bool:
    if meeting.start_local is None:
        return True
    if meeting.rule is None:
        return False
    local = now.astimezone(ZoneInfo(meeting.zone)).replace(tzinfo=None)
    return bool(slots(pattern_of(meeting), after=local, before=local + AHEAD))


def _is_weekly(meeting: Meeting) -> bool:
    """Say whether the format can say when a meeting is; by appointment it can."""
    if meeting.start_local is None:
        return True
    repeat = read_rule(meeting.rule) if meeting.rule else None
    return repeat is not None and (repeat.unit, repeat.every, repeat.until, repeat.count) == ("week", 1, None, None)


def _in_words(listing: Listing, meeting: Meeting, language: str) -> Listing:
    """Say in words what the format cannot say."""
    repeat = read_rule(meeting.rule) if meeting.rule else None
    if repeat is None or (repeat.unit, repeat.every) == ("week", 1):
        return listing
    notes = "\n".join(filter(None, [in_words(pattern_of(meeting), language), listing.notes]))
    if repeat.unit == "day" and repeat.every == 1:
        return replace(listing, notes=notes, weekdays=EVERY_DAY)
    if repeat.unit != "week" and not repeat.weekdays:
        # The 15th is no day of the week: clients show such a meeting as by appointment, and its note.
        return replace(listing, notes=notes, weekdays=(), start=None, minutes=None)
    return replace(listing, notes=notes)
