"""Who is in the demo: made-up people of a made-up centre, in different weeks of their first year."""

from dataclasses import dataclass
from datetime import date

SLUG = "elm-street"


@dataclass(frozen=True)
class Staff:
    """Somebody who works at the centre."""

    name: str
    email: str
    roles: tuple[str, ...]
    about: str


@dataclass(frozen=True)
class Patient:
    """Somebody who comes, and in which of the last weeks (`x` came, `l` came late, `.` did not, `-` not there yet)."""

    name: str
    phone: str
    about: str
    weeks: str
    language: str = "en"
    goal: int = 1
    agrees_to_texts: bool = True
    text_level: str = "discreet"

    def came(self, week: int) -> str:
        """Say what they did `week` weeks before this one."""
        return self.weeks[-week] if 0 < week <= len(self.weeks) else "-"

    def enrolled_weeks_ago(self) -> int:
        """Say how many weeks ago they began."""
        return len(self.weeks.lstrip("-"))


STAFF = (
    Staff("Sam Ortiz", "sam@elm.example", ("counsellor",), "Counsellor. Publishes meetings, takes the roll."),
    Staff("Grace Kim", "grace@elm.example", ("counsellor", "manager"), "Counsellor and manager."),
    Staff("Alex Boone", "alex@elm.example", ("admin", "manager"), "Runs the service for the centre."),
)

PATIENTS = (
    Patient("Ana Reyes", "303 555 0111", "Spanish. Five weeks in a row.", "xx.xx.xxx.xx.xxxxx", language="es"),
    Patient("Marcus Tate", "303 555 0112", "Came often, then missed three.", "xxxxx.xxxxxxx...", goal=1),
    Patient("Dee Walker", "303 555 0113", "Comes every other week.", "x.x.x.x.x.x.x.x.x.x", text_level="plain"),
    Patient("Luis García", "303 555 0114", "Spanish, a plain phone.", "xxxxxx..xxx", language="es"),
    Patient("Priya Shah", "303 555 0115", "Twenty-four meetings: today can make 25.", "x" * 24),
    Patient("Jo Kowalski", "303 555 0116", "New: two visits.", "xx"),
    Patient("Robin Hale", "303 555 0117", "Stopped the texts, still comes.", "xlxx.xxxxlxx", agrees_to_texts=False),
    Patient("Nina Brooks", "303 555 0118", "About ninety days in.", "xx.xxxxxxxxxx"),
    Patient("Tom Ellis", "303 555 0119", "Just came home from treatment.", "-"),
)


def weeks_told() -> int:
    """Say how many weeks of history there are."""
    return max(len(patient.weeks) for patient in PATIENTS)


def monday_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())
