"""What a counsellor typed into the editor -> a draft of a meeting; what cannot be read comes back by field."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from aftercare.meetings import repeat_form
from aftercare.meetings.form_reading import Reading
from aftercare.meetings.publishing import Draft

EMPTY: dict[str, Any] = {
    "name": "", "discreet_title": "", "kind": "programme", "fellowship": "", "types": [], "description": "",
    "language": "en", "attend": "in_person", "start_date": "", "start_time": "18:00", "minutes": "60", "zone": "",
    "place_name": "", "address": "", "place_detail": "", "join_url": "", "join_phone": "", "passcode": "",
    "withheld": "",
    "capacity": "", "closes": "", "open": "", "facilitators": [], **repeat_form.EMPTY,
}  # fmt: skip
_LISTS = {"types", "facilitators", *repeat_form.LISTS}


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """Give what was typed, field by field, so that the form can be shown again as it was."""
    return {
        name: form.getlist(name) if name in _LISTS else form.get(name, default).strip()
        for name, default in EMPTY.items()
    }


def draft(given: Mapping[str, Any]) -> Draft:
    """Read a draft from what was typed; raise Invalid naming every field that cannot be read."""
    reading = Reading(given)
    has_time = given["repeat"] != repeat_form.BY_APPOINTMENT
    first = datetime.combine(reading.day("start_date"), reading.clock("start_time")) if has_time else None
    is_programme = given["kind"] == "programme"
    made = Draft(
        name=given["name"],
        first=first,
        minutes=reading.minutes(),
        kind=given["kind"],
        repeat=repeat_form.read(reading, first.date()) if first else None,
        zone=given["zone"],
        discreet_title=given["discreet_title"],
        description=given["description"],
        fellowship=given["fellowship"],
        types=tuple(given["types"]),
        languages=(given["language"],) if given["language"] else (),
        attendance=given["attend"],
        place_name=given["place_name"],
        place_address=given["address"],
        place_detail=given["place_detail"],
        join_url=given["join_url"],
        join_phone=given["join_phone"],
        join_notes=given["passcode"],
        is_join_withheld=given["withheld"] == "yes",
        capacity=reading.number("capacity"),
        closes_minutes_before=reading.number("closes"),
        is_open={"yes": True, "no": False}.get(given["open"]),
        facilitators=reading.ids("facilitators") if is_programme else (),
        holidays=given["holidays"],
        days_off=repeat_form.days_off(reading),
    )
    reading.refuse()
    return made


def move(given: Mapping[str, Any]) -> tuple[datetime, int | None]:
    """Read the new wall time and length of one date."""
    reading = Reading(given)
    to = datetime.combine(reading.day("date"), reading.clock("time"))
    minutes = reading.number("minutes")
    reading.refuse()
    return to, minutes


def day(given: str, name: str) -> date:
    """Read one day; raise Invalid naming its field."""
    reading = Reading({name: given})
    read = reading.day(name)
    reading.refuse()
    return read
