"""Random lives of groups: published by our verbs, changed as time goes by, where and when the clocks are awkward."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, publishing, schedule
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Repeat
from aftercare.people.models import Organisation, Person
from tests.factories import make_member, make_organisation, make_person

ZONES = (
    "America/New_York",
    "Europe/London",
    "America/Phoenix",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
#: Each has a change of the clocks ahead, in one half of the world or the other; the last is the eve of a leap day.
BEGINNINGS = (
    datetime(2026, 9, 20, 12, tzinfo=UTC),
    datetime(2027, 1, 20, 12, tzinfo=UTC),
    datetime(2027, 9, 5, 23, 30, tzinfo=UTC),
    datetime(2028, 2, 28, 12, tzinfo=UTC),
)
#: How far the clock runs between one look at the calendars and the next.
STEPS = (timedelta(days=1), timedelta(days=24), timedelta(days=47))
#: Around the skipped hour, the hour lived twice (half an hour in Lord Howe), midnight, and an evening.
TIMES = ((0, 0), (0, 45), (1, 0), (1, 30), (1, 45), (2, 0), (2, 15), (2, 59), (3, 0), (18, 30), (22, 0), (23, 30))
LENGTHS = (30, 60, 60, 90, 480, 1440)
Hold = Callable[[datetime], None]


@dataclass
class Life:
    """A clinic, a member of all its groups, and the dice that make their lives."""

    clinic: Organisation
    ana: Person
    dice: Random
    groups: list[Meeting] = field(default_factory=list)

    def dates(self) -> list[tuple[Occurrence, Meeting]]:
        """Give every date that we hold, as written."""
        db.session.rollback()
        rows = select(Occurrence, Meeting).where(
            Occurrence.organisation_id == self.clinic.id, Meeting.id == Occurrence.meeting_id
        )
        return [(row[0], row[1]) for row in db.session.execute(rows.order_by(Occurrence.starts_at, Occurrence.id))]

    def coming(self, *statuses: str) -> list[Occurrence]:
        """Give the dates that can still be changed."""
        return [row for row, _ in self.dates() if row.starts_at > clock.now() and row.status in statuses]


def begin(seed: int, zone: str, hold: Hold, *, groups: int = 3) -> Life:
    """Publish a few groups."""
    dice = Random(f"{zone} {seed}")
    hold(dice.choice(BEGINNINGS))
    clinic = make_organisation(zone=zone)
    life = Life(clinic, make_person(clinic), dice)
    for number in range(groups):
        life.groups.append(_publish(life, f"Group {number}"))
        make_member(life.groups[-1], life.ana)
    return life


def go_on(life: Life, hold: Hold, *, by: timedelta, acts: int = 6) -> None:
    """Let time pass, write out dates as the nightly job does, and change a few."""
    hold(clock.now() + by)
    with transaction():
        for group in life.groups:
            if group.ended_at is None:
                schedule.extend(group)
    for _ in range(acts):
        act = life.dice.choice(ACTS)
        with transaction():
            act(life)


def cancel(life: Life) -> None:
    """Call a date off."""
    for row in _any(life, "scheduled", "moved"):
        changes.cancel_occurrence(life.clinic.id, row.id, by=None)


def move_a_little(life: Life) -> None:
    """Move a date to the next day, onto any hour."""
    for row in _any(life, "scheduled", "moved"):
        changes.move_occurrence(
            life.clinic.id, row.id, to=_at(row.start_local.date() + timedelta(days=1), life), by=None
        )


def move_to_a_clock_change(life: Life) -> None:
    """Move a date to a Sunday of spring or autumn, onto any hour, perhaps for another length."""
    sundays = [day for day in _days_ahead() if day.weekday() == 6 and day.month in (3, 4, 9, 10, 11)]
    for row in _any(life, "scheduled", "moved"):
        day = life.dice.choice(sundays)
        minutes = life.dice.choice(LENGTHS)
        changes.move_occurrence(life.clinic.id, row.id, to=_at(day, life), minutes=minutes, by=None)


def move_out_of_the_window(life: Life) -> None:
    """Move a date further than any calendar reaches."""
    for row in _any(life, "scheduled"):
        far = row.start_local + timedelta(days=300)
        changes.move_occurrence(life.clinic.id, row.id, to=far, by=None)


def move_back(life: Life) -> None:
    """Put a moved date back to where the rule had it, if that is still to come."""
    for row in _any(life, "moved"):
        if row.slot_local and row.slot_local > clock.now().replace(tzinfo=None) + timedelta(days=2):
            changes.move_occurrence(life.clinic.id, row.id, to=row.slot_local, by=None)


ACTS: tuple[Callable[[Life], None], ...] = (
    cancel,
    move_a_little,
    move_to_a_clock_change,
    move_out_of_the_window,
    move_back,
)


def repeat(dice: Random, first: date) -> Repeat | None:
    """Make any repeat that we offer; its weekday is often a Sunday, when clocks change."""
    day = dice.choice((6, 6, 5, *range(7)))
    unit_month = dice.random() < 0.35
    plain = Repeat(
        every=dice.choice((1, 1, 2, 3)),
        unit="month" if unit_month else "week",
        weekdays=(day,) if unit_month else tuple(sorted({day, dice.randrange(7)})),
        nth=dice.choice((1, 2, 4, 5, -1)) if unit_month else None,
        until=first + timedelta(days=dice.randrange(60, 170)) if dice.random() < 0.25 else None,
    )
    counted = Repeat(every=1, weekdays=plain.weekdays, count=dice.randrange(3, 40))
    return dice.choice((plain, plain, plain, plain, counted, None))


def _publish(life: Life, name: str) -> Meeting:
    first = clock.now().date() + timedelta(days=life.dice.randrange(2, 9))
    draft = Draft(
        name=name, first=_at(first, life), minutes=life.dice.choice(LENGTHS), zone=life.clinic.zone,
        repeat=repeat(life.dice, first), is_open=True,
    )  # fmt: skip
    with transaction():
        return publishing.publish(life.clinic.id, draft, by=None)


def _any(life: Life, *statuses: str) -> list[Occurrence]:
    """Draw one of the coming dates, if there is any."""
    coming = life.coming(*statuses)
    return [life.dice.choice(coming)] if coming else []


def _at(day: date, life: Life) -> datetime:
    hour, minute = life.dice.choice(TIMES)
    return datetime.combine(day, datetime.min.time()).replace(hour=hour, minute=minute)


def _days_ahead() -> list[date]:
    return [clock.now().date() + timedelta(days=ahead) for ahead in range(2, 170)]
