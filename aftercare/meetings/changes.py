"""Publish a meeting; cancel or move one date. One transaction puts seats, texts and calendars right (product.md 2)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from aftercare.audit import trail
from aftercare.core import clock, ids
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import members, notices, rsvps, schedule, waitlist
from aftercare.meetings.models import Facilitator, Meeting, MeetingDay, MeetingType, Occurrence, Place
from aftercare.meetings.recurrence import Pattern, instant, normalised, repeat_of, slots, zone_named
from aftercare.meetings.repeats import Repeat, write_rule
from aftercare.messaging import outbox
from aftercare.people import accounts, directory, organisations

LONGEST = 24 * 60


@dataclass(frozen=True)
class Draft:
    """What a counsellor says of a new meeting. `first` is wall time in `zone`; `repeat` None means once."""

    name: str
    first: datetime
    minutes: int = 60
    kind: str = "programme"
    repeat: Repeat | None = None
    zone: str = ""
    discreet_title: str = ""
    description: str = ""
    fellowship: str = ""
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    attendance: str = "in_person"
    is_open: bool | None = None
    place_name: str = ""
    place_address: str = ""
    place_detail: str = ""
    join_url: str = ""
    join_phone: str = ""
    join_notes: str = ""
    capacity: int | None = None
    closes_minutes_before: int | None = None
    facilitators: tuple[uuid.UUID, ...] = field(default=())


@dataclass(frozen=True)
class Changed:
    """One date as it is now, and how many people are told of it."""

    occurrence: Occurrence
    told: int = 0


def pattern_of(draft: Draft) -> Pattern:
    """Give the rule of a draft, its first date moved onto the rule; raise Invalid if it cannot be."""
    rule = write_rule(draft.repeat) if draft.repeat else None
    return normalised(Pattern(first=draft.first, minutes=draft.minutes, rule=rule, zone=draft.zone))


def publish(organisation_id: uuid.UUID, draft: Draft, *, by: uuid.UUID | None) -> Meeting:
    """Publish a meeting and write out its dates half a year ahead; raise Invalid with the fields that cannot be."""
    _check(draft)
    pattern = pattern_of(draft)
    _refuse_if_over(pattern, clock.now())
    meeting_id = ids.new()
    meeting = Meeting(
        organisation_id=organisation_id, id=meeting_id, lineage_id=meeting_id, kind=draft.kind,
        name=draft.name.strip(), discreet_title=draft.discreet_title.strip(), description=draft.description.strip(),
        fellowship=draft.fellowship, languages=list(draft.languages), attendance=draft.attendance,
        is_open=draft.is_open, place_detail=draft.place_detail.strip(), join_url=draft.join_url.strip(),
        join_phone=draft.join_phone.strip(), join_notes=draft.join_notes.strip(),
        zone=draft.zone, start_local=pattern.first, minutes=draft.minutes,
        rule=pattern.rule, capacity=draft.capacity, closes_minutes_before=draft.closes_minutes_before,
        place_id=_place(organisation_id, draft),
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    _hang_on(meeting, draft, pattern)
    if meeting.kind == "programme":
        schedule.extend(meeting)
    organisations.touch_public_calendar(organisation_id)
    trail.record(
        "meeting.published", organisation_id=organisation_id, about="meeting", about_id=meeting.id, actor_id=by,
        kind=meeting.kind,
    )  # fmt: skip
    return meeting


def cancel_occurrence(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, by: uuid.UUID | None) -> Changed:
    """Cancel one date: its answers are void, everybody affected is told once, and asked about the next date."""
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    if occurrence.status == "cancelled":
        return Changed(occurrence)
    refuse_if_begun(occurrence, now)
    affected = members.affected(occurrence)
    rsvps.void_all(occurrence, now)
    occurrence.status, occurrence.hear_by = "cancelled", _hear_by(occurrence, occurrence.starts_at, now)
    _mark_changed(occurrence, now)
    outbox.cancel(organisation_id, about=occurrence_id, kinds=notices.ABOUT_THE_DATE, reason="meeting cancelled")
    notices.say_again(occurrence, now=now)
    told = notices.tell(occurrence, notices.of_cancelling(occurrence, notices.readers(occurrence, affected), now=now))
    _note_change(occurrence, "occurrence.cancelled", affected, by)
    return Changed(occurrence, told)


def move_occurrence(
    organisation_id: uuid.UUID,
    occurrence_id: uuid.UUID,
    *,
    to: datetime,
    minutes: int | None = None,
    by: uuid.UUID | None,
) -> Changed:
    """Move one date to another wall time of its meeting's zone; it stays the same date, and answers are asked anew."""
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    starts_at, length = checked_move(occurrence, to, minutes, now)
    before = occurrence.starts_at
    if (starts_at, length) == (before, occurrence.ends_at - before):
        return Changed(occurrence)
    occurrence.hear_by = _hear_by(occurrence, min(before, starts_at), now)
    occurrence.start_local, occurrence.starts_at, occurrence.ends_at = to, starts_at, starts_at + length
    occurrence.status = "moved" if to != occurrence.slot_local else "scheduled"
    _mark_changed(occurrence, now)
    outbox.cancel(organisation_id, about=occurrence_id, kinds=notices.ABOUT_THE_DATE, reason="meeting moved")
    notices.say_again(occurrence, now=now)
    _ask_anew(occurrence, now)
    affected = members.affected(occurrence)
    people = notices.readers(occurrence, affected)
    told = notices.tell(occurrence, notices.of_moving(occurrence, people, before=before, starts_at=starts_at, now=now))
    _note_change(occurrence, "occurrence.moved", affected, by)
    return Changed(occurrence, told)


def change_capacity(
    organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, capacity: int | None, by: uuid.UUID | None
) -> Occurrence:
    """Change the seats of one date: more seats are offered to whoever waits, fewer throw nobody out."""
    if capacity is not None and capacity < 1:
        raise Invalid("Give at least one seat.", fields={"capacity": "Give at least one seat."})
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    refuse_if_begun(occurrence, clock.now())
    occurrence.capacity = capacity
    _mark_changed(occurrence, clock.now())
    db.session.flush()
    rsvps.offer_free_seats(organisation_id, occurrence_id)
    _note_change(occurrence, "occurrence.capacity", [], by)
    return occurrence


def checked_move(
    occurrence: Occurrence, to: datetime, minutes: int | None, now: datetime
) -> tuple[datetime, timedelta]:
    """Give the moment and the length that a move comes to; raise if it cannot be."""
    refuse_if_begun(occurrence, now)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled. It cannot be moved.", code="cancelled")
    length = timedelta(minutes=minutes) if minutes else occurrence.ends_at - occurrence.starts_at
    starts_at = instant(to, schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id).zone)
    if (starts_at, length) != (occurrence.starts_at, occurrence.ends_at - occurrence.starts_at):
        _check_move(starts_at, length, now)
    return starts_at, length


def refuse_if_begun(occurrence: Occurrence, now: datetime) -> None:
    """Raise Conflict if a date has begun."""
    if occurrence.starts_at <= now:
        raise Conflict("This date has begun. What has begun cannot be changed.", code="begun")


def _check(draft: Draft) -> None:
    wrong: dict[str, str] = {}
    if not draft.name.strip():
        wrong["name"] = "Enter a name for the meeting."
    if len(draft.name) > 255:
        wrong["name"] = "Use at most 255 characters."
    if draft.kind not in {"programme", "fellowship"}:
        wrong["kind"] = "Choose programme or fellowship."
    takes_replies = draft.capacity or draft.facilitators or draft.closes_minutes_before is not None
    if draft.kind == "fellowship" and takes_replies:
        wrong["kind"] = "A fellowship meeting is listed only: it has no seats and no roll."
    if draft.capacity is not None and draft.capacity < 1:
        wrong["capacity"] = "Enter 1 or more seats, or leave this empty."
    if not 1 <= draft.minutes <= LONGEST:
        wrong["minutes"] = "Enter a length between 1 minute and 24 hours."
    if draft.attendance not in {"in_person", "online", "hybrid"}:
        wrong["attendance"] = "Choose in person, online, or both."
    if draft.join_url and not draft.join_url.lower().startswith(("https://", "http://")):
        wrong["join_url"] = "Enter a link that begins with https://"
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    zone_named(draft.zone)


def _refuse_if_over(pattern: Pattern, now: datetime) -> None:
    if pattern.rule and not (repeat_of(pattern).until or repeat_of(pattern).count):
        return
    local = now.astimezone(zone_named(pattern.zone)).replace(tzinfo=None)
    if not slots(pattern, after=local, before=max(local, pattern.first) + timedelta(days=36525)):
        # It would be published without a single date, and nobody would say why.
        sentence = "Choose a time that is still to come."
        raise Invalid(sentence, fields={"first": sentence}, code="over")


def _check_move(starts_at: datetime, length: timedelta, now: datetime) -> None:
    if starts_at <= now:
        raise Invalid("Choose a time that is still to come.", fields={"start": "Choose a time that is still to come."})
    if not timedelta(minutes=1) <= length <= timedelta(minutes=LONGEST):
        raise Invalid("Enter a length between 1 minute and 24 hours.", fields={"minutes": "Enter 1 to 1440 minutes."})


def _place(organisation_id: uuid.UUID, draft: Draft) -> uuid.UUID | None:
    if not (draft.place_name or draft.place_address):
        return None
    wanted = select(Place).where(
        Place.organisation_id == organisation_id,
        Place.name == draft.place_name.strip(),
        Place.address == draft.place_address.strip(),
    )
    place = db.session.scalars(wanted).first()
    if place is None:
        place = Place(
            organisation_id=organisation_id, name=draft.place_name.strip(), address=draft.place_address.strip()
        )
        db.session.add(place)
        db.session.flush()
    return place.id


def _hang_on(meeting: Meeting, draft: Draft, pattern: Pattern) -> None:
    keys = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    directory.enter_id("meeting", meeting.id, organisation_id=meeting.organisation_id)
    weekdays = repeat_of(pattern).weekdays if pattern.rule else (pattern.first.weekday(),)
    minute = pattern.first.hour * 60 + pattern.first.minute
    db.session.add_all(MeetingDay(**keys, weekday=day, start_minute=minute) for day in set(weekdays))
    db.session.add_all(
        MeetingType(**keys, fellowship=draft.fellowship or "aa", code=code) for code in dict.fromkeys(draft.types)
    )
    known = accounts.people_named(meeting.organisation_id, draft.facilitators)
    if len(known) != len(set(draft.facilitators)):
        raise NotFound("One of the facilitators is not in your organisation.")
    db.session.add_all(Facilitator(**keys, person_id=person_id) for person_id in known)
    db.session.flush()


def _ask_anew(occurrence: Occurrence, now: datetime) -> None:
    """Keep every answer, but unconfirmed: the new time has to be answered. No offer outlives an earlier start."""
    until = waitlist.offer_until(now, occurrence.starts_at) or occurrence.starts_at
    for row in rsvps.active_answers(occurrence):
        row.confirmed_at = row.confirmed_via = row.answered_at = None
        if row.offered_until is not None:
            row.offered_until = min(row.offered_until, until)
    db.session.flush()


def _hear_by(occurrence: Occurrence, moment: datetime, now: datetime) -> datetime:
    """Say when a change must have been heard: at the earliest start that anybody may still believe in."""
    earlier = occurrence.hear_by
    return min(moment, earlier) if earlier is not None and earlier > now else moment


def _mark_changed(occurrence: Occurrence, now: datetime) -> None:
    """Calendar apps ignore a change that does not raise SEQUENCE."""
    occurrence.sequence += 1
    occurrence.updated_at = now
    raised = update(Meeting).where(
        Meeting.organisation_id == occurrence.organisation_id, Meeting.id == occurrence.meeting_id
    )
    db.session.execute(raised.values(sequence=Meeting.sequence + 1, updated_at=now))
    db.session.flush()


def _note_change(occurrence: Occurrence, act: str, affected: Iterable[uuid.UUID], by: uuid.UUID | None) -> None:
    accounts.touch_calendars(occurrence.organisation_id, [*affected, *members.concerned(occurrence)])
    organisations.touch_public_calendar(occurrence.organisation_id)
    trail.record(
        act, organisation_id=occurrence.organisation_id, about="occurrence", about_id=occurrence.id, actor_id=by
    )
