"""Random lives of groups: published by our verbs, changed as time goes by, where and when the clocks are awkward."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Refused
from aftercare.meetings import changes, closures, dates, drafts, publishing, schedule, series
from aftercare.meetings.closures import Plan
from aftercare.meetings.dates import Extra
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Repeat, instant
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
    listings: list[Meeting] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

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
    """Publish a few groups, and one listing."""
    dice = Random(f"{zone} {seed}")
    hold(dice.choice(BEGINNINGS))
    clinic = make_organisation(zone=zone)
    life = Life(clinic, make_person(clinic), dice)
    for number in range(groups):
        life.groups.append(_publish(life, f"Group {number}"))
        make_member(life.groups[-1], life.ana)
    life.listings.append(_publish(life, "Listing", kind="fellowship"))
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
        with suppress(Refused), transaction():
            act(life)
            life.done.add(act.__name__)


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


def reinstate(life: Life) -> None:
    """Let a cancelled date take place after all."""
    for row in _any(life, "cancelled"):
        changes.reinstate_occurrence(life.clinic.id, row.id, by=None)


def add(life: Life) -> None:
    """Add a date that no rule gave, on any of the days ahead."""
    extra = Extra(start=_at(life.dice.choice(_days_ahead()), life), minutes=life.dice.choice(LENGTHS))
    group = life.dice.choice(life.groups)
    starts_at = instant(extra.start, group.zone)
    if group.ended_at is None and not schedule.has_date_at(group, starts_at):
        dates.add_date(life.clinic.id, group.id, extra, by=None)


def change_place(life: Life) -> None:
    """Let a date take place elsewhere."""
    for row in _any(life, "scheduled", "moved"):
        dates.change_place(life.clinic.id, row.id, name="Library", address="2 Oak Street", by=None)


def change_all(life: Life) -> None:
    """Give a series another time, length or rule, for all its dates to come."""
    for group in _one_that_goes_on(life):
        series.change(life.clinic.id, group.id, _otherwise(life, group, group.start_local), by=None)


def change_following(life: Life) -> None:
    """Give a series another time, length or rule from a day on: it becomes two."""
    for group in _one_that_goes_on(life):
        since = life.dice.choice(_days_ahead())
        begins = datetime.combine(since, datetime.min.time())
        edited = series.change(life.clinic.id, group.id, _otherwise(life, group, begins), since=since, by=None)
        life.groups += [edited.meeting] if edited.meeting.id != group.id else []


def end(life: Life) -> None:
    """Let a series have no date from a day on."""
    for group in _one_that_goes_on(life):
        series.end(life.clinic.id, group.id, since=life.dice.choice(_days_ahead()), by=None)


def close(life: Life) -> None:
    """Close one meeting, a listing too, or everything, for some days."""
    first = life.dice.choice(_days_ahead())
    meeting = life.dice.choice([*life.groups, *life.listings, None])
    plan = Plan(
        scope="meeting" if meeting else "organisation", first_day=first,
        last_day=first + timedelta(days=life.dice.randrange(0, 20)), meeting_id=meeting.id if meeting else None,
    )  # fmt: skip
    closures.close(life.clinic.id, plan, by=None)


def open_again(life: Life) -> None:
    """Open early what was closed."""
    for closure in closures.standing(life.clinic.id)[:1]:
        closures.lift(life.clinic.id, closure.closure.id, by=None)


ACTS: tuple[Callable[[Life], None], ...] = (
    cancel,
    cancel,
    move_a_little,
    move_to_a_clock_change,
    move_out_of_the_window,
    move_back,
    reinstate,
    add,
    change_place,
    change_all,
    change_following,
    change_following,
    end,
    close,
    open_again,
)


def repeat(dice: Random, first: date) -> Repeat | None:
    """Make any repeat that we offer; its weekday is often a Sunday, when clocks change."""
    shape = dice.choice((_by_weeks, _by_weeks, _by_weekdays_of_months, _by_days_of_months, _by_days, _once))(dice)
    if shape is None:
        return None
    end = dice.random()
    if end < 0.2:
        return replace(shape, until=first + timedelta(days=dice.randrange(60, 170)))
    return replace(shape, count=dice.randrange(3, 40)) if end < 0.4 else shape


def _by_weeks(dice: Random) -> Repeat:
    days = {dice.choice((6, 6, 5, *range(7))), dice.randrange(7)}
    return Repeat(every=dice.choice((1, 1, 2, 3)), weekdays=tuple(sorted(days)))


def _by_weekdays_of_months(dice: Random) -> Repeat:
    nth, *also = dice.sample((1, 2, 3, 4, 5, -1), dice.choice((1, 1, 2)))
    return Repeat(
        every=dice.choice((1, 1, 2)), unit="month", weekdays=(dice.choice((6, 5, 4)),), nth=nth, also=tuple(also)
    )


def _by_days_of_months(dice: Random) -> Repeat:
    days = dice.choice(((31,), (-1,), (29,), (30,), (1, 15), (15, -1)))
    return Repeat(every=dice.choice((1, 1, 2)), unit="month", month_days=days)


def _by_days(dice: Random) -> Repeat:
    return Repeat(every=dice.choice((3, 7, 10)), unit="day")


def _once(dice: Random) -> None:
    """Let a group take place once."""


def _publish(life: Life, name: str, *, kind: str = "programme") -> Meeting:
    first = clock.now().date() + timedelta(days=life.dice.randrange(2, 9))
    days_off = (first + timedelta(days=life.dice.randrange(7, 120)) for _ in range(40))
    draft = Draft(
        name=name, kind=kind, first=_at(first, life), minutes=life.dice.choice(LENGTHS), zone=life.clinic.zone,
        repeat=repeat(life.dice, first), is_open=True, holidays=life.dice.choice(("", "", "US", "US-CA")),
        days_off=tuple(days_off) if life.dice.random() < 0.4 else (),
    )  # fmt: skip
    with suppress(Refused), transaction():
        return publishing.publish(life.clinic.id, draft, by=None)
    # All its dates fell on days off.
    return _publish(life, name, kind=kind)


def _one_that_goes_on(life: Life) -> list[Meeting]:
    going_on = [group for group in life.groups if group.ended_at is None]
    return [life.dice.choice(going_on)] if going_on else []


def _otherwise(life: Life, group: Meeting, begins: datetime | None) -> Draft:
    draft = drafts.of(group)
    start = begins or draft.first
    assert start
    first = _at(start.date(), life)
    changes_of_it: list[dict[str, Any]] = [
        {"first": first},
        {"minutes": life.dice.choice(LENGTHS)},
        {"first": first, "repeat": repeat(life.dice, first.date())},
        {"days_off": tuple(day for day in _days_ahead() if life.dice.random() < 0.1)},
    ]
    return replace(draft, **life.dice.choice(changes_of_it))


def _any(life: Life, *statuses: str) -> list[Occurrence]:
    """Draw one of the coming dates, if there is any."""
    coming = life.coming(*statuses)
    return [life.dice.choice(coming)] if coming else []


def _at(day: date, life: Life) -> datetime:
    hour, minute = life.dice.choice(TIMES)
    return datetime.combine(day, datetime.min.time()).replace(hour=hour, minute=minute)


def _days_ahead() -> list[date]:
    return [clock.now().date() + timedelta(days=ahead) for ahead in range(2, 170)]
