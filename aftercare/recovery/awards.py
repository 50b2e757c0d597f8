"""Milestones given: unique, never taken back, said once by text on the day itself (product.md section 5)."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from aftercare.attendance.models import AttendanceEvent
from aftercare.core import clock
from aftercare.core.db import db, insert_once
from aftercare.messaging import outbox
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import progress
from aftercare.recovery.milestones import Kind, reached
from aftercare.recovery.models import Milestone, Path
from aftercare.recovery.progress import Progress
from aftercare.recovery.streaks import Status, week_of

LOOKS_BACK = timedelta(days=7)
# What was recorded a moment ago may be committed a moment later than somebody is looked at.
OVERLAP = timedelta(minutes=1)
TEXTS: dict[str, str] = {"meetings": "milestone", "weeks": "milestone_weeks"}


def of(person: Person) -> Sequence[Milestone]:
    """Give what somebody has reached, newest first."""
    wanted = select(Milestone).where(
        Milestone.organisation_id == person.organisation_id, Milestone.person_id == person.id
    )
    order = (Milestone.reached_on.desc(), Milestone.number.desc(), Milestone.kind)
    return db.session.scalars(wanted.order_by(*order)).all()


def due(*, limit: int = 500) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Find people of whom something was recorded since they were noted last: (organisation, person)."""
    of_person = and_(
        Path.organisation_id == AttendanceEvent.organisation_id, Path.person_id == AttendanceEvent.person_id
    )
    wanted = (
        select(AttendanceEvent.organisation_id, AttendanceEvent.person_id)
        .outerjoin(Path, of_person)
        .where(
            AttendanceEvent.at > clock.now() - LOOKS_BACK,
            or_(Path.noted_until.is_(None), AttendanceEvent.at > Path.noted_until),
        )
        .distinct()
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def note_of(organisation_id: uuid.UUID, person_id: uuid.UUID) -> list[Milestone]:
    """Note what one of those who are `due` has reached, and that they were looked at."""
    return note(accounts.get_person(organisation_id, person_id))


def note(person: Person) -> list[Milestone]:
    """Write down what somebody has newly reached, and tell them once; doing it again changes nothing."""
    looked_at = clock.now()
    progress.enrol(person, on=progress.first_day(person)).noted_until = looked_at - OVERLAP
    made = progress.whole(person)
    had = {(row.kind, row.number) for row in of(person)}
    newly = [each for each in _milestones(person, made) if (each.kind, each.number) not in had and _insert(each)]
    if newly:
        accounts.touch_calendars(person.organisation_id, [person.id])
    for kind in TEXTS:
        of_kind = [each for each in newly if each.kind == kind]
        if of_kind:
            _tell(person, max(of_kind, key=lambda each: each.number), made.facts.today)
    return newly


def _milestones(person: Person, made: Progress) -> list[Milestone]:
    days: dict[Kind, list[date]] = {"meetings": sorted(made.facts.credited), "weeks": _days_goal_was_met(made)}
    return [
        Milestone(
            organisation_id=person.organisation_id,
            person_id=person.id,
            kind=kind,
            number=number,
            reached_on=days[kind][number - 1],
        )
        for kind, number in reached(made.streak.total, made.streak.weeks_on_goal)
    ]


def _days_goal_was_met(made: Progress) -> list[date]:
    """Give for each week on goal the day of the visit that met it."""
    visits: dict[date, list[date]] = {}
    for day in sorted(made.facts.credited):
        visits.setdefault(week_of(day, made.facts.week_start), []).append(day)
    met = (week for week in made.streak.weeks if week.status == Status.MET)
    return [visits[week.start][max(1, week.goal) - 1] for week in met]


def _insert(milestone: Milestone) -> bool:
    """Write a row unless another sweep has; the one who wrote it tells the person."""
    columns = ("organisation_id", "person_id", "kind", "number", "reached_on")
    return insert_once(Milestone, **{name: getattr(milestone, name) for name in columns})


def _tell(person: Person, milestone: Milestone, today: date) -> None:
    """Say it on the day it was reached: a day later "today" would be wrong, and old history is not news."""
    if milestone.reached_on != today:
        return
    midnight = datetime.combine(today + timedelta(days=1), time(), ZoneInfo(person.zone))
    outbox.post(
        person,
        TEXTS[milestone.kind],
        once=f"milestone:{milestone.kind}:{milestone.number}:{person.id}",
        occurs_on=milestone.reached_on,
        useful_until=midnight,
        count=milestone.number,
    )
