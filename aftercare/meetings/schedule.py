"""The dates of a programme meeting, written out half a year ahead (calendars.md, "Store")."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.core import clock, ids
from aftercare.core.db import db, is_postgresql
from aftercare.core.errors import NotFound
from aftercare.meetings import closed
from aftercare.meetings.change_models import Closure
from aftercare.meetings.models import Meeting, Occurrence, Place
from aftercare.meetings.recurrence import Pattern, given, instant, slots, zone_named
from aftercare.people import directory, organisations

HORIZON_DAYS = 180
#: How far a date may have been moved from its slot to be looked for among the slots of a rule.
KNOWN_FROM = timedelta(days=60)


def pattern_of(meeting: Meeting) -> Pattern:
    """Give the rule of a meeting that has a time."""
    assert meeting.start_local is not None
    return Pattern(
        first=meeting.start_local,
        minutes=meeting.minutes or 60,
        rule=meeting.rule,
        zone=meeting.zone,
        holidays=meeting.holidays or "",
        days_off=tuple(map(date.fromisoformat, meeting.days_off or ())),
    )


def horizon(zone: str) -> date:
    """Say up to which day dates are written out."""
    return clock.today(zone) + timedelta(days=HORIZON_DAYS)


def extend(meeting: Meeting, *, since: date | None = None, until: date | None = None) -> int:
    """Write out the dates of a programme meeting that are missing up to a day; doing it twice changes nothing."""
    until = until or horizon(meeting.zone)
    since = since or meeting.horizon_until or clock.today(meeting.zone)
    added = write_out(meeting, planned(meeting, since=since, until=until))
    meeting.horizon_until = max(until, since)
    if added:
        organisations.touch_public_calendar(meeting.organisation_id)
    return added


def extend_by_id(organisation_id: uuid.UUID, meeting_id: uuid.UUID) -> int:
    """Write out the dates that a meeting has not yet, while nobody closes anything or changes it."""
    closed.hold(organisation_id)
    return extend(lock_meeting(get_meeting(organisation_id, meeting_id)))


def planned(meeting: Meeting, *, since: date, until: date) -> list[datetime]:
    """Give the slots that a meeting's rule has from one day to another, both included."""
    return slots(pattern_of(meeting), after=_midnight(since), before=_midnight(until + timedelta(days=1)))


def write_out(meeting: Meeting, wanted: Iterable[datetime]) -> int:
    """Write the dates of some slots that are not there yet; say how many slots."""
    if not wanted:
        return 0
    shut = closed.of_meeting(meeting, min(wanted).date(), max(wanted).date())
    return _insert([_row(meeting, slot, closed.on_day(shut, slot.date())) for slot in wanted])


def due_for_extension(*, limit: int = 200) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Find programme meetings whose dates are not written out far enough: (organisation, meeting)."""
    wanted = (
        select(Meeting.organisation_id, Meeting.id)
        .where(
            Meeting.kind == "programme",
            Meeting.ended_at.is_(None),
            or_(Meeting.horizon_until.is_(None), Meeting.horizon_until < horizon("UTC") - timedelta(days=1)),
        )
        .order_by(Meeting.organisation_id, Meeting.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def get_meeting(organisation_id: uuid.UUID, meeting_id: uuid.UUID) -> Meeting:
    """Give a meeting of an organisation; raise NotFound."""
    meeting = db.session.get(Meeting, (organisation_id, meeting_id))
    if meeting is None:
        raise NotFound("There is no such meeting.")
    return meeting


def get_occurrence(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    """Give one date of an organisation's meetings; raise NotFound."""
    occurrence = db.session.get(Occurrence, (organisation_id, occurrence_id))
    if occurrence is None:
        raise NotFound("There is no such date.")
    return occurrence


def get_date(organisation_id: uuid.UUID, meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    """Give one date of this very meeting; raise NotFound."""
    occurrence = get_occurrence(organisation_id, occurrence_id)
    if occurrence.meeting_id != meeting_id:
        raise NotFound("There is no such date.")
    return occurrence


def find_public(meeting_id: uuid.UUID) -> Meeting | None:
    """Find a meeting that anybody may see, by its id alone; None if there is none, or it has ended."""
    found = directory.find_by_id("meeting", meeting_id)
    meeting = db.session.get(Meeting, found) if found else None
    return meeting if meeting is not None and meeting.listed and meeting.ended_at is None else None


def place_of(occurrence: Occurrence | None, meeting: Meeting) -> Place | None:
    """Give the place of a date: its own, else its meeting's; without a date, the meeting's."""
    place_id = (occurrence.place_id if occurrence else None) or meeting.place_id
    return db.session.get(Place, (meeting.organisation_id, place_id)) if place_id else None


def dates_anywhere(keys: Collection[tuple[uuid.UUID, uuid.UUID]]) -> list[tuple[Occurrence, Meeting, Place | None]]:
    """Fetch dates of any organisations with meeting and place, in one query: while the list lives, none is asked again.

    For the worker alone.
    """
    is_place = and_(
        Place.organisation_id == Occurrence.organisation_id,
        Place.id == func.coalesce(Occurrence.place_id, Meeting.place_id),
    )
    wanted = (
        select(Occurrence, Meeting, Place)
        .join(
            Meeting,
            and_(Meeting.organisation_id == Occurrence.organisation_id, Meeting.id == Occurrence.meeting_id),
        )
        .outerjoin(Place, is_place)
        .where(tuple_(Occurrence.organisation_id, Occurrence.id).in_(sorted(set(keys))))
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(wanted)]


def places(organisation_id: uuid.UUID, place_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Place]:
    """Give several places by their ids, in one query."""
    wanted = select(Place).where(
        Place.organisation_id == organisation_id, Place.id.in_({each for each in place_ids if each})
    )
    return {place.id: place for place in db.session.scalars(wanted)}


def lock_occurrence(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    """Give one date with nobody else changing its seats until the transaction ends: first this lock, then the count."""
    wanted = (
        select(Occurrence)
        .where(Occurrence.organisation_id == organisation_id, Occurrence.id == occurrence_id)
        .with_for_update()
    )
    occurrence = db.session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()
    if occurrence is None:
        raise NotFound("There is no such date.")
    return occurrence


def lock_meeting(meeting: Meeting) -> Meeting:
    """Give a meeting for which nobody else does the same until the transaction ends."""
    db.session.refresh(meeting, with_for_update=True)
    return meeting


def next_dates(meeting: Meeting, *, limit: int = 10) -> Sequence[Occurrence]:
    """Give the coming dates of a programme meeting; cancelled ones, unless its rule no longer has their day."""
    today = clock.today(meeting.zone)
    of_rule = given(
        pattern_of(meeting), after=_midnight(today - KNOWN_FROM), before=_midnight(horizon(meeting.zone) + KNOWN_FROM)
    )
    is_worth_saying = or_(
        Occurrence.status != "cancelled", Occurrence.slot_local.is_(None), Occurrence.slot_local.in_(of_rule)
    )
    wanted = (
        select(Occurrence)
        .where(
            Occurrence.organisation_id == meeting.organisation_id,
            Occurrence.meeting_id == meeting.id,
            Occurrence.ends_at > clock.now(),
            is_worth_saying,
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(limit)
    )
    return db.session.scalars(wanted).all()


def has_date_at(meeting: Meeting, starts_at: datetime) -> bool:
    """Tell whether a meeting has a date that begins at a moment and takes place."""
    wanted = select(Occurrence.id).where(
        Occurrence.organisation_id == meeting.organisation_id,
        Occurrence.meeting_id == meeting.id,
        Occurrence.starts_at == starts_at,
        Occurrence.status != "cancelled",
    )
    return db.session.scalars(wanted.limit(1)).first() is not None


def status_of(occurrence: Occurrence) -> str:
    """Say how a date stands that takes place: moved, if it is not where it was at first."""
    return "moved" if first_of(occurrence) not in {None, occurrence.start_local} else "scheduled"


def first_of(occurrence: Occurrence) -> datetime | None:
    """Say when a date was to be at first: where its rule put it, or, of an extra one, whoever added it."""
    return occurrence.slot_local or occurrence.added_local


def next_open_date(meeting: Meeting, *, after: datetime) -> Occurrence | None:
    """Give the first date of a meeting after a moment that is not cancelled."""
    wanted = (
        select(Occurrence)
        .where(
            Occurrence.organisation_id == meeting.organisation_id,
            Occurrence.meeting_id == meeting.id,
            Occurrence.starts_at > after,
            Occurrence.status != "cancelled",
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(1)
    )
    return db.session.scalars(wanted).one_or_none()


def _row(meeting: Meeting, slot: datetime, closure: Closure | None) -> dict[str, object]:
    """Write out one date; of a closed day it is cancelled from the start, and nobody is told what they never knew."""
    begins = instant(slot, meeting.zone)
    return {
        "organisation_id": meeting.organisation_id,
        "id": ids.new(),
        "meeting_id": meeting.id,
        "kind": "programme",
        "slot_local": slot,
        "start_local": slot,
        "occurs_on": slot.date(),
        "starts_at": begins,
        "ends_at": begins + timedelta(minutes=meeting.minutes or 60),
        "capacity": meeting.capacity,
        "closes_minutes_before": meeting.closes_minutes_before,
        "status": "cancelled" if closure else "scheduled",
        "closure_id": closure.id if closure else None,
    }


def _insert(rows: list[dict[str, object]]) -> int:
    if not rows:
        return 0
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert(Occurrence).on_conflict_do_nothing(
        index_elements=["organisation_id", "meeting_id", "slot_local"]
    )
    db.session.execute(statement, rows)
    return len(rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def listed_dates(meeting: Meeting, *, after: datetime, limit: int) -> list[tuple[datetime, datetime]]:
    """Work out the next starts and ends of a listing from its rule."""
    if meeting.start_local is None:
        return []
    pattern = pattern_of(meeting)
    local = after.astimezone(zone_named(meeting.zone)).replace(tzinfo=None)
    coming = slots(pattern, after=local, before=local + timedelta(days=HORIZON_DAYS))[:limit]
    starts = [instant(slot, meeting.zone) for slot in coming]
    return [(moment, moment + timedelta(minutes=pattern.minutes)) for moment in starts]
