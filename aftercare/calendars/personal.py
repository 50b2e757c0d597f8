"""What a personal calendar holds: what its person answered, belongs to or attended, at the level they chose."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftercare import config
from aftercare.attendance import records
from aftercare.calendars import details, ics, words
from aftercare.core import clock
from aftercare.meetings import agenda
from aftercare.meetings.agenda import Date
from aftercare.people import accounts
from aftercare.recovery import awards, progress

DAYS_BACK = 180
DAYS_AHEAD = 180
# Google stops at 1 MB or about 1,000 events; a phone on a slow network stops earlier.
MOST_BYTES = 200_000
MOST_ATTENDED = 1000
NOON = time(12)


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
    """What a full calendar says of a person's way: where they were, how far they have come, what they reached."""

    attended: frozenset[uuid.UUID] = frozenset()
    progress: str = ""
    milestones: Sequence[tuple[str, int, date]] = field(default=())


def write(reader: Reader) -> bytes:
    """Write a person's calendar: each date an entry of its own, those nearest to now first if there is little room."""
    now = clock.now()
    story = _story(reader)
    since, until = _window(reader, now)
    dates = agenda.of_person(
        reader.organisation_id, reader.person_id, since=since, until=until, also=sorted(story.attended)
    )
    host = config.current().host
    entries = list(entries_of(dates, reader, story, now=now))
    opening = ics.header(ics.Calendar(name=words.of(reader.language).names[reader.level], host=host))
    return ics.assemble(opening, _fitting(entries, host, room=MOST_BYTES - len(opening) - 50, now=now))


def write_off(language: words.Language) -> bytes:
    """Write what stays on the phone of a calendar that was turned off: nothing but its name."""
    return ics.write(ics.Calendar(name=words.of(language).off, host=config.current().host))


def write_empty(reader: Reader) -> bytes:
    """Write a person's calendar without any date."""
    return ics.write(ics.Calendar(name=words.of(reader.language).names[reader.level], host=config.current().host))


def entries_of(dates: Sequence[Date], reader: Reader, story: Story, *, now: datetime) -> Iterable[ics.Entry]:
    """Turn dates into entries that say no more than the reader's level allows."""
    following = next((date for date in dates if _is_coming(date, now)), None)
    for date_ in dates:
        if reader.level == "full":
            yield _full(date_, reader, story, streak=story.progress if date_ is following else "", now=now)
        else:
            yield _plain(date_, reader, was_there=date_.occurrence.id in story.attended)
    if reader.level == "full":
        yield from (_milestone(kind, number, on, reader) for kind, number, on in story.milestones)


def _story(reader: Reader) -> Story:
    recorded = records.of_person(reader.organisation_id, reader.person_id)
    credited = [(day, key) for key, state, day in recorded if state in records.CREDITED_STATES]
    attended = frozenset(key for _, key in sorted(credited)[-MOST_ATTENDED:])
    if reader.level != "full":
        return Story(attended)
    person = accounts.get_person(reader.organisation_id, reader.person_id)
    made = progress.whole(person)
    in_a_row = made.streak.current if made.shows_streak else 0
    return Story(
        attended,
        words.progress(in_a_row, made.streak.total, language=reader.language),
        [(row.kind, row.number, row.reached_on) for row in awards.of(person)],
    )


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
        lines = []
    else:
        lines = [_answer(date_, reader), streak, told.about]
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
        uid=str(date_.occurrence.id),
        stamp=_stamp(date_),
        sequence=date_.occurrence.sequence,
        title=words.of(reader.language).titles[reader.level],
        status=_status(date_, was_there=was_there),
        language=reader.language,
        starts_at=date_.occurrence.starts_at,
        ends_at=date_.occurrence.ends_at,
    )


def _milestone(kind: str, number: int, on: date, reader: Reader) -> ics.AllDay:
    return ics.AllDay(
        uid=f"{reader.person_id}-{kind}-{number}",
        stamp=datetime.combine(on, NOON, UTC),
        title=words.milestone(kind, number, language=reader.language),
        language=reader.language,
        on=on,
    )


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


def _fitting(entries: Sequence[ics.Entry], host: str, *, room: int, now: datetime) -> list[bytes]:
    """Keep the entries nearest to now as far as there is room, in their order."""
    written = {place: ics.fragment(entry, host) for place, entry in enumerate(entries)}
    kept = []
    for place in sorted(written, key=lambda place: abs(_moment(entries[place]) - now)):
        room -= len(written[place])
        if room < 0:
            break
        kept.append(place)
    return [written[place] for place in sorted(kept)]


def _moment(entry: ics.Entry) -> datetime:
    match entry:
        case ics.Single():
            return entry.starts_at
        case ics.AllDay():
            return datetime.combine(entry.on, NOON, UTC)
        case ics.Series():
            return entry.first.replace(tzinfo=UTC)
