"""A series in words, English and Spanish, as one would say it on the phone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from aftercare.meetings import holiday_names
from aftercare.meetings.repeats import LAST, Repeat, Unit

EVERY_DAY = tuple(range(7))
WORKING_DAYS = tuple(range(5))
#: The days that some months do not have.
RARE_DAYS = (29, 30, 31)


@dataclass(frozen=True)
class Tongue:
    """How one language says the parts of a series."""

    on_date: Callable[[date], str]
    at: Callable[[datetime], str]
    rhythms: dict[Unit, Callable[[Repeat], str]]
    until: Callable[[date], str]
    times: Callable[[int], str]
    but_not: Callable[[str], str]
    days_off: Callable[[tuple[date, ...]], str]


def once(moment: datetime, language: str) -> str:
    """Say the only date of a meeting that does not repeat."""
    tongue = _tongue(language)
    return f"{tongue.on_date(moment)} {tongue.at(moment)}"


def repeated(first: datetime, repeat: Repeat, language: str) -> str:
    """Say how a meeting repeats, at what time, and when it ends."""
    tongue = _tongue(language)
    rhythm = tongue.rhythms[repeat.unit](repeat)
    ending = ""
    if repeat.until:
        ending = ", " + tongue.until(repeat.until)
    elif repeat.count:
        ending = ", " + tongue.times(repeat.count)
    return f"{rhythm} {tongue.at(first)}{ending}"


def skipping(holidays: str, days_off: tuple[date, ...], language: str) -> str:
    """Say what a series skips, to follow how it repeats: ", not on US holidays"."""
    tongue = _tongue(language)
    skipped = [holiday_names.named(holidays, "es" if tongue is SPANISH else "en")] if holidays else []
    if days_off:
        skipped.append(tongue.days_off(days_off))
    return "".join(f", {tongue.but_not(each)}" for each in skipped)


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
NTHS_EN = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -2: "second-to-last", -1: "last"}


def _date_en(day: date) -> str:
    return f"{MONTHS_EN[day.month - 1]} {day.day}, {day.year}"


def _daily_en(repeat: Repeat) -> str:
    return {1: "Every day", 2: "Every other day"}.get(repeat.every, f"Every {repeat.every} days")


def _weekly_en(repeat: Repeat) -> str:
    days = _joined([DAYS_EN[day] for day in repeat.weekdays], "and")
    if repeat.every > 1 and (repeat.every > 2 or len(repeat.weekdays) > 1):
        rhythm = "Every other week" if repeat.every == 2 else f"Every {repeat.every} weeks"
        return f"{rhythm} on {days}"
    if repeat.every == 2:
        return f"Every other {days}"
    return {EVERY_DAY: "Every day", WORKING_DAYS: "Monday to Friday"}.get(repeat.weekdays, f"Every {days}")


def _monthly_en(repeat: Repeat) -> str:
    months = {1: "every month", 2: "every other month"}.get(repeat.every, f"every {repeat.every} months")
    if repeat.month_days:
        return f"On {_month_days_en(repeat)} of {months}{_that_has(repeat, ' that has one')}"
    days = _nth_days_en(repeat)
    return f"{days[:1].upper()}{days[1:]} of {months}"


def _yearly_en(repeat: Repeat) -> str:
    years = {1: "Every year", 2: "Every other year"}.get(repeat.every, f"Every {repeat.every} years")
    month = MONTHS_EN[(repeat.month or 1) - 1]
    if repeat.weekdays:
        return f"{years} on {_nth_days_en(repeat)} of {month}"
    [day] = repeat.month_days
    return f"{years} on " + (f"the last day of {month}" if day == LAST else f"{month} {day}")


def _nth_days_en(repeat: Repeat) -> str:
    nths = _joined([NTHS_EN[nth] for nth in repeat.nths], "and")
    return _joined([f"the {nths} {DAYS_EN[day]}" for day in repeat.weekdays], "and")


def _month_days_en(repeat: Repeat) -> str:
    numbered = [f"{day}{_ending_en(day)}" for day in repeat.month_days if day != LAST]
    if LAST in repeat.month_days:
        return _joined([*(["the " + ", ".join(numbered)] if numbered else []), "the last day"], "and")
    return f"the {_joined(numbered, 'and')}"


def _ending_en(number: int) -> str:
    return "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _that_has(repeat: Repeat, words: str) -> str:
    """Say of a day that some months do not have that it is skipped there."""
    return words if repeat.every == 1 and len(repeat.month_days) == 1 and repeat.month_days[0] in RARE_DAYS else ""


ENGLISH = Tongue(
    on_date=lambda day: f"{DAYS_EN[day.weekday()]}, {_date_en(day)}",
    at=lambda moment: f"at {_twelve_hours(moment, 'AM', 'PM')}",
    rhythms={"day": _daily_en, "week": _weekly_en, "month": _monthly_en, "year": _yearly_en},
    until=lambda day: f"until {_date_en(day)}",
    times=lambda number: "once" if number == 1 else f"{number} times",
    but_not=lambda skipped: f"not on {skipped}",
    days_off=lambda days: _joined([_date_en(day) for day in days], "and"),
)

DAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
DAYS_ES_PLURAL = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos")
MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
NTHS_ES = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", 5: "quinto", -2: "penúltimo", -1: "último"}


def _date_es(day: date) -> str:
    return f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"


def _daily_es(repeat: Repeat) -> str:
    return {1: "Todos los días", 2: "Cada dos días"}.get(repeat.every, f"Cada {repeat.every} días")


def _weekly_es(repeat: Repeat) -> str:
    days = _joined([DAYS_ES_PLURAL[day] for day in repeat.weekdays], "y")
    if repeat.every > 1 and (repeat.every > 2 or len(repeat.weekdays) > 1):
        return f"Cada {'dos' if repeat.every == 2 else repeat.every} semanas los {days}"
    if repeat.every == 2:
        return f"Cada dos {days}"
    return {EVERY_DAY: "Todos los días", WORKING_DAYS: "De lunes a viernes"}.get(repeat.weekdays, f"Todos los {days}")


def _monthly_es(repeat: Repeat) -> str:
    months = {1: "cada mes", 2: "cada dos meses"}.get(repeat.every, f"cada {repeat.every} meses")
    if repeat.month_days:
        return f"{_month_days_es(repeat)} de {months}{_that_has(repeat, ' que lo tiene')}"
    days = _nth_days_es(repeat)
    return f"{days[:1].upper()}{days[1:]} de {months}"


def _yearly_es(repeat: Repeat) -> str:
    years = {1: "Cada año", 2: "Cada dos años"}.get(repeat.every, f"Cada {repeat.every} años")
    month = MONTHS_ES[(repeat.month or 1) - 1]
    if repeat.weekdays:
        return f"{years} {_nth_days_es(repeat)} de {month}"
    [day] = repeat.month_days
    return f"{years} el " + (f"último día de {month}" if day == LAST else f"{day} de {month}")


def _nth_days_es(repeat: Repeat) -> str:
    nths = _joined([NTHS_ES[nth] for nth in repeat.nths], "y")
    return _joined([f"el {nths} {DAYS_ES[day]}" for day in repeat.weekdays], "y")


def _month_days_es(repeat: Repeat) -> str:
    numbered = [str(day) for day in repeat.month_days if day != LAST]
    if LAST not in repeat.month_days:
        return f"{'El día' if len(numbered) == 1 else 'Los días'} {_joined(numbered, 'y')}"
    if not numbered:
        return "El último día"
    return f"{'El día' if len(numbered) == 1 else 'Los días'} {', '.join(numbered)} y el último día"


def _at_es(moment: datetime) -> str:
    article = "a la" if moment.hour % 12 == 1 else "a las"
    return f"{article} {_twelve_hours(moment, 'a. m.', 'p. m.')}"


SPANISH = Tongue(
    on_date=lambda day: f"El {DAYS_ES[day.weekday()]} {_date_es(day)}",
    at=_at_es,
    rhythms={"day": _daily_es, "week": _weekly_es, "month": _monthly_es, "year": _yearly_es},
    until=lambda day: f"hasta el {_date_es(day)}",
    times=lambda number: "una vez" if number == 1 else f"{number} veces",
    but_not=lambda skipped: f"excepto {skipped}",
    days_off=lambda days: _joined([f"el {_date_es(day)}" for day in days], "y"),
)
