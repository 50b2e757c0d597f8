"""How a row's meeting is joined from afar, and what its attendance comes to (meeting-guide.md 1.3)."""

import re
from dataclasses import replace

from aftercare.meetings.exchange.call_hosts import dialled, host_of, is_known_host
from aftercare.meetings.exchange.listing import Attendance, Call, Place
from aftercare.meetings.exchange.row import LINE, Row
from aftercare.meetings.exchange.row_types import Kinds

LINK_IN_TEXT = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
# Forms that are filled in by their link are long; beyond this it is no link but a load.
LONGEST_LINK = 4_000
STATED: dict[str, Attendance] = {
    "in_person": "in_person",
    "in-person": "in_person",
    "online": "online",
    "hybrid": "hybrid",
    "inactive": "inactive",
}


def read_link(row: Row, field: str) -> str | None:
    """Read a web link: http or https and a host, nothing else."""
    if isinstance(raw := row.get(field), str) and len(raw) > LONGEST_LINK:
        # Half a link leads nowhere.
        row.find("link_long", field, raw, made=LONGEST_LINK)
        return None
    said = row.line(field, most=LONGEST_LINK)
    if said is None:
        return None
    found = LINK_IN_TEXT.search(said)
    if found is None and is_known_host(f"https://{said}"):
        return _found(row, field, said, f"https://{said}")
    if found is None or not host_of(found[0]):
        row.find("link", field, said)
        return None
    return said if found[0] == said else _found(row, field, said, found[0])


def _found(row: Row, field: str, said: str, link: str) -> str:
    row.find("link_found", field, said, made=link.partition("?")[0][:60])
    return link


def read_call(row: Row) -> Call:
    """Read the link and the telephone of a call, with their notes."""
    call = Call(
        url=read_link(row, "conference_url"),
        url_notes=row.text("conference_url_notes"),
        phone_notes=row.text("conference_phone_notes"),
    )
    if call.url and not is_known_host(call.url):
        row.find("host_unknown", "conference_url", host_of(call.url))
    return _with_phone(row, call)


def _with_phone(row: Row, call: Call) -> Call:
    said = row.line("conference_phone", most=LINE)
    if said is None:
        return call
    if number := dialled(said):
        return replace(call, phone=number)
    row.find("phone_short", "conference_phone", said)
    return replace(call, phone_notes="\n".join(note for note in (call.phone_notes, said) if note))


def read_attendance(row: Row, *, place: Place, call: Call, kinds: Kinds) -> Attendance:
    """Say how people attend: as the list states it, else as its address, links and types tell."""
    inferred = _inferred(place, call, kinds)
    said = row.get("attendance_option")
    stated = STATED.get(said.lower()) if isinstance(said, str) else None
    if stated is None:
        if inferred == "inactive":
            row.find("nowhere", "formatted_address", place.address)
        return inferred
    if stated != inferred:
        row.find("attendance_differs", "attendance_option", said, made=stated)
    return stated


def _inferred(place: Place, call: Call, kinds: Kinds) -> Attendance:
    is_online = bool(call.url or call.phone or kinds.is_marked_online)
    is_in_person = not kinds.is_place_closed and not place.approximate
    if is_online:
        return "hybrid" if is_in_person else "online"
    return "in_person" if is_in_person else "inactive"
