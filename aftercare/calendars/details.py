"""What an entry tells of a meeting: where it is, and how to join it.

Strangers are not told how to join a group that is not open; what is withheld is told only who said yes to that date.
"""

from dataclasses import dataclass
from datetime import datetime

from aftercare import config
from aftercare.calendars import words
from aftercare.http import formats
from aftercare.meetings.models import Meeting, Place
from aftercare.meetings.recurrence import instant

LONGEST = 500


@dataclass(frozen=True)
class Details:
    """The place, link and words of an entry."""

    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""
    conference: str = ""
    about: str = ""


def of(meeting: Meeting, place: Place | None, *, language: str, tells_join: bool | None = None) -> Details:
    """Say what anybody may know of a meeting, or what one reader may, who may or may not know how to join."""
    hides_join = meeting.hides_join if tells_join is None else not tells_join
    is_exact = place is not None and not place.is_approximate
    joining = [] if hides_join else _joining(meeting, language)
    return Details(
        place=_where(meeting, place),
        latitude=place.latitude if place and is_exact else None,
        longitude=place.longitude if place and is_exact else None,
        url=f"{config.current().base_url}/m/{meeting.id}",
        conference="" if hides_join else _join_link(meeting),
        about="\n".join(filter(None, [_shortened(meeting.description), *joining])),
    )


def of_date(note: str, *, was: datetime | None, zone: str, language: str, stand_in: str = "") -> list[str]:
    """Say what is different on one date: what staff noted, when it was to be, who leads it in another's stead."""
    said = words.of(language)
    lines = [note] if note else []
    if was is not None:
        moment = formats.when_short(instant(was, zone), zone=zone, language=language)
        lines.append(said.moved.format(moment))
    if stand_in:
        lines.append(said.stands_in.format(stand_in))
    return lines


def _where(meeting: Meeting, place: Place | None) -> str:
    if place is None or meeting.attendance == "online":
        return ""
    return ", ".join(filter(None, (place.name, place.address, meeting.place_detail)))


def _join_link(meeting: Meeting) -> str:
    is_link = meeting.join_url.lower().startswith(("https://", "http://"))
    return meeting.join_url if is_link else ""


def _joining(meeting: Meeting, language: str) -> list[str]:
    said, link = words.of(language), _join_link(meeting)
    return [
        said.join.format(link) if link else "",
        said.call.format(meeting.join_phone) if meeting.join_phone else "",
        meeting.join_notes,
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
