"""The forms that change one date, and what staff typed into them, read."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import formats, pages
from aftercare.meetings import forms, places, schedule, substitutes
from aftercare.meetings.change_page import Field, Form
from aftercare.meetings.dates import Extra
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.recurrence import instant
from aftercare.people import accounts

Given = Mapping[str, str]


def reinstatement(occurrence: Occurrence) -> Form:
    """Give the question whether a cancelled date is to take place after all."""
    words = _("Who had said yes is expected again, as far as there are seats. Calendars change by themselves.")
    return _form(
        occurrence, "reinstate", _("Let this date happen after all?"), words, _("Let it happen and tell people")
    )


def place(occurrence: Occurrence, given: Given) -> Form:
    """Give the form of another place."""
    kept = schedule.place_of(occurrence, _meeting(occurrence)) if occurrence.place_id else None
    fields = [
        Field("place_name", _("Name of the place"), given.get("place_name", kept.name if kept else "")),
        Field("address", _("Address"), given.get("address", kept.address if kept else "")),
    ]
    usual = places.usual(occurrence) or _("not said")
    words = _("Only this date is elsewhere. Leave both empty for the usual place: %(place)s.", place=usual)
    return _form(
        occurrence, "place", _("Another place for one date"), words, _("Change the place and tell people"), fields,
        look=_("Show what people will read"),
    )  # fmt: skip


def seats(occurrence: Occurrence, given: Given) -> Form:
    """Give the form of other seats."""
    value = given.get("capacity", str(occurrence.capacity or ""))
    fields = [Field("capacity", _("Seats"), value, "number", width="w-few")]
    words = _("More seats are offered to whoever waits. Fewer seats throw nobody out. Leave it empty for no limit.")
    return _form(occurrence, "seats", _("Other seats for one date"), words, _("Change the seats"), fields)


def note(occurrence: Occurrence, given: Given) -> Form:
    """Give the form of a note."""
    fields = [Field("note", _("Note"), given.get("note", occurrence.note), "area")]
    words = _("Everybody can read it: on the page of the meeting, and in calendars. Nobody is texted.")
    return _form(occurrence, "note", _("A note for one date"), words, _("Keep the note"), fields)


def substitute(occurrence: Occurrence, given: Given) -> Form:
    """Give the form that hands a date to somebody else."""
    found = substitutes.leaders(occurrence.organisation_id, [occurrence])[occurrence.id]
    standing = next((str(each.person_id) for each in found if each.stands_in), "")
    staff = [(str(each.id), each.name) for each in accounts.people_with_role(occurrence.organisation_id, "counsellor")]
    usual = substitutes.usual_leaders(occurrence)
    choices = [("", _("As always")), *staff]
    stood_for = [("", _("Everybody who leads it")), *((str(each.person_id), each.name) for each in usual)]
    fields = [
        Field("person", _("Who leads this date"), given.get("person", standing), "pick", options=choices),
        Field("instead_of", _("Instead of"), given.get("instead_of", ""), "pick", options=stood_for),
    ]
    words = _("They see the roll of this date from 60 minutes before it to the end of that day.")
    return _form(occurrence, "substitute", _("Somebody else leads one date"), words, _("Keep this"), fields)


def one_more(meeting: Meeting, given: Given) -> Form:
    """Give the form of one more date."""
    tomorrow = clock.today(meeting.zone) + timedelta(days=1)
    usual = f"{meeting.start_local:%H:%M}" if meeting.start_local else ""
    fields = [
        Field("date", _("Date"), given.get("date", tomorrow.isoformat()), "date", width="w-some"),
        Field("time", _("Time"), given.get("time", usual), "time", width="w-some"),
        Field("minutes", _("Minutes"), given.get("minutes", str(meeting.minutes or 60)), "number", width="w-few"),
        Field("note", _("Note"), given.get("note", ""), "area", hint=_("Everybody can read it.")),
    ]
    return Form(
        title=_("One more date"), words=_("A date beside the usual ones. Members are told."), meeting=meeting,
        label=_("Add the date and tell people"), look=_("Show what people will read"), fields=fields,
        action=url_for("one_date.extra", meeting_id=meeting.id),
        back_url=url_for("dates.show", meeting_id=meeting.id),
    )  # fmt: skip


def extra_of(given: Given) -> Extra:
    """Read the wall time, length and note of one more date."""
    start, minutes = forms.move(given)
    return Extra(start, minutes, given["note"])


def whole(typed: str, name: str) -> int | None:
    """Read a whole number; nothing typed is None."""
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > 6:
        raise Invalid("Enter a whole number.", fields={name: "Enter a whole number."})
    return int(typed)


def person(typed: str, name: str) -> uuid.UUID | None:
    """Read who was chosen; nobody is None."""
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        raise Invalid("Choose somebody of your staff.", fields={name: "Choose somebody of your staff."}) from None


def when(wall: datetime, zone: str) -> str:
    """Say a wall time in words."""
    return say(instant(wall, zone), zone)


def say(moment: datetime, zone: str) -> str:
    """Say a moment in words, in the reader's language."""
    return formats.when_full(moment, now=clock.now(), zone=zone, language=pages.language())


def _form(
    occurrence: Occurrence, act: str, title: str, words: str, label: str, fields: list[Field] | None = None,
    look: str | None = None,
) -> Form:  # fmt: skip
    keys: dict[str, Any] = {"meeting_id": occurrence.meeting_id, "occurrence_id": occurrence.id}
    return Form(
        title=title, words=words, label=label, fields=fields or [], look=look, meeting=_meeting(occurrence),
        date=occurrence, action=url_for(f"one_date.{act}", **keys),
        back_url=url_for("dates.show", meeting_id=occurrence.meeting_id),
    )  # fmt: skip


def _meeting(occurrence: Occurrence) -> Meeting:
    return schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
