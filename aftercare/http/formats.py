"""Dates and times as people say them, in the reader's language (ui.md, tone 8). Pure: the caller gives `now`."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name

EVENING = 17
NOON = 12
FAR_AWAY = timedelta(days=180)

_LOCALES = {"en": "en_US", "es": "es_MX"}
_WHOLE_DATE = {"en": "EEEE, MMMM d", "es": "EEEE d 'de' MMMM"}
_SHORT_DATE = {"en": "EEE, MMM d", "es": "EEE d MMM"}
_YEAR = {"en": ", {}", "es": " de {}"}
_DAY_NAMES = {
    "en": {-1: "Yesterday", 0: "Today", 1: "Tomorrow", "tonight": "Tonight"},
    "es": {-1: "Ayer", 0: "Hoy", 1: "Mañana", "tonight": "Esta noche"},
}
_HALVES = {"en": ("AM", "PM"), "es": ("a.\u00a0m.", "p.\u00a0m.")}
_TWELVES = {"en": {0: "midnight", NOON: "noon"}, "es": {0: "medianoche", NOON: "mediodía"}}
_BETWEEN = {"en": " – ", "es": " a "}
_BEFORE_ZONE = {"en": " ", "es": ", "}


def when_day(moment: datetime, *, now: datetime, zone: str, language: str) -> str:
    """Say the day of a moment: "Tonight, Monday, November 23"."""
    local = moment.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today and local.hour >= EVENING:
        return f"{_DAY_NAMES[language]['tonight']}, {_whole_date(local.date(), today=today, language=language)}"
    return when_date(local.date(), today=today, language=language)


def when_date(day: date, *, today: date, language: str) -> str:
    """Say a calendar day: "Tomorrow, Tuesday, November 24"; the year only where it could be mistaken."""
    whole = _whole_date(day, today=today, language=language)
    name = _DAY_NAMES[language].get((day - today).days)
    return f"{name}, {whole}" if name else whole


def when_time(starts: datetime, ends: datetime | None = None, *, zone: str, language: str) -> str:
    """Say the time and its zone: "6:30 PM – 7:30 PM Mountain Time"."""
    times = when_clock(starts, zone=zone, language=language)
    if ends is not None:
        times += _BETWEEN[language] + when_clock(ends, zone=zone, language=language)
    return times + _BEFORE_ZONE[language] + zone_name(zone, at=starts, language=language)


def when_clock(moment: datetime, *, zone: str, language: str) -> str:
    """Say the time without its zone, for pages that name the zone once: "12:00 PM (noon)"."""
    local = moment.astimezone(ZoneInfo(zone))
    half = _HALVES[language][local.hour >= NOON]
    said = f"{local.hour % 12 or 12}:{local.minute:02d} {half}"
    word = _TWELVES[language].get(local.hour) if local.minute == 0 else None
    return f"{said} ({word})" if word else said


def when_full(moment: datetime, *, now: datetime, zone: str, language: str) -> str:
    """Say day, time and zone in one: "Tonight, Monday, November 23, 6:30 PM Mountain Time"."""
    day = when_day(moment, now=now, zone=zone, language=language)
    return f"{day}, {when_time(moment, zone=zone, language=language)}"


def when_short(moment: datetime, *, zone: str, language: str) -> str:
    """Say day and time where there is little room: "Mon, Nov 23, 6:30 PM"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{when_short_date(local.date(), language=language)}, {when_clock(moment, zone=zone, language=language)}"


def when_short_date(day: date, *, language: str) -> str:
    """Say a calendar day where there is little room: "Thu, Nov 23"."""
    return format_date(day, _SHORT_DATE[language], locale=_LOCALES[language])


def on_paper(day: date, *, language: str) -> str:
    """Say a calendar day so that it stays true on paper: "Monday, November 23, 2026"."""
    return format_date(day, "full", locale=_LOCALES[language])


def zone_name(zone: str, *, at: datetime, language: str) -> str:
    """Name a time zone: "Mountain Time", or "Mountain Standard Time" where the clocks never change."""
    local = at.astimezone(ZoneInfo(zone))
    if _keeps_one_time(local):
        return get_timezone_name(local, locale=_LOCALES[language])
    return get_timezone_name(ZoneInfo(zone), locale=_LOCALES[language])


def part_of_day(moment: datetime, *, zone: str) -> str:
    """Tell which greeting fits: "morning", "afternoon" or "evening"."""
    hour = moment.astimezone(ZoneInfo(zone)).hour
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"


def _whole_date(day: date, *, today: date, language: str) -> str:
    whole = format_date(day, _WHOLE_DATE[language], locale=_LOCALES[language])
    return whole + _YEAR[language].format(day.year) if abs(day - today) > FAR_AWAY else whole


def _keeps_one_time(local: datetime) -> bool:
    winter, summer = (local.replace(month=month, day=1).utcoffset() for month in (1, 7))
    return winter == summer
