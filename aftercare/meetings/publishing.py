"""Publish a meeting, with its dates half a year ahead (product.md 2)."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from aftercare.audit import trail
from aftercare.core import clock, ids, zone_data
from aftercare.core.db import db
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import closed, finder_rows, places, schedule
from aftercare.meetings.models import Facilitator, Meeting, MeetingType
from aftercare.meetings.recurrence import Pattern, next_slot, normalised, zone_named
from aftercare.meetings.repeats import Repeat, write_rule
from aftercare.people import accounts, directory, organisations

LONGEST = 24 * 60


@dataclass(frozen=True)
class Draft:
    """What a counsellor says of a new meeting. `first` is wall time in `zone`; `repeat` None means once.

    `first` is None where a listing is by appointment.
    """

    name: str
    first: datetime | None
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
    is_join_withheld: bool = False
    capacity: int | None = None
    closes_minutes_before: int | None = None
    facilitators: tuple[uuid.UUID, ...] = field(default=())
    holidays: str = ""
    days_off: tuple[date, ...] = ()


def pattern_of(draft: Draft) -> Pattern | None:
    """Give the rule of a draft, its first date moved onto it; None by appointment. Raise Invalid if it cannot be."""
    if draft.first is None:
        return None
    rule = write_rule(draft.repeat) if draft.repeat else None
    pattern = Pattern(draft.first, draft.minutes, rule, draft.zone, draft.holidays, draft.days_off)
    return normalised(pattern)


def publish(organisation_id: uuid.UUID, draft: Draft, *, by: uuid.UUID | None) -> Meeting:
    """Publish a meeting and write out its dates half a year ahead; raise Invalid with the fields that cannot be."""
    check(draft)
    closed.hold(organisation_id)
    pattern = pattern_of(draft)
    if pattern is not None:
        refuse_if_over(pattern, clock.now())
    meeting_id = ids.new()
    meeting = Meeting(
        organisation_id=organisation_id, id=meeting_id, lineage_id=meeting_id, kind=draft.kind,
        name=draft.name.strip(), discreet_title=draft.discreet_title.strip(), description=draft.description.strip(),
        fellowship=draft.fellowship, languages=list(draft.languages), attendance=draft.attendance,
        is_open=draft.is_open, place_detail=draft.place_detail.strip(), join_url=draft.join_url.strip(),
        join_phone=draft.join_phone.strip(), join_notes=draft.join_notes.strip(),
        is_join_withheld=draft.is_join_withheld,
        zone=draft.zone, start_local=pattern and pattern.first, minutes=draft.minutes if pattern else None,
        rule=pattern and pattern.rule, capacity=draft.capacity, closes_minutes_before=draft.closes_minutes_before,
        place_id=places.named(organisation_id, draft.place_name, draft.place_address),
        holidays=draft.holidays, days_off=[day.isoformat() for day in draft.days_off],
        zone_data=zone_data.edition(),
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    _hang_on(meeting, draft)
    if meeting.kind == "programme":
        schedule.extend(meeting)
    organisations.touch_public_calendar(organisation_id)
    trail.record(
        "meeting.published", organisation_id=organisation_id, about="meeting", about_id=meeting.id, actor_id=by,
        kind=meeting.kind,
    )  # fmt: skip
    return meeting


def check(draft: Draft) -> None:
    """Raise Invalid, with the fields, for a draft that cannot be."""
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
    if draft.kind == "fellowship" and draft.is_join_withheld:
        wrong["is_join_withheld"] = "A listing takes no answers, so nobody would ever see how to join."
    if draft.first is None and draft.kind != "fellowship":
        wrong["repeat"] = "Only a listing can be by appointment. A group of yours has dates."
    if draft.first is None and draft.repeat is not None:
        wrong["first"] = "Say when it is first."
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


def refuse_if_over(pattern: Pattern, now: datetime) -> None:
    """Raise Invalid for a series that has no date to come."""
    local = now.astimezone(zone_named(pattern.zone)).replace(tzinfo=None)
    if next_slot(pattern, after=local) is None:
        # It would be published without a single date, and nobody would say why.
        sentence = "Choose a time that is still to come."
        raise Invalid(sentence, fields={"first": sentence}, code="over")


def _hang_on(meeting: Meeting, draft: Draft) -> None:
    keys = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    directory.enter_id("meeting", meeting.id, organisation_id=meeting.organisation_id)
    db.session.add_all(
        MeetingType(**keys, fellowship=draft.fellowship or "aa", code=code) for code in dict.fromkeys(draft.types)
    )
    known = accounts.people_named(meeting.organisation_id, draft.facilitators)
    if len(known) != len(set(draft.facilitators)):
        raise NotFound("One of the facilitators is not in your organisation.")
    db.session.add_all(Facilitator(**keys, person_id=person_id) for person_id in known)
    finder_rows.keep(meeting)
