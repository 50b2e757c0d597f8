"""What the roll shows: plain values, with times and words left to the templates."""

from datetime import datetime
from typing import Any

from flask import url_for

from aftercare.attendance import check_in, room_code
from aftercare.attendance.roster import Line, Roster
from aftercare.attendance.standing import CREDITED, is_correction
from aftercare.attendance.walk_ins import Found
from aftercare.core import phone as phones
from aftercare.meetings.models import Occurrence
from aftercare.people.models import Person

SAID = {
    "going": "yes", "declined": "no", "cancelled": "no", "maybe": "maybe", "waitlisted": "waitlisted",
    "offered": "waitlisted",
}  # fmt: skip
VIA = {"qr": "code", "online": "link", "poster": "self"}


def roll(roster: Roster, now: datetime) -> dict[str, Any]:
    """Show the whole roll: everybody by name, and the counts."""
    occurrence = roster.occurrence
    return {
        "people": [row(line, occurrence, now) for line in roster.lines],
        "said_yes": roster.said_yes,
        "here": roster.here,
        "capacity": occurrence.capacity,
        "waiting": roster.waiting,
        "is_final": occurrence.roll == "final",
        "can_finish": occurrence.status != "cancelled" and now >= occurrence.starts_at,
        "finish_url": url_for("attendance.finish", occurrence_id=occurrence.id),
        "needs_reason": is_correction(occurrence.ends_at, now=now),
    }


def row(line: Line, occurrence: Occurrence, now: datetime) -> dict[str, Any]:
    """Show one person of the roll."""
    opens, _ = room_code.window(occurrence.starts_at, occurrence.ends_at)
    record = line.record
    return {
        "person_id": line.person.id,
        "name": line.name,
        "language": line.person.language,
        "url": url_for("people_pages.show", person_id=line.person.id),
        "said": SAID.get(line.answer.status, "none") if line.answer else "none",
        "is_on_the_way": bool(line.answer and line.answer.on_the_way_at),
        "place_in_line": line.place_in_line,
        "mark": line.standing.value if line.standing.value != "unknown" else None,
        "at": _arrival(line, occurrence),
        "via": VIA.get(record.way, record.way) if record else None,
        "visits": list(line.visits),
        "call_reason": None,
        "call_url": None,
        "mark_url": url_for("attendance.mark", occurrence_id=occurrence.id, person_id=line.person.id),
        "can_mark": occurrence.status != "cancelled" and now >= opens,
        "needs_reason": is_correction(occurrence.ends_at, now=now),
    }


def can_take(roster: Roster, now: datetime) -> bool:
    """Tell whether staff can mark people here: the date takes place, and its door has opened."""
    opens, _ = room_code.window(roster.occurrence.starts_at, roster.occurrence.ends_at)
    return roster.occurrence.status != "cancelled" and now >= opens


def walk_ins(found: Found, roster: Roster, now: datetime) -> dict[str, Any]:
    """Show who was found by name, each with where a tap goes; whoever is on the roll is led to their row."""
    occurrence, listed = roster.occurrence, {line.person.id for line in roster.lines}
    return {
        "people": [_walk_in(person, occurrence, is_listed=person.id in listed) for person in found.people],
        "has_more": found.has_more,
        "is_partial": found.is_partial,
        "needs_reason": is_correction(occurrence.ends_at, now=now),
    }


def _walk_in(person: Person, occurrence: Occurrence, *, is_listed: bool) -> dict[str, Any]:
    row_url = url_for("attendance.roll", occurrence_id=occurrence.id, _anchor=f"roll-{person.id}")
    return {
        "person_id": person.id,
        "name": person.name,
        "phone": phones.masked(person.phone) if person.phone else None,
        "roll_url": row_url if is_listed else None,
        "mark_url": url_for("attendance.mark", occurrence_id=occurrence.id, person_id=person.id),
    }


def code(occurrence: Occurrence, now: datetime) -> dict[str, Any] | None:
    """Show the code of the room, until its door closes."""
    opens, closes = room_code.window(occurrence.starts_at, occurrence.ends_at)
    if occurrence.status == "cancelled" or now > closes:
        return None
    return {
        "digits": check_in.code_of(occurrence),
        "opens_at": opens,
        "closes_at": closes,
        "is_open": room_code.is_open(occurrence.starts_at, occurrence.ends_at, now=now),
    }


def _arrival(line: Line, occurrence: Occurrence) -> datetime | None:
    """Say when somebody came, if that is known: a roll finished afterwards only knows that they did."""
    if line.record is None or line.standing not in CREDITED:
        return None
    is_guess = line.record.way == "roll" and line.record.arrived_at == occurrence.starts_at
    return None if is_guess else line.record.arrived_at
