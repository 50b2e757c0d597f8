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
from aftercare.calendars.room import Room
from aftercare.core import clock
from aftercare.meetings import agenda, substitutes
from aftercare.meetings.agenda import Date
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
    dates = agenda.of_person(
        reader.organisation_id, reader.person_id, since=since, until=until, also=sorted(story.attended)
    )
    if reader.level == "full":
        story = replace(story, stand_ins=_stand_ins(reader, [date_ for date_ in dates if _is_coming(date_, now)]))
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
    dates: Sequence[Date], reader: Reader, story: Story, *, now: datetime, since: datetime
) -> Iterable[ics.Entry]:
    """Turn dates into entries that say no more than the reader's level allows."""
    following = next((date for date in dates if _is_coming(date, now)), None)
    for date_ in dates:
        was_there = date_.occurrence.id in story.attended
        if reader.level != "full":
            entry = _plain(date_, reader, was_there=was_there)
        elif date_.occurrence.starts_at < since:
            entry = _long_ago(date_, reader)
        else:
            entry = _full(date_, reader, story, streak=story.progress if date_ is following else "", now=now)
        yield _ringing(entry, reader) if reader.alarm_minutes and _is_coming(date_, now) else entry
    if reader.level == "full":
        yield from (_milestone(kind, number, on, reader) for kind, number, on in story.milestones)


def _story(reader: Reader) -> Story:
    recorded = records.of_person(reader.organisation_id, reader.person_id)
    credited = sorted((day, key) for key, state, day in recorded if state in records.CREDITED_STATES)
    attended = frozenset(key for _, key in credited[-MOST_EVENTS:])
    counts = Counter(room.month_of(day) for day, _ in credited[:-MOST_EVENTS])
    if reader.level != "full":
        return Story(attended, counts)
    person = accounts.get_person(reader.organisation_id, reader.person_id)
    made = progress.whole(person)
    in_a_row = made.streak.current if made.shows_streak else 0
    return Story(
        attended,
        counts,
        words.progress(in_a_row, made.streak.total, language=reader.language),
        [(row.kind, row.number, row.reached_on) for row in awards.of(person)],
    )


def _stand_ins(reader: Reader, coming: Sequence[Date]) -> dict[uuid.UUID, str]:
    """Say who leads the coming dates on which it is somebody else than always."""
    leaders = substitutes.leaders(reader.organisation_id, [date_.occurrence for date_ in coming])
    standing = {key: [each for each in found if each.stands_in] for key, found in leaders.items()}
    return {key: substitutes.first_names(found) for key, found in standing.items() if found}


def _window(reader: Reader, now: datetime) -> tuple[datetime, datetime]:
    zone = ZoneInfo(reader.zone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD + 1)


def _full(date_: Date, reader: Reader, story: Story, *, streak: str, now: datetime) -> ics.Single:
    occurrence, meeting = date_.occurrence, date_.meeting
    was_there = occurrence.id in story.attended
    told = details.of(meeting, date_.place, language=reader.language, for_strangers=False)
    if was_there:
        lines = [words.of(reader.language).attended]
    elif occurrence.status == "cancelled" or occurrence.ends_at <= now:
        lines = [occurrence.note]
    else:
        changed = details.of_date(date_, stand_in=story.stand_ins.get(occurrence.id, ""), language=reader.language)
        lines = [_answer(date_, reader), streak, *changed, told.about]
    return ics.Single(
        uid=str(occurrence.id), stamp=_stamp(date_), sequence=occurrence.sequence, title=meeting.name,
        status=_status(date_, was_there=was_there), language=reader.language,
        starts_at=occurrence.starts_at, ends_at=occurrence.ends_at,
        place=told.place, latitude=told.latitude, longitude=told.longitude, url=told.url, conference=told.conference,
        description="\n".join(filter(None, lines)),
    )  # fmt: skip


def _plain(date_: Date, reader: Reader, *, was_there: bool) -> ics.Single:
    """Write what anybody may see over a shoulder: a time, and a word that says nothing (product.md 7.5)."""
    return ics.Single(
        uid=_uid(date_, reader),
        stamp=_stamp(date_),
        sequence=date_.occurrence.sequence,
        title=words.title(reader.level, reader.language),
        status=_status(date_, was_there=was_there),
        language=reader.language,
        starts_at=date_.occurrence.starts_at,
        ends_at=date_.occurrence.ends_at,
    )


def _long_ago(date_: Date, reader: Reader) -> ics.Single:
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


def _uid(date_: Date, reader: Reader) -> str:
    return str(date_.occurrence.id) if reader.level == "full" else _own_uid(reader, str(date_.occurrence.id))


def _own_uid(reader: Reader, about: str) -> str:
    """Name an entry by something that stands nowhere else: the public feed has the date's own name, beside its title.

    The key is the person's id, which strangers see nowhere; so the name stays the same on every reading.
    """
    return hashlib.blake2b(about.encode(), key=reader.person_id.bytes, digest_size=16).hexdigest()


def _answer(date_: Date, reader: Reader) -> str:
    answer = date_.answer
    status, until = (answer.status, answer.offered_until) if answer else ("none", None)
    return words.answered(status, offered_until=until, zone=date_.meeting.zone, language=reader.language)


def _status(date_: Date, *, was_there: bool) -> ics.Status:
    if date_.occurrence.status == "cancelled":
        return "cancelled"
    is_sure = was_there or (date_.answer is not None and date_.answer.status == "going")
    return "confirmed" if is_sure else "tentative"


def _stamp(date_: Date) -> datetime:
    answered = date_.answer.updated_at if date_.answer else date_.occurrence.updated_at
    return max(date_.occurrence.updated_at, answered)


def _is_coming(date_: Date, now: datetime) -> bool:
    return date_.occurrence.ends_at > now and date_.occurrence.status != "cancelled"
