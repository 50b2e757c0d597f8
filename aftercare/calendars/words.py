"""What calendars say, in English and Spanish: a feed is read without anybody there to choose a language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aftercare.http import formats

Language = Literal["en", "es"]


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    names: dict[str, str]
    off: str
    titles: dict[str, str]
    answers: dict[str, str]
    attended: str
    meetings: tuple[str, str]
    appointments: tuple[str, str]
    moved: str
    stands_in: str
    weeks_in_a_row: tuple[str, str]
    weeks_on_goal: tuple[str, str]
    first_meeting: str
    join: str
    call: str
    cut: str
    cut_dates: str


ENGLISH = Words(
    names={"full": "My groups", "discreet": "Appointments", "busy": "Busy"},
    off="Calendar off",
    titles={"discreet": "Appointment", "busy": "Busy"},
    answers={
        "none": "You have not said yet if you can come.",
        "going": "You said you'll be there.",
        "maybe": "You said maybe.",
        "waitlisted": "You are on the waiting list.",
        "offered": "A seat is held for you until {until}. Say yes to take it.",
    },
    attended="Attended",
    meetings=("{} meeting", "{} meetings"),
    appointments=("{} appointment", "{} appointments"),
    moved="It was to be on {}.",
    stands_in="{} leads it this time.",
    weeks_in_a_row=("{} week in a row", "{} weeks in a row"),
    weeks_on_goal=("{} week on your goal", "{} weeks on your goal"),
    first_meeting="First meeting",
    join="Join online: {}",
    call="Call in: {}",
    cut="This list is long. It shows {} meetings; every meeting has a calendar of its own.",
    cut_dates="It shows the dates until {}; the later ones follow.",
)
SPANISH = Words(
    names={"full": "Mis grupos", "discreet": "Citas", "busy": "Ocupado"},
    off="Calendario apagado",
    titles={"discreet": "Cita", "busy": "Ocupado"},
    answers={
        "none": "Todavía no dices si puedes ir.",
        "going": "Dijiste que vas a ir.",
        "maybe": "Dijiste que tal vez.",
        "waitlisted": "Estás en la lista de espera.",
        "offered": "Di que sí para tomarlo: te guardamos un lugar hasta el {until}",
    },
    attended="Asististe",
    meetings=("{} reunión", "{} reuniones"),
    appointments=("{} cita", "{} citas"),
    moved="Iba a ser el {}.",
    stands_in="Esta vez dirige {}.",
    weeks_in_a_row=("{} semana seguida", "{} semanas seguidas"),
    weeks_on_goal=("{} semana con tu meta", "{} semanas con tu meta"),
    first_meeting="Primera reunión",
    join="Únete en línea: {}",
    call="Llama: {}",
    cut="Esta lista es larga. Muestra {} reuniones; cada reunión tiene su propio calendario.",
    cut_dates="Muestra las fechas hasta el {}; las siguientes vienen después.",
)


def of(language: str) -> Words:
    """Give the words of a language."""
    return SPANISH if language == "es" else ENGLISH


def title(level: str, language: str) -> str:
    """Give the title that says nothing to whoever looks over a shoulder."""
    titles = of(language).titles
    return titles.get(level, titles["discreet"])


def language_of(wanted: str) -> Language:
    """Give the language a calendar is told in."""
    return "es" if wanted == "es" else "en"


def answered(status: str, *, offered_until: datetime | None, zone: str, language: str) -> str:
    """Say somebody's answer for a date that is still to come."""
    until = formats.when_short(offered_until, zone=zone, language=language) if offered_until else ""
    return of(language).answers.get(status, "").format(until=until)


def counted(number: int, forms: tuple[str, str]) -> str:
    """Say a number with its word, one or many."""
    return forms[number != 1].format(number)


def progress(weeks_in_a_row: int, meetings: int, *, language: str) -> str:
    """Say "5 weeks in a row, 23 meetings"; what is zero is not said (product.md section 5)."""
    words = of(language)
    said = [(weeks_in_a_row, words.weeks_in_a_row), (meetings, words.meetings)]
    return ", ".join(counted(number, forms) for number, forms in said if number)


def milestone(kind: str, number: int, *, language: str) -> str:
    """Name a milestone: "10 meetings", "4 weeks on your goal"."""
    words = of(language)
    if kind == "weeks":
        return counted(number, words.weeks_on_goal)
    return words.first_meeting if number == 1 else counted(number, words.meetings)
