"""How far somebody has come: the facts from the database, the law's streak from the facts (product.md section 5)."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.attendance import records, standing
from aftercare.core import clock
from aftercare.core.db import db, insert_once
from aftercare.core.errors import Invalid
from aftercare.meetings import members
from aftercare.meetings.members import Counted
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import streaks
from aftercare.recovery.models import Goal, Path, Pause
from aftercare.recovery.streaks import FIRST_GOAL, Facts, Streak

MOST_GOAL, MOST_DAYS = 21, 366
_ONE_WEEK = timedelta(days=streaks.DAYS)
#: What was recorded of somebody: (date of a meeting, state, day it is credited to).
Recorded = Sequence[tuple[uuid.UUID, str, date]]


@dataclass(frozen=True)
class Progress:
    """A streak, with what it was counted from (facts, and what was recorded), and how its person wants to see it."""

    facts: Facts
    streak: Streak
    shows_streak: bool
    recorded: Recorded


def of(person: Person) -> Streak:
    """Count somebody's streak as of today, in their own zone."""
    return streaks.streak_of(facts_of(person))


def whole(person: Person) -> Progress:
    """Give somebody's streak with its facts and settings, in as many statements as the facts alone."""
    path, recorded = find_path(person), _recorded(person)
    facts = _facts(person, path, recorded)
    shows_streak = path is None or path.shows_streak
    return Progress(facts, streaks.streak_of(facts), shows_streak=shows_streak, recorded=recorded)


def facts_of(person: Person) -> Facts:
    """Gather all that a streak depends on, in five statements however long the history."""
    return _facts(person, find_path(person), _recorded(person))


def total(person: Person) -> int:
    """Count the meetings somebody has come to, ever."""
    return sum(_is_credited(state) for _, state, _ in _recorded(person))


def find_path(person: Person) -> Path | None:
    """Give somebody's settings of the streak, or None if they were never enrolled."""
    return db.session.get(Path, (person.organisation_id, person.id))


def enrol(person: Person, *, goal: int = FIRST_GOAL, week_start: int = 0, on: date | None = None) -> Path:
    """Let somebody's path begin on a day (default: today), with a goal; doing it again changes nothing."""
    path = find_path(person)
    if path is not None:
        return path
    key = {"organisation_id": person.organisation_id, "person_id": person.id}
    if insert_once(Path, **key, enrolled_on=on or clock.today(person.zone), week_start=week_start):
        set_goal(person, goal)
    return db.session.get_one(Path, tuple(key.values()))


def first_day(person: Person) -> date:
    """Say the day on which somebody was added: where a path begins that nobody began."""
    return person.created_at.astimezone(ZoneInfo(person.zone)).date()


def set_goal(person: Person, meetings: int) -> None:
    """Set how many meetings a week somebody wants to come to; a rise counts from next week, a cut from this one."""
    check_goal(meetings)
    key = {"organisation_id": person.organisation_id, "person_id": person.id, "set_on": clock.today(person.zone)}
    # Who taps twice sends two requests at once: the second waits for the first, and then finds its row.
    if not insert_once(Goal, **key, meetings=meetings):
        db.session.get_one(Goal, tuple(key.values()), populate_existing=True).meetings = meetings
    _changed(person)


def check_goal(meetings: int) -> None:
    """Raise Invalid for a goal that nobody can set."""
    if not 1 <= meetings <= MOST_GOAL:
        raise Invalid("Choose 1 to 21 meetings a week.", fields={"goal": "Choose 1 to 21 meetings a week."})


def set_week_start(person: Person, weekday: int) -> None:
    """Set the day on which somebody's weeks begin (0 is Monday)."""
    if not 0 <= weekday < streaks.DAYS:
        raise Invalid("Choose a day of the week.", fields={"week_start": "Choose a day of the week."})
    enrol(person).week_start = weekday
    _changed(person)


def show_streak(person: Person, shows: bool) -> None:
    """Show somebody their weeks in a row, or keep quiet about them; nothing is counted differently."""
    enrol(person).shows_streak = shows
    _changed(person)


def set_pause(person: Person, days: int) -> Pause:
    """Let somebody rest from today on: those days ask nothing."""
    check_pause(days)
    today = clock.today(person.zone)
    pause = Pause(
        organisation_id=person.organisation_id,
        person_id=person.id,
        first_day=today,
        last_day=today + timedelta(days=days - 1),
    )
    db.session.add(pause)
    _changed(person)
    return pause


def rest(person: Person, days: int) -> date | None:
    """Let somebody rest for so many days from today, whatever rest they had asked for; none ends it. Raise Invalid."""
    if days < 1:
        end_pause(person)
        return None
    check_pause(days)
    end_pause(person)
    return set_pause(person, days).last_day


def check_pause(days: int) -> None:
    """Raise Invalid for a pause that nobody can take."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("Choose 1 to 366 days.", fields={"days": "Choose 1 to 366 days."})


def end_pause(person: Person) -> None:
    """End what pauses somebody has today; the days already rested stay so."""
    today = clock.today(person.zone)
    for pause in _running(person, today):
        if pause.first_day >= today:
            db.session.delete(pause)
        else:
            pause.last_day = today - timedelta(days=1)
    _changed(person)


def paused_until(person: Person) -> date | None:
    """Say the last day of the pause that somebody has today, or None."""
    return max((pause.last_day for pause in _running(person, clock.today(person.zone))), default=None)


def goal_of(person: Person) -> int:
    """Say the goal that somebody chose last."""
    return max(_goals(person), default=(date.min, FIRST_GOAL))[1]


def _recorded(person: Person) -> Recorded:
    return records.of_person(person.organisation_id, person.id)


def _facts(person: Person, path: Path | None, recorded: Recorded) -> Facts:
    now = clock.now()
    today = now.astimezone(ZoneInfo(person.zone)).date()
    enrolled_on = path.enrolled_on if path else first_day(person)
    known = {occurrence_id: state for occurrence_id, state, _ in recorded}
    dates = _dates(person, enrolled_on, now)
    # What the host called off needs no excuse, though one was given before.
    called_off = [each for each in dates if _is_called_off(each) and not _is_credited(known.get(each.id, ""))]
    off = {each.id for each in called_off}
    return Facts(
        today=today,
        enrolled_on=enrolled_on,
        credited=[day for _, state, day in recorded if _is_credited(state)],
        excused=[day for key, state, day in recorded if state == standing.Standing.EXCUSED and key not in off],
        host_cancelled=_days(person, called_off),
        unknown=_days(person, (each for each in dates if each.id not in known and _is_unknown(each, now))),
        goals=_goals(person),
        pauses=[streaks.Pause(pause.first_day, pause.last_day) for pause in _pauses(person)],
        week_start=path.week_start if path else 0,
    )


def _dates(person: Person, enrolled_on: date, now: datetime) -> list[Counted]:
    """Give the dates that were somebody's since they began, up to a week ahead: a week may be relieved in advance."""
    since = datetime.combine(enrolled_on, time(), ZoneInfo(person.zone)) - _ONE_WEEK
    return members.counted(person, since=since, until=now + _ONE_WEEK)


def _is_called_off(date_: Counted) -> bool:
    """Say whether somebody was expected at a date that the host cancelled."""
    return date_.status == "cancelled" and standing.is_expected(date_.answer, is_member=date_.is_member)


def _is_unknown(date_: Counted, now: datetime) -> bool:
    """Say whether nobody knows yet if somebody who was expected came."""
    is_over = date_.ends_at <= now and date_.status != "cancelled" and date_.roll != "final"
    return is_over and standing.is_expected(date_.answer, is_member=date_.is_member)


def _days(person: Person, dates: Iterable[Counted]) -> Collection[date]:
    zone = ZoneInfo(person.zone)
    return [
        date_.starts_at.astimezone(zone).date() if date_.attends == "online" else date_.start_local.date()
        for date_ in dates
    ]


def _is_credited(state: str) -> bool:
    return state in records.CREDITED_STATES


def _goals(person: Person) -> list[tuple[date, int]]:
    wanted = select(Goal.set_on, Goal.meetings).where(
        Goal.organisation_id == person.organisation_id, Goal.person_id == person.id
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def _pauses(person: Person) -> Collection[Pause]:
    wanted = select(Pause).where(Pause.organisation_id == person.organisation_id, Pause.person_id == person.id)
    return db.session.scalars(wanted).all()


def _running(person: Person, today: date) -> list[Pause]:
    return [pause for pause in _pauses(person) if pause.first_day <= today <= pause.last_day]


def _changed(person: Person) -> None:
    """Let the calendar follow: it shows the streak."""
    db.session.flush()
    accounts.touch_calendars(person.organisation_id, [person.id])
