"""Staff pages of a meeting: publish it, see its dates, cancel or move one of them."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import changes, forms, members, notices, rsvps, schedule, shown, types
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.recurrence import Pattern, clock_change_warnings, in_words, instant, slots
from aftercare.people import accounts

door = Blueprint("publishing", __name__, url_prefix="/staff/meetings")
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
)  # fmt: skip
PREVIEWED = 10
#: What the verbs call a thing, where the form has another name for it.
_FIELDS = {"first": "start_date", "place_address": "address", "rule": "repeat"}


@door.get("/new")
@guards.needs("meetings:publish")
def new() -> ResponseReturnValue:
    """Show the empty editor."""
    asking = actor.current()
    start = clock.now().astimezone(ZoneInfo(asking.zone)).date() + timedelta(days=1)
    blank = {"zone": asking.zone, "start_date": start.isoformat(), "facilitators": [str(actor.person_id())]}
    return _editor(forms.EMPTY | blank)


@door.post("/new/preview")
@guards.needs("meetings:publish")
def preview() -> ResponseReturnValue:
    """Show what the rule means, before anything is saved."""
    given = forms.typed(request.form)
    try:
        return _editor(given, preview=_preview(changes.pattern_of(forms.draft(given))))
    except Invalid as refusal:
        return _editor(given, errors=_by_field(refusal), status=422)


@door.post("")
@guards.needs("meetings:publish")
def publish() -> ResponseReturnValue:
    """Publish the meeting, or show what is wrong with it."""
    given = forms.typed(request.form)
    try:
        meeting = changes.publish(actor.current().organisation_id, forms.draft(given), by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _editor(given, errors=_by_field(refusal), status=422)
    pages.say("go", _("Published. Everybody can find it now."))
    return pages.see("meetings.show", meeting_id=meeting.id)


@door.get("/<uuid:meeting_id>/dates")
@guards.needs("meetings:change")
def dates(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the next dates of a meeting, with what can be done to each."""
    meeting = schedule.get_meeting(actor.current().organisation_id, meeting_id)
    rows = schedule.next_dates(meeting, limit=12)
    counts = rsvps.counts(meeting.organisation_id, [row.id for row in rows])
    head = {
        "name": meeting.name,
        "in_words": shown.when_in_words(meeting, pages.language()),
        "url": shown.meeting_url(meeting.id),
        "edit_url": None,
    }
    listed = [_date_row(row, meeting, counts.get(row.id, {})) for row in rows]
    return page("meetings/dates.html", meeting=head, zone=meeting.zone, dates=listed, pager=None)


@door.post("/<uuid:meeting_id>/dates/<uuid:occurrence_id>/cancellation")
@guards.needs("meetings:change")
def cancel(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel one date and tell everybody who said yes."""
    occurrence = _date_of(meeting_id, occurrence_id)
    changes.cancel_occurrence(occurrence.organisation_id, occurrence.id, by=actor.person_id())
    pages.say("go", _("This date is cancelled. Everybody it concerns is told."))
    return pages.see("publishing.dates", meeting_id=meeting_id)


@door.get("/<uuid:meeting_id>/dates/<uuid:occurrence_id>/move")
@guards.needs("meetings:change")
def ask_move(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that moves one date."""
    occurrence = _date_of(meeting_id, occurrence_id)
    given = {
        "date": occurrence.start_local.date().isoformat(),
        "time": f"{occurrence.start_local:%H:%M}",
        "minutes": str(_minutes(occurrence)),
    }
    return _mover(occurrence, given)


@door.post("/<uuid:meeting_id>/dates/<uuid:occurrence_id>/move")
@guards.needs("meetings:change")
def move(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that moving a date would send, or move it and send them."""
    occurrence = _date_of(meeting_id, occurrence_id)
    given = {name: request.form.get(name, "").strip() for name in ("date", "time", "minutes")}
    try:
        to, minutes = forms.move(given)
        if request.form.get("do") != "move":
            return _mover(occurrence, given, change=_look_ahead(occurrence, to, minutes))
        changes.move_occurrence(occurrence.organisation_id, occurrence.id, to=to, minutes=minutes, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _mover(_date_of(meeting_id, occurrence_id), given, errors=refusal.fields, status=422)
    pages.say("go", _("Moved. Everybody it concerns is told."))
    return pages.see("publishing.dates", meeting_id=meeting_id)


def _editor(given: dict[str, Any], **more: Any) -> ResponseReturnValue:
    status = more.pop("status", 200)
    shown_form = {"errors": {}, "preview": None, "affected": 0} | more
    return page(
        "meetings/edit.html",
        status,
        is_new=True,
        action=url_for("publishing.publish"),
        preview_url=url_for("publishing.preview"),
        cancel_url=url_for("home.staff"),
        form=given,
        options=_options(given["zone"]),
        **shown_form,
    )


def _by_field(refusal: Invalid) -> dict[str, str]:
    """Say what is wrong beside the field that the form has for it."""
    return {_FIELDS.get(name, name): said for name, said in refusal.fields.items()} or {"": refusal.sentence}


def _options(zone: str) -> dict[str, Sequence[tuple[str, ...]]]:
    asking = actor.current()
    staff = accounts.people_with_role(asking.organisation_id, "counsellor")
    language = pages.language()
    return {
        "kinds": [
            ("programme", _("Programme"), _("Led by staff. People say if they come, and you take the roll.")),
            ("fellowship", _("Fellowship"), _("Led by peers. It is listed only; nobody's name is taken.")),
        ],
        "fellowships": [("", _("None")), ("aa", "AA"), ("na", "NA"), ("al-anon", "Al-Anon"), ("smart", "SMART")],
        "types": [(code, each.named(language)) for code, each in types.of("aa").items() if each.category == "format"],
        "languages": [("en", "English"), ("es", "Español")],
        "opens": [("", _("Not said")), ("yes", _("Everybody")), ("no", _("Only people who belong to it"))],
        "attends": [("in_person", _("In person")), ("online", _("Online")), ("hybrid", _("Both"))],
        "zones": [(name, name.replace("_", " ")) for name in dict.fromkeys((asking.zone, zone, *ZONES)) if name],
        "facilitators": [(str(person.id), person.name) for person in staff],
    }


def _preview(pattern: Pattern) -> dict[str, Any]:
    after, before = pattern.first, pattern.first + timedelta(days=3 * 366)
    changed = dict(clock_change_warnings(pattern, after=after, before=before))
    coming = slots(pattern, after=after, before=before)[:PREVIEWED]
    words = {"gap": _("The clocks go forward just then."), "overlap": _("The clocks go back just then.")}
    return {
        "in_words": in_words(pattern, pages.language()),
        "zone": pattern.zone,
        "warnings": [],
        "dates": [
            {"starts_at": instant(slot, pattern.zone), "note": words[changed[slot]] if slot in changed else None}
            for slot in coming
        ],
    }


def _date_of(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    return schedule.get_date(actor.current().organisation_id, meeting_id, occurrence_id)


def _date_row(row: Occurrence, meeting: Meeting, counts: dict[str, int]) -> dict[str, Any]:
    keys: dict[str, Any] = {"meeting_id": meeting.id, "occurrence_id": row.id}
    return shown.date(row, meeting, None) | {
        "going": counts.get("going", 0) + counts.get("offered", 0),
        "waiting": counts.get("waitlisted", 0) + counts.get("maybe", 0),
        "roll_url": url_for("attendance.roll", occurrence_id=row.id),
        "move_url": url_for("publishing.ask_move", **keys),
        "cancel_url": url_for("publishing.cancel", **keys),
        "restore_url": None,
    }


def _mover(occurrence: Occurrence, given: dict[str, str], **more: Any) -> ResponseReturnValue:
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    keys: dict[str, Any] = {"meeting_id": meeting.id, "occurrence_id": occurrence.id}
    status = more.pop("status", 200)
    return page(
        "meetings/move.html",
        status,
        meeting={"name": meeting.name},
        date=shown.date(occurrence, meeting, None),
        form=given,
        action=url_for("publishing.move", **keys),
        back_url=url_for("publishing.dates", meeting_id=meeting.id),
        **({"errors": {}, "change": None} | more),
    )


def _look_ahead(occurrence: Occurrence, to: datetime, minutes: int | None) -> dict[str, Any]:
    """Say what moving would do: the new time, how many people get a text, and each text once."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    starts_at = instant(to, meeting.zone)
    if starts_at <= clock.now():
        sentence = _("Choose a time that is still to come.")
        raise Invalid(sentence, fields={"date": sentence})
    people = accounts.people_named(occurrence.organisation_id, members.affected(occurrence))
    bodies = notices.preview_move(occurrence, list(people.values()), starts_at=starts_at)
    return {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes or _minutes(occurrence)),
        "zone": meeting.zone,
        "people": sum(bodies.values()),
        "texts": [{"language": language, "body": body} for language, body in bodies],
        "warnings": [],
    }


def _minutes(occurrence: Occurrence) -> int:
    return int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60)
