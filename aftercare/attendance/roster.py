"""The roster of one date: who is expected, what they said, who is here, and how the last dates went.

Four statements, however many people: a roster is read on a phone at the door. It joins the tables of the floors below,
because asking each for its part would be a statement for each.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all

from aftercare.attendance.models import Attendance
from aftercare.attendance.standing import CREDITED, Standing, is_expected, standing
from aftercare.core.db import db
from aftercare.core.errors import NotFound
from aftercare.meetings import members
from aftercare.meetings.models import Meeting, Occurrence, Place, Rsvp
from aftercare.people.models import Person

LAST_DATES = 8
HOLDING = ("going", "offered")


@dataclass(frozen=True)
class Line:
    """One person on the roster. `visits`: the last dates, oldest first; True came, False not there, None not known."""

    person: Person
    name: str
    answer: Rsvp | None
    record: Attendance | None
    standing: Standing
    is_expected: bool
    place_in_line: int | None
    visits: tuple[bool | None, ...]


@dataclass(frozen=True)
class Roster:
    """One date and everybody on its roster, by name."""

    occurrence: Occurrence
    meeting: Meeting
    place: Place | None
    lines: tuple[Line, ...]

    @property
    def here(self) -> int:
        """Count who is here."""
        return sum(line.standing in CREDITED for line in self.lines)

    @property
    def said_yes(self) -> int:
        """Count who holds a seat."""
        return sum(line.answer is not None and line.answer.status in HOLDING for line in self.lines)

    @property
    def waiting(self) -> int:
        """Count who waits for a seat."""
        return sum(line.place_in_line is not None for line in self.lines)


def of(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Roster:
    """Give the roster of a date of an organisation; raise NotFound."""
    occurrence, meeting, place = _date(organisation_id, occurrence_id)
    people = _people(occurrence)
    earlier = _earlier(occurrence)
    marks = _marks(organisation_id, earlier)
    places = _places_in_line([answer for _, answer, _, _ in people if answer is not None])
    lines = [_line(occurrence, row, places.get(row[0].id), _visits(earlier, marks, row[0].id)) for row in people]
    return Roster(
        occurrence, meeting, place, tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.person.id)))
    )


_Found = tuple[Person, Rsvp | None, Attendance | None, bool]
_Marks = dict[tuple[uuid.UUID, uuid.UUID], dict[str, str]]


def _date(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> tuple[Occurrence, Meeting, Place | None]:
    wanted = (
        select(Occurrence, Meeting, Place)
        .join(Meeting, and_(Meeting.organisation_id == Occurrence.organisation_id, Meeting.id == Occurrence.meeting_id))
        .outerjoin(
            Place,
            and_(
                Place.organisation_id == Occurrence.organisation_id,
                Place.id == func.coalesce(Occurrence.place_id, Meeting.place_id),
            ),
        )
        .where(Occurrence.organisation_id == organisation_id, Occurrence.id == occurrence_id)
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound("There is no such date.")
    return found[0], found[1], found[2]


def _people(occurrence: Occurrence) -> list[_Found]:
    recorded = _records_of(occurrence)
    there = select(Attendance.person_id).where(recorded)
    wanted = (
        select(Person, Rsvp, Attendance, members.is_member_at(Person.id))
        .join(Occurrence, and_(Occurrence.organisation_id == Person.organisation_id, Occurrence.id == occurrence.id))
        .outerjoin(
            Rsvp,
            and_(
                Rsvp.organisation_id == Person.organisation_id,
                Rsvp.occurrence_id == occurrence.id,
                Rsvp.person_id == Person.id,
            ),
        )
        .outerjoin(Attendance, and_(recorded, Attendance.person_id == Person.id))
        .where(
            Person.organisation_id == occurrence.organisation_id,
            Person.id.in_(members.concerned_by(occurrence, there)),
            or_(Person.left_at.is_(None), Attendance.id.is_not(None)),
        )
    )
    return [(row[0], row[1], row[2], bool(row[3])) for row in db.session.execute(wanted)]


def _earlier(occurrence: Occurrence) -> Sequence[tuple[uuid.UUID, str]]:
    """Give the last dates of the meeting before this one, oldest first: (date, state of its roll)."""
    wanted = (
        select(Occurrence.id, Occurrence.roll)
        .where(
            Occurrence.organisation_id == occurrence.organisation_id,
            Occurrence.meeting_id == occurrence.meeting_id,
            Occurrence.starts_at < occurrence.starts_at,
            Occurrence.status != "cancelled",
        )
        .order_by(Occurrence.starts_at.desc(), Occurrence.id.desc())
        .limit(LAST_DATES)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)][::-1]


def _marks(organisation_id: uuid.UUID, earlier: Sequence[tuple[uuid.UUID, str]]) -> _Marks:
    """Give all that is known of people at several dates in one statement: record, answer, membership."""
    ids = [occurrence_id for occurrence_id, _ in earlier]
    if not ids:
        return {}
    recorded = select(Attendance.occurrence_id, Attendance.person_id, literal("record"), Attendance.state).where(
        Attendance.organisation_id == organisation_id, Attendance.occurrence_id.in_(ids)
    )
    answered = select(Rsvp.occurrence_id, Rsvp.person_id, literal("answer"), Rsvp.status).where(
        Rsvp.organisation_id == organisation_id, Rsvp.occurrence_id.in_(ids)
    )
    marks: _Marks = defaultdict(dict)
    known = union_all(recorded, answered, members.members_at(organisation_id, ids))
    for row in db.session.execute(known).all():
        marks[row[0], row[1]][row[2]] = row[3]
    return marks


def _visits(earlier: Sequence[tuple[uuid.UUID, str]], marks: _Marks, person_id: uuid.UUID) -> tuple[bool | None, ...]:
    visits = [_visit(marks.get((occurrence_id, person_id), {}), roll) for occurrence_id, roll in earlier]
    known = [number for number, visit in enumerate(visits) if visit is not None]
    return tuple(visits[known[0] :]) if known else ()


def _visit(known: dict[str, str], roll: str) -> bool | None:
    expected = is_expected(known.get("answer", "none"), is_member="member" in known)
    was = standing(known.get("record"), expected=expected, held=roll == "final", final=roll == "final")
    return True if was in CREDITED else False if was == Standing.NO_SHOW else None


def _line(occurrence: Occurrence, found: _Found, place_in_line: int | None, visits: tuple[bool | None, ...]) -> Line:
    person, answer, record, is_member = found
    expected = is_expected(answer.status if answer else "none", is_member=is_member)
    is_final = occurrence.roll == "final"
    return Line(
        person=person,
        name=person.name,
        answer=answer,
        record=record,
        standing=standing(record.state if record else None, expected=expected, held=is_final, final=is_final),
        is_expected=expected,
        place_in_line=place_in_line,
        visits=visits,
    )


def _places_in_line(answers: Sequence[Rsvp]) -> dict[uuid.UUID, int]:
    line = sorted((row for row in answers if row.status == "waitlisted"), key=lambda row: row.position or 0)
    return {row.person_id: number for number, row in enumerate(line, 1)}


def _records_of(occurrence: Occurrence) -> ColumnElement[bool]:
    return and_(
        Attendance.organisation_id == occurrence.organisation_id,
        Attendance.occurs_on == occurrence.occurs_on,
        Attendance.occurrence_id == occurrence.id,
    )
