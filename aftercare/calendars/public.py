"""What anybody may subscribe to: one meeting, or the meetings of an organisation (calendars.md, "Emit")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from aftercare import config
from aftercare.calendars import details, ics, room, words
from aftercare.calendars.sheet import MOST_EVENTS, Sheet
from aftercare.core import clock
from aftercare.http import formats
from aftercare.meetings import agenda, closed, recurrence, schedule, shown
from aftercare.meetings.agenda import Date
from aftercare.meetings.closed import NOTHING, Closed
from aftercare.meetings.models import Meeting, MeetingType, Occurrence, Place
from aftercare.meetings.recurrence import Pattern
from aftercare.people.models import Organisation

DAYS_AHEAD = 180
DAYS_SKIPPED = 500
MOST_DATES_OF_A_LISTING = 12
# Raised when the same meetings are written in another way.
WRITING = 3
LAST = datetime(2900, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True)
class Listed:
    """A meeting as a public feed tells it: where, what kind, and for programme meetings its dates."""

    meeting: Meeting
    place: Place | None
    types: Sequence[MeetingType]
    dates: Sequence[Date]
    language: words.Language
    closed: Closed = NOTHING

    def closed_among(self, slots: Sequence[datetime]) -> set[datetime]:
        """Give those of some slots on whose day the meeting is closed."""
        return {slot for slot in slots if self.closed.of(self.meeting, slot.date())}


def write_meeting(meeting: Meeting, organisation: Organisation) -> bytes:
    """Write the feed of one meeting; of one that has ended, or rests, an empty one, so that it leaves the phones."""
    place, language = schedule.place_of(None, meeting), words.language_of(organisation.language)
    rows = [] if meeting.ended_at else [(meeting, place)]
    told = list(_listed(rows, meeting.zone, language))
    entries = [entry for listed in told for entry in (*_entries(listed), *_called_off(listed))]
    sheet = Sheet(config.current().host)
    is_whole = all(sheet.add([entry]) for entry in sorted(entries, key=room.moment))
    description = "" if is_whole else until_when(sheet, zone=meeting.zone, language=language)
    return sheet.write(name=meeting.name, source_url=_address(f"/m/{meeting.id}.ics"), description=description)


def write_organisation(organisation: Organisation) -> bytes:
    """Write the feed of all listed meetings, as many as calendar programs can take; programme meetings first."""
    language = words.language_of(organisation.language)
    rows = agenda.listed(organisation.id, limit=MOST_EVENTS + 1)
    sheet, shown_meetings = Sheet(config.current().host), 0
    for listed in _listed(rows, organisation.zone, language):
        if not sheet.add(_entries(listed)):
            break
        shown_meetings += 1
    is_cut = shown_meetings < len(rows)
    return sheet.write(
        name=organisation.name, source_url=_address(f"/o/{organisation.slug}/meetings.ics"),
        description=words.of(language).cut.format(shown_meetings) if is_cut else "",
    )  # fmt: skip


def write_day(meeting: Meeting, organisation: Organisation, day: date) -> bytes | None:
    """Write what a meeting holds on one day, to be taken home as a file; None if nothing."""
    zone, language = ZoneInfo(meeting.zone), words.language_of(organisation.language)
    begin = datetime.combine(day, time(), zone)
    span = (begin, begin + timedelta(days=1))
    rows = [] if meeting.ended_at else [(meeting, schedule.place_of(None, meeting))]
    found = [entry for listed in _listed(rows, meeting.zone, language, span) for entry in _singly(listed, span)]
    entries = [entry for entry in found if entry.starts_at.astimezone(zone).date() == day]
    return ics.write(ics.Calendar(name=meeting.name, host=config.current().host, entries=entries)) if entries else None


def until_when(sheet: Sheet, *, zone: str, language: words.Language) -> str:
    """Say until which day a calendar goes that had to be cut."""
    day = room.moment(sheet.last).astimezone(ZoneInfo(zone)).date() if sheet.last else clock.today(zone)
    return words.of(language).cut_dates.format(formats.when_short_date(day, language=language))


def write_empty(name: str) -> bytes:
    """Write a feed without any meeting."""
    return ics.write(ics.Calendar(name=name, host=config.current().host))


def version_of(*told: object, zone: str) -> str:
    """Say all that a public feed depends on: what is told of it, and the day, with which its dates move on."""
    return "/".join(map(str, (WRITING, *told, _day(zone))))


def _day(zone: str) -> date:
    return clock.today(zone)


def _address(path: str) -> str:
    return config.current().base_url + path


def _listed(
    rows: Sequence[tuple[Meeting, Place | None]],
    zone: str,
    language: words.Language,
    span: tuple[datetime, datetime] | None = None,
) -> Iterator[Listed]:
    """Fetch what hangs on the meetings, in two reads however many there are."""
    if not rows:
        return
    organisation_id = rows[0][0].organisation_id
    since, until = span or _window(zone)
    programme = [meeting.id for meeting, _ in rows if meeting.kind == "programme"]
    dates = agenda.of_meetings(organisation_id, programme, since=since, until=until)
    types = agenda.types_of(organisation_id, [meeting.id for meeting, _ in rows])
    shut = closed.between(organisation_id, since.date(), until.date())
    for meeting, place in rows:
        yield Listed(meeting, place, types.get(meeting.id, ()), dates.get(meeting.id, ()), language, shut)


def _window(zone: str) -> tuple[datetime, datetime]:
    """Begin with a month, so that series do not begin anew every day; end half a year ahead."""
    today = _day(zone)
    begin = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    clocks = ZoneInfo(zone)
    return (
        datetime.combine(begin, time(), clocks),
        datetime.combine(today + timedelta(days=DAYS_AHEAD), time(), clocks),
    )


def _entries(listed: Listed) -> list[ics.Entry]:
    meeting = listed.meeting
    if meeting.start_local is None or meeting.attendance == "inactive":
        return []
    return _programme(listed) if meeting.kind == "programme" else _fellowship(listed)


def _singly(listed: Listed, span: tuple[datetime, datetime]) -> list[ics.Single]:
    """Write each date by itself."""
    if listed.meeting.kind == "programme":
        return [_of_date(listed, date_) for date_ in listed.dates]
    if listed.meeting.start_local is None or listed.meeting.attendance == "inactive":
        return []
    pattern = schedule.pattern_of(listed.meeting)
    begin, end = (moment.replace(tzinfo=None) for moment in span)
    given = recurrence.slots(pattern, after=begin, before=end)
    shut = listed.closed_among(given)
    return [_of_slot(listed, pattern, slot) for slot in given if slot not in shut]


def _programme(listed: Listed) -> list[ics.Entry]:
    """Write the rule and, each by itself, the dates that differ from it; or every date by itself."""
    pattern = schedule.pattern_of(listed.meeting)
    plain = _plain(listed, pattern)
    if not plain or not _is_safe(pattern, plain[0]):
        return [_of_date(listed, date_) for date_ in listed.dates]
    given = recurrence.given(pattern, after=plain[0], before=_written_until(listed))
    excluded = {*given, *_skipped(pattern, plain[0])}.difference(plain)
    told = set(plain)
    changed = [
        _of_date(listed, date_)
        for date_ in listed.dates
        if not (_is_plain(date_, pattern) and date_.occurrence.slot_local in told)
    ]
    return [_series(listed, pattern, plain[0], tuple(sorted(excluded))), *changed]


def _written_until(listed: Listed) -> datetime:
    """Say up to when a slot of the rule has a row, or else is no date: some days were given away, or never made."""
    last = max(slot for date_ in listed.dates if (slot := date_.occurrence.slot_local)) + timedelta(seconds=1)
    until = _day(listed.meeting.zone) + timedelta(days=DAYS_AHEAD - 1)
    return max(last, datetime.combine(min(listed.meeting.horizon_until or until, until), time()))


def _fellowship(listed: Listed) -> list[ics.Entry]:
    """Write a listing from its rule alone: it has no dates of its own."""
    pattern = schedule.pattern_of(listed.meeting)
    since, until = _window(pattern.zone)
    given = recurrence.slots(pattern, after=since.replace(tzinfo=None), before=until.replace(tzinfo=None))
    shut = listed.closed_among(given)
    coming = [slot for slot in given if slot not in shut]
    if coming and _is_safe(pattern, coming[0]):
        skipped = {*_skipped(pattern, coming[0]), *(slot for slot in shut if slot > coming[0])}
        return [_series(listed, pattern, coming[0], tuple(sorted(skipped)))]
    local_now = clock.now().astimezone(ZoneInfo(pattern.zone)).replace(tzinfo=None)
    ahead = [slot for slot in coming if slot >= local_now - timedelta(days=1)][:MOST_DATES_OF_A_LISTING]
    return [_of_slot(listed, pattern, slot) for slot in ahead]


def _called_off(listed: Listed) -> list[ics.Single]:
    """Write the closed days of a listing: what is cancelled stays where it was."""
    meeting = listed.meeting
    if meeting.kind == "programme" or meeting.start_local is None or meeting.attendance == "inactive":
        return []
    pattern, (since, until) = schedule.pattern_of(meeting), _window(meeting.zone)
    given = recurrence.slots(pattern, after=since.replace(tzinfo=None), before=until.replace(tzinfo=None))
    return [_of_slot(listed, pattern, slot, "cancelled") for slot in sorted(listed.closed_among(given))]


def _plain(listed: Listed, pattern: Pattern) -> list[datetime]:
    """Give the slots of the dates that are just as the rule gives them now; earlier rules gave others."""
    slots = [slot for date_ in listed.dates if _is_plain(date_, pattern) and (slot := date_.occurrence.slot_local)]
    if not slots:
        return []
    given = recurrence.slots(pattern, after=min(slots), before=max(slots) + timedelta(seconds=1))
    return sorted(set(slots).intersection(given))


def _skipped(pattern: Pattern, first: datetime) -> list[datetime]:
    """Give the holidays and days off that a phone must leave out, even if it never asks again."""
    return recurrence.skipped(pattern, after=first, before=first + timedelta(days=DAYS_SKIPPED))


def _is_plain(date_: Date, pattern: Pattern) -> bool:
    """Say whether a date is just as its meeting is."""
    occurrence, meeting = date_.occurrence, date_.meeting
    return (
        occurrence.status in {"scheduled", "held"}
        and occurrence.start_local == occurrence.slot_local
        and occurrence.ends_at - occurrence.starts_at == timedelta(minutes=pattern.minutes)
        and occurrence.place_id in {None, meeting.place_id}
        and not occurrence.note
    )


def _is_safe(pattern: Pattern, first: datetime) -> bool:
    rule = _rule_from(pattern, first)
    return rule is not None and _is_safe_rule(first, rule, pattern.minutes, pattern.zone)


@lru_cache(maxsize=4096)
def _is_safe_rule(first: datetime, rule: str, minutes: int, zone: str) -> bool:
    return ics.is_safe_as_series(first, rule, minutes=minutes, zone=zone)


def _rule_from(pattern: Pattern, first: datetime) -> str | None:
    """Give the rule as it holds from one of its dates on: what is counted is counted from there."""
    if pattern.rule is None:
        return None
    repeat = recurrence.repeat_of(pattern)
    if repeat.count is not None:
        repeat = replace(repeat, count=len(recurrence.given(pattern, after=first, before=LAST)))
    return recurrence.write_rule(repeat)


def _series(listed: Listed, pattern: Pattern, first: datetime, excluded: tuple[datetime, ...]) -> ics.Series:
    return ics.Series(
        uid=str(listed.meeting.id), stamp=listed.meeting.updated_at, sequence=listed.meeting.sequence,
        first=first, minutes=pattern.minutes, zone=pattern.zone, rule=_rule_from(pattern, first) or "",
        excluded=excluded, **_told(listed, listed.place),
    )  # fmt: skip


def _of_date(listed: Listed, date_: Date) -> ics.Single:
    occurrence, told = date_.occurrence, _told(listed, date_.place)
    changed = [] if occurrence.status == "cancelled" else _changed(occurrence, listed)
    told["description"] = "\n".join(filter(None, [*changed, told["description"]]))
    return ics.Single(
        uid=str(occurrence.id), stamp=max(occurrence.updated_at, listed.meeting.updated_at),
        sequence=occurrence.sequence, status="cancelled" if occurrence.status == "cancelled" else "confirmed",
        starts_at=occurrence.starts_at, ends_at=occurrence.ends_at, **told,
    )  # fmt: skip


def _changed(occurrence: Occurrence, listed: Listed) -> list[str]:
    first = schedule.first_of(occurrence)
    was = None if first == occurrence.start_local else first
    return details.of_date(occurrence.note, was=was, zone=listed.meeting.zone, language=listed.language)


def _of_slot(listed: Listed, pattern: Pattern, slot: datetime, status: ics.Status = "confirmed") -> ics.Single:
    starts_at = recurrence.instant(slot, pattern.zone)
    return ics.Single(
        uid=f"{listed.meeting.id}-{slot:%Y%m%dT%H%M}", stamp=listed.meeting.updated_at,
        sequence=listed.meeting.sequence, status=status, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=pattern.minutes), **_told(listed, listed.place),
    )  # fmt: skip


def _told(listed: Listed, place: Place | None) -> dict[str, Any]:
    told = details.of(listed.meeting, place, language=listed.language)
    return {
        "title": listed.meeting.name,
        "language": listed.language,
        "place": told.place,
        "latitude": told.latitude,
        "longitude": told.longitude,
        "url": told.url,
        "conference": told.conference,
        "description": told.about,
        "categories": tuple(shown.type_names(listed.types, listed.language)),
    }
