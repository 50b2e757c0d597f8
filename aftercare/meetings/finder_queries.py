"""The three questions of the finder: listings that keep the organisation's time, other listings, programme dates.

Listings that keep the organisation's time (nearly all) are read in order from the index of weekday and minute. Those
of other zones are few: they are read for all the days asked for, and turned into the organisation's time one by one.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, literal, or_, select, tuple_, union_all

from aftercare.core.db import db
from aftercare.meetings import finder_filters
from aftercare.meetings.models import Meeting, MeetingDay, Occurrence, Place
from aftercare.meetings.recurrence import Pattern, instant, is_on
from aftercare.meetings.wishes import WHOLE_DAY, Wish

Key = tuple[datetime, uuid.UUID]
Span = tuple[int, int]
DAY = timedelta(days=1)
DEFAULT_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that takes place; the order of a list is by start and then by id."""

    key: Key
    meeting_id: uuid.UUID
    ends_at: datetime
    status: str = "scheduled"
    place_id: uuid.UUID | None = None

    @property
    def starts_at(self) -> datetime:
        """Give the start."""
        return self.key[0]


@dataclass(frozen=True)
class Sought:
    """A wish with what the questions need: from which moment on, behind which row, and how many rows (None: all)."""

    organisation_id: uuid.UUID
    zone: str
    language: str
    wish: Wish
    earliest: datetime
    after: Key | None
    limit: int | None

    @property
    def days(self) -> list[date]:
        """Give the days of the organisation, in order."""
        return [self.wish.first + timedelta(days=n) for n in range((self.wish.last - self.wish.first).days + 1)]


def hits(sought: Sought) -> tuple[list[Hit], Key | None]:
    """Give what takes place, in order, and up to where it is whole: None if to the end of the days."""
    home, home_until = _at_home(sought)
    dates, dates_until = _dates(sought)
    found = sorted(chain(home, dates, _away(sought)), key=lambda hit: hit.key)
    if sought.after:
        found = [hit for hit in found if hit.key > sought.after]
    return found, min(filter(None, (home_until, dates_until)), default=None)


def _at_home(sought: Sought) -> tuple[list[Hit], Key | None]:
    branches = list(_branches(sought))
    if not branches:
        return [], None
    questions = [_home_question(sought, number, *branch) for number, branch in enumerate(branches)]
    rows = sorted(db.session.execute(union_all(*(select(each.subquery()) for each in questions))), key=_by_branch)
    found = [(row, _listed(row, branches[row.branch][0], sought.zone)) for row in rows]
    cut = [number for number, count in Counter(row.branch for row in rows).items() if count == sought.limit]
    until = next((hit.key for row, hit in reversed(found) if row.branch == min(cut)), None) if cut else None
    return [hit for row, hit in found if _fits(sought, row, branches[row.branch][0])], until


def _branches(sought: Sought) -> Iterator[tuple[date, Span]]:
    """Give the stretches of the organisation's days that are still to come, in order."""
    since = _wall(max(sought.earliest, sought.after[0]) if sought.after else sought.earliest, sought.zone)
    for day in sought.days:
        for start, end in sought.wish.hours:
            from_minute = max(start, since.hour * 60 + since.minute) if day == since.date() else start
            if day >= since.date() and from_minute < end:
                yield day, (from_minute, end)


def _home_question(sought: Sought, number: int, day: date, span: Span) -> Select[Any]:
    minute = MeetingDay.start_minute
    question = _listings(sought, literal(number).label("branch")).where(
        Meeting.zone == sought.zone, MeetingDay.weekday == day.weekday(), minute >= span[0], minute < span[1]
    )
    if sought.after and (begun := _wall(sought.after[0], sought.zone)).date() == day:
        last = begun.hour * 60 + begun.minute
        question = question.where(or_(minute != last, MeetingDay.meeting_id > sought.after[1]))
    return question.order_by(minute, MeetingDay.meeting_id).limit(sought.limit)


def _away(sought: Sought) -> Iterator[Hit]:
    """Give the listings of other zones, whose days can lie a day before or after ours."""
    wide = [sought.wish.first - DAY, *sought.days, sought.wish.last + DAY]
    question = _listings(sought).where(
        Meeting.zone != sought.zone, MeetingDay.weekday.in_({day.weekday() for day in wide})
    )
    for row in db.session.execute(question):
        for day in wide:
            if day.weekday() == row.weekday and _fits(sought, row, day):
                hit = _listed(row, day, row.zone)
                if _is_wanted(sought, hit.starts_at):
                    yield hit


def _is_wanted(sought: Sought, starts_at: datetime) -> bool:
    wall = _wall(starts_at, sought.zone)
    minute = wall.hour * 60 + wall.minute
    is_then = any(start <= minute < end for start, end in sought.wish.hours)
    return is_then and starts_at >= sought.earliest and sought.wish.first <= wall.date() <= sought.wish.last


def _dates(sought: Sought) -> tuple[list[Hit], Key | None]:
    columns = (Occurrence.starts_at, Occurrence.id, Occurrence.meeting_id, Occurrence.ends_at, Occurrence.status)
    question = _joined_places(sought, select(*columns, Occurrence.place_id, *_texts(sought)).join(Meeting, _of_date()))
    question = question.where(
        Occurrence.organisation_id == sought.organisation_id,
        Occurrence.starts_at >= sought.earliest,
        or_(*_stretches(sought)),
        *finder_filters.listed(sought.organisation_id, "programme"),
        *finder_filters.fitting(sought.wish, own_language=sought.language),
    )
    if sought.after:
        begins, number = (literal(value, column.type) for value, column in zip(sought.after, columns, strict=False))
        question = question.where(tuple_(Occurrence.starts_at, Occurrence.id) > tuple_(begins, number))
    rows = db.session.execute(question.order_by(Occurrence.starts_at, Occurrence.id).limit(sought.limit)).all()
    until = (rows[-1].starts_at, rows[-1].id) if rows and len(rows) == sought.limit else None
    return [_dated(row) for row in rows if _says(sought, row)], until


def _stretches(sought: Sought) -> Iterator[ColumnElement[bool]]:
    spans = sought.wish.hours
    days = sought.days
    if spans == WHOLE_DAY:
        days, spans = days[:1], ((0, len(days) * 24 * 60),)
    for day in days:
        for span in spans:
            start, end = (_at(day, minute, sought.zone) for minute in span)
            yield and_(Occurrence.starts_at >= start, Occurrence.starts_at < end)


def _listings(sought: Sought, *more: ColumnElement[Any]) -> Select[Any]:
    columns = (MeetingDay.weekday, MeetingDay.start_minute, MeetingDay.meeting_id)
    about = (Meeting.zone, Meeting.start_local, Meeting.minutes, Meeting.rule, Meeting.holidays, Meeting.days_off)
    question = select(*more, *columns, *about, *_texts(sought)).join(
        Meeting, and_(Meeting.organisation_id == MeetingDay.organisation_id, Meeting.id == MeetingDay.meeting_id)
    )
    return _joined_places(sought, question).where(
        MeetingDay.organisation_id == sought.organisation_id,
        *finder_filters.listed(sought.organisation_id, "fellowship"),
        *finder_filters.fitting(sought.wish, own_language=sought.language),
    )


def _joined_places(sought: Sought, question: Select[Any]) -> Select[Any]:
    if not sought.wish.text:
        return question
    return question.outerjoin(
        Place, and_(Place.organisation_id == Meeting.organisation_id, Place.id == Meeting.place_id)
    )


def _texts(sought: Sought) -> list[ColumnElement[Any]]:
    texts = finder_filters.TEXTS if sought.wish.text else ()
    return [column.label(f"text_{number}") for number, column in enumerate(texts)]


def _of_date() -> ColumnElement[bool]:
    return and_(Meeting.organisation_id == Occurrence.organisation_id, Meeting.id == Occurrence.meeting_id)


def _fits(sought: Sought, row: Row[Any], day: date) -> bool:
    return _says(sought, row) and _is_on(row, day)


def _says(sought: Sought, row: Row[Any]) -> bool:
    texts: Iterable[str | None] = row[-len(finder_filters.TEXTS) :]
    return not sought.wish.text or finder_filters.says(texts, sought.wish.text)


def _is_on(row: Row[Any], day: date) -> bool:
    """Tell whether a listing takes place on a day of its weekday: every week, or as its rule has it."""
    pattern = Pattern(
        row.start_local, row.minutes or DEFAULT_MINUTES, row.rule, row.zone,
        row.holidays, tuple(map(date.fromisoformat, row.days_off)),
    )  # fmt: skip
    return is_on(pattern, day)


def _listed(row: Row[Any], day: date, zone: str) -> Hit:
    starts_at = _at(day, row.start_minute, zone)
    length = timedelta(minutes=row.minutes or DEFAULT_MINUTES)
    return Hit((starts_at, row.meeting_id), row.meeting_id, starts_at + length)


def _dated(row: Row[Any]) -> Hit:
    return Hit((row.starts_at, row.id), row.meeting_id, row.ends_at, row.status, row.place_id)


def _by_branch(row: Row[Any]) -> tuple[int, int, uuid.UUID]:
    return row.branch, row.start_minute, row.meeting_id


def _at(day: date, minute: int, zone: str) -> datetime:
    return instant(datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute), zone)


def _wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
