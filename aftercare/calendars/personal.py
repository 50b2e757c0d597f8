"""What a personal calendar holds: what its person answered, belongs to or attended, at the level they chose."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from aftercare import config
from aftercare.attendance import records
from aftercare.calendars import details, ics, room, words
from aftercare.calendars.details import Details
from aftercare.calendars.room import Room
from aftercare.core import clock
from aftercare.meetings import agenda, substitutes
from aftercare.meetings.agenda import Shown
from aftercare.people import accounts
from aftercare.recovery import awards, progress

DAYS_BACK = 180
DAYS_AHEAD = 180
# Google stops at 1 MB or about 1,000 events; a phone on a slow network stops earlier.
MOST_BYTES = 200_000
MOST_EVENTS = 1000


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is, and what it may say: level full, discreet or busy."""

    organisation_id: uuid.UUID
    person_id: uuid.UUID
    level: str
    language: words.Language
    zone: str
    alarm_minutes: int | None = None


@dataclass(frozen=True)
class Story:
    """What a calendar says of a person's way: where they were (long ago: how often, by month), what they reached."""

    attended: frozenset[uuid.UUID] = frozenset()
    counts: Mapping[date, int] = field(default_factory=dict)
    progress: str = ""
    milestones: Sequence[tuple[str, int, date]] = ()
    stand_ins: Mapping[uuid.UUID, str] = field(default_factory=dict)


def write(reader: Reader) -> bytes:
    """Write a person's calendar: each date an entry of its own, months of long ago one entry if there is no room."""
    now = clock.now()
    story = _story(reader)
    since, until = _window(reader, now)
    dates = agenda.shown_to(
        reader.organisation_id, reader.person_id, since=since, until=until, also=sorted(story.attended)
    )
    if reader.level == "full":
        coming = {date_.meeting.id for date_ in dates if _is_coming(date_, now)}
        story = replace(story, stand_ins=substitutes.standing_in(reader.organisation_id, coming, after=now))
    host = config.current().host
    opening = ics.header(ics.Calendar(name=words.of(reader.language).names[reader.level], host=host))
    entries = list(entries_of(dates, reader, story, now=now, since=since))
    space = Room(MOST_BYTES - len(opening) - 50, MOST_EVENTS, folds_before=since)
    return ics.assemble(
        opening, room.fitting(entries, story.counts, host, partial(_folded, reader), room=space, now=now)
    )


def write_off(language: words.Language) -> bytes:
    """Write what stays on the phone of a calendar that was turned off: nothing but its name."""
    return ics.write(ics.Calendar(name=words.of(language).off, host=config.current().host))


def write_empty(reader: Reader) -> bytes:
    """Write a person's calendar without any date."""
    return ics.write(ics.Calendar(name=words.of(reader.language).names[reader.level], host=config.current().host))


def entries_of(
    dates: Sequence[Shown], reader: Reader, story: Story, *, now: datetime, since: datetime
) -> Iterable[ics.Entry]:
    """Turn dates into entries that say no more than the reader's level allows."""
    following = next((date for date in dates if _is_coming(date, now)), None)
    told = _Told(reader.language)
    for date_ in dates:
        was_there = date_.id in story.attended
        if reader.level != "full":
            entry = _plain(date_, reader, was_there=was_there)
        elif date_.starts_at < since:
            entry = _long_ago(date_, reader)
        else:
            streak = story.progress if date_ is following else ""
            entry = _full(date_, reader, story, told=told.of(date_), streak=streak, now=now)
        yield _ringing(entry, reader) if reader.alarm_minutes and _is_coming(date_, now) else entry
    if reader.level == "full":
        yield from (_milestone(kind, number, on, reader) for kind, number, on in story.milestones)


def _story(reader: Reader) -> Story:
    if reader.level != "full":
        return _attended(records.of_person(reader.organisation_id, reader.person_id))
    person = accounts.get_person(reader.organisation_id, reader.person_id)
    made = progress.whole(person)
    in_a_row = made.streak.current if made.shows_streak else 0
    return replace(
        _attended(made.recorded),
        progress=words.progress(in_a_row, made.streak.total, language=reader.language),
        milestones=[(row.kind, row.number, row.reached_on) for row in awards.of(person)],
    )


def _attended(recorded: progress.Recorded) -> Story:
    credited = sorted((day, key) for key, state, day in recorded if state in records.CREDITED_STATES)
    attended = frozenset(key for _, key in credited[-MOST_EVENTS:])
    return Story(attended, Counter(room.month_of(day) for day, _ in credited[:-MOST_EVENTS]))


def _window(reader: Reader, now: datetime) -> tuple[datetime, datetime]:
    zone = ZoneInfo(reader.zone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD + 1)


class _Told:
    """What there is to tell of meetings, worked out once for each at each place, with how to join and without."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._known: dict[tuple[uuid.UUID, uuid.UUID | None, bool], Details] = {}

    def of(self, date_: Shown) -> Details:
        tells_join = date_.meeting.tells_join(date_.answer)
        key = (date_.meeting.id, date_.place.id if date_.place else None, tells_join)
        if key not in self._known:
            told = details.of(date_.meeting, date_.place, language=self._language, tells_join=tells_join)
            self._known[key] = told
        return self._known[key]


def _full(date_: Shown, reader: Reader, story: Story, *, told: Details, streak: str, now: datetime) -> ics.Single:
    was_there = date_.id in story.attended
    if was_there:
        lines = [words.of(reader.language).attended]
    elif date_.status == "cancelled" or date_.ends_at <= now:
        lines = [date_.note]
    else:
        lines = [_answer(date_, reader), streak, *_changed(date_, reader, story), told.about]
    return ics.Single(
        uid=str(date_.id), stamp=date_.changed_at, sequence=date_.sequence, title=date_.meeting.name,
        status=_status(date_, was_there=was_there), language=reader.language,
        starts_at=date_.starts_at, ends_at=date_.ends_at,
        place=told.place, latitude=told.latitude, longitude=told.longitude, url=told.url, conference=told.conference,
        description="\n".join(filter(None, lines)),
    )  # fmt: skip


def _changed(date_: Shown, reader: Reader, story: Story) -> list[str]:
    stand_in = story.stand_ins.get(date_.id, "")
    return details.of_date(
        date_.note, was=date_.was_local, zone=date_.meeting.zone, stand_in=stand_in, language=reader.language
    )


def _plain(date_: Shown, reader: Reader, *, was_there: bool) -> ics.Single:
    """Write what anybody may see over a shoulder: a time, and a word that says nothing (product.md 7.5)."""
    return ics.Single(
        uid=_uid(date_, reader),
        stamp=date_.changed_at,
        sequence=date_.sequence,
        title=words.title(reader.level, reader.language),
        status=_status(date_, was_there=was_there),
        language=reader.language,
        starts_at=date_.starts_at,
        ends_at=date_.ends_at,
    )


def _long_ago(date_: Shown, reader: Reader) -> ics.Single:
    """Write of a date of long ago that they were there, and no more: there may be many."""
    entry = _plain(date_, reader, was_there=True)
    return replace(entry, title=date_.meeting.name, description=words.of(reader.language).attended)


def _ringing(entry: ics.Single, reader: Reader) -> ics.Single:
    """Let the device ring, if its owner asked for it; the words may be read by anybody who sees it."""
    said = words.title(reader.level, reader.language)
    return replace(entry, alarm_minutes=reader.alarm_minutes, alarm_words=said)


def _folded(reader: Reader, month: date, count: int) -> ics.Entry | None:
    """Write a month of long ago as one day to remember; of who was only busy, nothing is worth it."""
    if reader.level == "busy":
        return None
    said = words.of(reader.language)
    return ics.AllDay(
        uid=_own_uid(reader, f"{month:%Y-%m}"),
        stamp=datetime.combine(room.last_of(month), room.NOON, UTC),
        title=words.counted(count, said.meetings if reader.level == "full" else said.appointments),
        description=said.attended if reader.level == "full" else "",
        sequence=count,
        language=reader.language,
        on=room.last_of(month),
    )


def _milestone(kind: str, number: int, on: date, reader: Reader) -> ics.AllDay:
    return ics.AllDay(
        uid=_own_uid(reader, f"{kind}-{number}"),
        stamp=datetime.combine(on, room.NOON, UTC),
        title=words.milestone(kind, number, language=reader.language),
        language=reader.language,
        on=on,
    )


def _uid(date_: Shown, reader: Reader) -> str:
    return str(date_.id) if reader.level == "full" else _own_uid(reader, str(date_.id))


def _own_uid(reader: Reader, about: str) -> str:
    """Name an entry by something that stands nowhere else: the public feed has the date's own name, beside its title.

    The key is the person's id, which strangers see nowhere; so the name stays the same on every reading.
    """
    return hashlib.blake2b(about.encode(), key=reader.person_id.bytes, digest_size=16).hexdigest()


def _answer(date_: Shown, reader: Reader) -> str:
    return words.answered(
        date_.answer or "none", offered_until=date_.offered_until, zone=date_.meeting.zone, language=reader.language
    )


def _status(date_: Shown, *, was_there: bool) -> ics.Status:
    if date_.status == "cancelled":
        return "cancelled"
    return "confirmed" if was_there or date_.answer == "going" else "tentative"


def _is_coming(date_: Shown, now: datetime) -> bool:
    return date_.ends_at > now and date_.status != "cancelled"
