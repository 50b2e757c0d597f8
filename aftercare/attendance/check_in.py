"""Check in: by the roll of staff, by the code of the room, or by one's own word (product.md section 4)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.attendance import code_tries, records, room_code
from aftercare.attendance.models import Attendance
from aftercare.attendance.records import Said
from aftercare.attendance.standing import Standing, arrival, is_correction
from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid, Refused, TooMany
from aftercare.core.sealed import keyring
from aftercare.meetings import members, schedule
from aftercare.meetings.members import Tie
from aftercare.meetings.models import Occurrence
from aftercare.people import accounts
from aftercare.people.models import Person

MARKS = ("attended", "late", "excused")
LONGEST_REASON = 500
NOT_OPEN = "Check-in is not open now. It opens 30 minutes before the start."
ASK_HOST = "Please tell your host that you are here."
TOO_MANY = "That was 5 tries. Please tell your host that you are here."
FOUR_NUMBERS = "Enter the 4 numbers of the meeting code."
WRONG_CODE = "That code does not match. Check the 4 numbers with your host."
SAY_WHY = "Say why. More than 3 days after the end, a change is a correction and needs a reason."

_STRANGER = 2
_LONGEST_DATE = timedelta(hours=25)


@dataclass(frozen=True)
class CheckIn:
    """What came of a check-in: the date, the record, and whether nothing new was said by it."""

    occurrence: Occurrence
    record: Attendance
    is_repeat: bool


class WrongCode(Invalid):
    """A code that opens no door; the try is counted all the same."""

    is_kept = True


def by_staff(
    organisation_id: uuid.UUID,
    occurrence_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    by: uuid.UUID,
    mark: str = "attended",
    reason: str | None = None,
) -> CheckIn:
    """Record what staff saw of a patient at a date; more than 72 h after the end only with a reason."""
    now = clock.now()
    occurrence = _lock(organisation_id, occurrence_id)
    person = accounts.require_patient(organisation_id, person_id)
    reason = _check_mark(occurrence, mark, reason, now)
    return _record(occurrence, person, Standing(mark), way="roll", now=now, by=by, reason=reason)


def undo(
    organisation_id: uuid.UUID,
    occurrence_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    by: uuid.UUID,
    reason: str | None = None,
) -> bool:
    """Take a record back, as if nothing had been said; its events stay. False if there was nothing to take back."""
    now = clock.now()
    occurrence = _lock(organisation_id, occurrence_id)
    person = accounts.require_patient(organisation_id, person_id)
    reason = _check_reason(occurrence, reason, now)
    if not records.take_back(occurrence, person.id, at=now, by=by, reason=reason):
        return False
    if occurrence.roll == "open" and occurrence.status == "held" and not records.arrivals(occurrence):
        occurrence.status = schedule.status_of(occurrence)
    _tell(occurrence, person, "undone", way="roll", by=by)
    return True


def by_code(person: Person, code: str, *, way: str = "code", is_online: bool = False) -> CheckIn:
    """Check a patient in with the code said in the room, typed (`code`) or texted (`text`) while the door is open.

    Raises Conflict `not_open`; Invalid `not_a_code`; WrongCode `wrong_code`; TooMany `too_many_tries` after five wrong
    ones. A wrong try counts for every date that is open, and is kept although it is refused.
    """
    now = clock.now()
    accounts.require_patient(person.organisation_id, person.id)
    given = "".join(code.split())
    if not (given.isascii() and given.isdigit() and len(given) == room_code.DIGITS):
        raise Invalid(FOUR_NUMBERS, fields={"code": FOUR_NUMBERS}, code="not_a_code")
    doors = open_dates(person, now)
    if not doors:
        raise Conflict(NOT_OPEN, code="not_open")
    locked = _lock_all([door.occurrence for door in doors])
    tried = code_tries.of_person(person, locked)
    allowed = [door.occurrence for door in doors if room_code.may_try(tried[door.occurrence.id])]
    occurrence = next((each for each in allowed if _opens(each, given)), None)
    if occurrence is None:
        raise _wrong(person, locked, allowed, now)
    return _record(occurrence, person, arrival(now, occurrence.starts_at), way=way, now=now, is_online=is_online)


def by_self(person: Person) -> CheckIn:
    """Note a patient's own word that they are at a date of theirs which is open now; worth the least of all ways.

    Raises Conflict: `not_open` if no door is open, `ask_host` if only doors of others are.
    """
    now = clock.now()
    accounts.require_patient(person.organisation_id, person.id)
    doors = open_dates(person, now)
    if not doors:
        raise Conflict(NOT_OPEN, code="not_open")
    theirs = [door for door in doors if _nearness(door) < _STRANGER]
    if not theirs:
        raise Conflict(ASK_HOST, code="ask_host")
    occurrence = _lock(person.organisation_id, theirs[0].occurrence.id)
    return _record(occurrence, person, arrival(now, occurrence.starts_at), way="self", now=now)


def excuse(person: Person, occurrence_id: uuid.UUID) -> CheckIn:
    """Note a patient's own word that they cannot come to a date; whatever staff see there outweighs it.

    Why is not kept here: their words are erased with the text that they stand in.
    """
    now = clock.now()
    accounts.require_patient(person.organisation_id, person.id)
    occurrence = _lock(person.organisation_id, occurrence_id)
    return _record(occurrence, person, Standing.EXCUSED, way="self", now=now)


def take_back_excuse(person: Person, occurrence_id: uuid.UUID) -> bool:
    """Forget that a patient excused themselves: they come after all. False if there was nothing to forget."""
    occurrence = _lock(person.organisation_id, occurrence_id)
    record = records.find(occurrence, person.id)
    if record is None or (record.state, record.way) != (Standing.EXCUSED, "self"):
        return False
    records.take_back(occurrence, person.id, at=clock.now(), by=person.id, reason=None, way="self")
    _tell(occurrence, person, "undone", way="self", by=person.id)
    return True


def code_of(occurrence: Occurrence) -> str:
    """Give the room code of a date, for its host."""
    return room_code.code_for(occurrence.id, _secret(occurrence))


def open_dates(person: Person, now: datetime) -> list[Tie]:
    """Give the dates into which somebody could check in now: first those they are going to, then those of their groups,
    then any other of the organisation; the nearest start first.
    """
    found = members.ties(
        person,
        since=now - _LONGEST_DATE,
        until=now + room_code.OPENS_BEFORE_START,
        ending_after=now - room_code.CLOSES_AFTER_END,
    )
    held = [tie for tie in found if tie.occurrence.status != "cancelled"]
    return sorted(held, key=lambda tie: (_nearness(tie), abs(tie.occurrence.starts_at - now)))


def _lock(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled.", code="cancelled")
    return occurrence


def _lock_all(occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Lock dates in one order, so that two who type a code at once never wait for each other."""
    ids = sorted(occurrence.id for occurrence in occurrences)
    wanted = (
        select(Occurrence)
        .where(Occurrence.organisation_id == occurrences[0].organisation_id, Occurrence.id.in_(ids))
        .order_by(Occurrence.id)
        .with_for_update()
    )
    return list(db.session.scalars(wanted, execution_options={"populate_existing": True}))


def _check_mark(occurrence: Occurrence, mark: str, reason: str | None, now: datetime) -> str | None:
    if mark not in MARKS:
        raise Invalid("Choose attended, late or excused.", fields={"mark": "Choose attended, late or excused."})
    opens, _ = room_code.window(occurrence.starts_at, occurrence.ends_at)
    if mark != "excused" and now < opens:
        raise Conflict(NOT_OPEN, code="not_open")
    reason = _check_reason(occurrence, reason, now)
    if mark == "excused" and reason is None:
        raise Invalid("Say why they are excused.", fields={"reason": "Say why they are excused."}, code="needs_reason")
    return reason


def _check_reason(occurrence: Occurrence, reason: str | None, now: datetime) -> str | None:
    given = (reason or "").strip() or None
    if given is None and is_correction(occurrence.ends_at, now=now):
        raise Invalid(SAY_WHY, fields={"reason": SAY_WHY}, code="needs_reason")
    if given is not None and len(given) > LONGEST_REASON:
        raise Invalid("Say it in 500 characters.", fields={"reason": "Say it in 500 characters."})
    return given


def _opens(occurrence: Occurrence, code: str) -> bool:
    return room_code.is_right(code, occurrence.id, _secret(occurrence))


def _secret(occurrence: Occurrence) -> bytes:
    return keyring().sign(str(occurrence.id), purpose="room code")


def _wrong(person: Person, doors: Sequence[Occurrence], allowed: Sequence[Occurrence], now: datetime) -> Refused:
    """Count a wrong try at every door that was tried, and say what to do next."""
    if not allowed:
        closes = max(room_code.window(door.starts_at, door.ends_at)[1] for door in doors)
        wait = int((closes - now).total_seconds()) + 1
        return TooMany(TOO_MANY, retry_after=wait, code="too_many_tries")
    code_tries.count(person, allowed)
    return WrongCode(WRONG_CODE, fields={"code": WRONG_CODE}, code="wrong_code")


def _nearness(tie: Tie) -> int:
    """Rank how near a date is to somebody: they go, the group is theirs, it is somebody else's."""
    if tie.answer == "going":
        return 0
    return 1 if tie.is_member or tie.answer in ("maybe", "waitlisted", "offered") else _STRANGER


def _credit_date(occurrence: Occurrence, person: Person, *, is_online: bool) -> date:
    """Give the local date of the start: on the wall of the place; online, of the patient (product.md section 4)."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    if meeting.attendance == "online" or (is_online and meeting.attendance == "hybrid"):
        return occurrence.starts_at.astimezone(ZoneInfo(person.zone)).date()
    return occurrence.start_local.date()


def _record(
    occurrence: Occurrence,
    person: Person,
    state: Standing,
    *,
    way: str,
    now: datetime,
    by: uuid.UUID | None = None,
    reason: str | None = None,
    is_online: bool = False,
) -> CheckIn:
    said = Said(
        person_id=person.id,
        state=state,
        way=way,
        at=now,
        # Staff who finish the roll afterwards know that somebody came, not when.
        arrived_at=now
        if room_code.is_open(occurrence.starts_at, occurrence.ends_at, now=now)
        else occurrence.starts_at,
        credit_date=_credit_date(occurrence, person, is_online=is_online),
        by=by,
        reason=reason,
    )
    record, is_new = records.write(occurrence, said)
    if said.is_arrival and now >= occurrence.starts_at:
        occurrence.status = "held"
    _tell(occurrence, person, record.state, way=way, by=by)
    return CheckIn(occurrence, record, is_repeat=not is_new)


def _tell(occurrence: Occurrence, person: Person, state: str, *, way: str, by: uuid.UUID | None) -> None:
    """Leave a trace, and let the person's calendar follow: it shows their streak."""
    db.session.flush()
    accounts.touch_calendars(person.organisation_id, [person.id])
    trail.record(
        "attendance.recorded", organisation_id=occurrence.organisation_id, about="occurrence",
        about_id=occurrence.id, person_id=person.id, actor_id=by or person.id, state=state, way=way,
    )  # fmt: skip
