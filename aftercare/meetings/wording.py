"""A series in words, English and Spanish, as one would say it on the phone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from aftercare.meetings.repeats import Repeat

EVERY_DAY = tuple(range(7))
WORKING_DAYS = tuple(range(5))


@dataclass(frozen=True)
class Tongue:
    """How one language says the parts of a series."""

    on_date: Callable[[date], str]
    at: Callable[[datetime], str]
    weekly: Callable[[Repeat], str]
    monthly: Callable[[Repeat], str]
    until: Callable[[date], str]
    times: Callable[[int], str]


def once(moment: datetime, language: str) -> str:
    """Say the only date of a meeting that does not repeat."""
    tongue = _tongue(language)
    return f"{tongue.on_date(moment)} {tongue.at(moment)}"


def repeated(first: datetime, repeat: Repeat, language: str) -> str:
    """Say how a meeting repeats, at what time, and when it ends."""
    tongue = _tongue(language)
    rhythm = tongue.monthly(repeat) if repeat.unit == "month" else tongue.weekly(repeat)
    ending = ""
    if repeat.until:
        ending = ", " + tongue.until(repeat.until)
    elif repeat.count:
        ending = ", " + tongue.times(repeat.count)
    return f"{rhythm} {tongue.at(first)}{ending}"


def _tongue(language: str) -> Tongue:
    return SPANISH if language.lower().startswith("es") else ENGLISH


def _joined(words: list[str], conjunction: str) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _twelve_hours(moment: datetime, morning: str, afternoon: str) -> str:
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {morning if moment.hour < 12 else afternoon}"


DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NTHS_EN = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


def _date_en(day: date) -> str:
    return f"{MONTHS_EN[day.month - 1]} {day.day}, {day.year}"


def _weekly_en(repeat: Repeat) -> str:
    days = _joined([DAYS_EN[day] for day in repeat.weekdays], "and")
    if repeat.every > 1 and (repeat.every > 2 or len(repeat.weekdays) > 1):
        rhythm = "Every other week" if repeat.every == 2 else f"Every {repeat.every} weeks"
        return f"{rhythm} on {days}"
    if repeat.every == 2:
        return f"Every other {days}"
    return {EVERY_DAY: "Every day", WORKING_DAYS: "Monday to Friday"}.get(repeat.weekdays, f"Every {days}")


def _monthly_en(repeat: Repeat) -> str:
    days = _joined([f"the {NTHS_EN[repeat.nth or 1]} {DAYS_EN[day]}" for day in repeat.weekdays], "and")
    months = {1: "every month", 2: "every other month"}.get(repeat.every, f"every {repeat.every} months")
    return f"{days[:1].upper()}{days[1:]} of {months}"


ENGLISH = Tongue(
    on_date=lambda day: f"{DAYS_EN[day.weekday()]}, {_date_en(day)}",
    at=lambda moment: f"at {_twelve_hours(moment, 'AM', 'PM')}",
    weekly=_weekly_en,
    monthly=_monthly_en,
    until=lambda day: f"until {_date_en(day)}",
    times=lambda number: "once" if number == 1 else f"{number} times",
)

DAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
DAYS_ES_PLURAL = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos")
MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
NTHS_ES = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", 5: "quinto", -1: "último"}


def _date_es(day: date) -> str:
    return f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"


def _weekly_es(repeat: Repeat) -> str:
    days = _joined([DAYS_ES_PLURAL[day] for day in repeat.weekdays], "y")
    if repeat.every > 1 and (repeat.every > 2 or len(repeat.weekdays) > 1):
        return f"Cada {'dos' if repeat.every == 2 else repeat.every} semanas los {days}"
    if repeat.every == 2:
        return f"Cada dos {days}"
    return {EVERY_DAY: "Todos los días", WORKING_DAYS: "De lunes a viernes"}.get(repeat.weekdays, f"Todos los {days}")


def _monthly_es(repeat: Repeat) -> str:
    days = _joined([f"el {NTHS_ES[repeat.nth or 1]} {DAYS_ES[day]}" for day in repeat.weekdays], "y")
    months = {1: "cada mes", 2: "cada dos meses"}.get(repeat.every, f"cada {repeat.every} meses")
    return f"{days[:1].upper()}{days[1:]} de {months}"


def _at_es(moment: datetime) -> str:
    article = "a la" if moment.hour % 12 == 1 else "a las"
    return f"{article} {_twelve_hours(moment, 'a. m.', 'p. m.')}"


SPANISH = Tongue(
    on_date=lambda day: f"El {DAYS_ES[day.weekday()]} {_date_es(day)}",
    at=_at_es,
    weekly=_weekly_es,
    monthly=_monthly_es,
    until=lambda day: f"hasta el {_date_es(day)}",
    times=lambda number: "una vez" if number == 1 else f"{number} veces",
)
