"""The list of those to call before a date, because no text is known to have reached them."""

import uuid
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.audit import reading
from aftercare.core import phone as phones
from aftercare.core.errors import Invalid, NotFound
from aftercare.http import actor, guards, pages
from aftercare.meetings import shown, timetable
from aftercare.meetings.timetable import Listed
from aftercare.recovery import calls
from aftercare.recovery.call_reasons import WAITING, Reason
from aftercare.recovery.calls import Call

door = Blueprint("calls", __name__, url_prefix="/staff/dates/<uuid:occurrence_id>/calls")


@door.get("")
@guards.writes
@guards.needs("roll:see")
def show(occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom to call about a date; that it was looked at is noted."""
    return _page(occurrence_id)


@door.post("/<uuid:person_id>")
@guards.needs("outreach:close")
def log(occurrence_id: uuid.UUID, person_id: uuid.UUID) -> ResponseReturnValue:
    """Note that somebody was called, and whether they were reached."""
    outcome = request.form.get("outcome", "")
    try:
        calls.log(actor.current().organisation_id, occurrence_id, person_id, outcome=outcome, by=actor.person_id())
    except Invalid as refusal:
        return _page(occurrence_id, {"": _(refusal.sentence)}, status=422)
    pages.say("go", _("Noted. Thank you."))
    return pages.see("calls.show", occurrence_id=occurrence_id)


def _page(occurrence_id: uuid.UUID, errors: dict[str, str] | None = None, *, status: int = 200) -> ResponseReturnValue:
    date = _date(occurrence_id)
    found = calls.of(date.occurrence.organisation_id, occurrence_id)
    reading.note_list("calls.seen", about="occurrence", of=occurrence_id, ids=[call.person.id for call in found])
    return pages.page(
        "recovery/calls.html",
        status,
        meeting={"name": date.meeting.name, "url": shown.meeting_url(date.meeting.id)},
        date=shown.date(date.occurrence, date.meeting, date.place),
        to_call=[_row(call, occurrence_id) for call in found if call.reason not in WAITING],
        waiting=[_row(call, occurrence_id) for call in found if call.reason in WAITING],
        zone=date.meeting.zone,
        errors=errors or {},
        back_url=url_for("attendance.roll", occurrence_id=occurrence_id),
    )


def _date(occurrence_id: uuid.UUID) -> Listed:
    found = timetable.named(actor.current().organisation_id, [occurrence_id])
    if not found:
        raise NotFound("There is no such date.")
    return found[0]


def _row(call: Call, occurrence_id: uuid.UUID) -> dict[str, Any]:
    phone = call.person.phone
    return {
        "person_id": call.person.id,
        "name": call.name,
        "person_url": url_for("people_pages.show", person_id=call.person.id),
        "phone": phone or None,
        "phone_masked": phones.masked(phone) if phone else None,
        "reason": _said(call.reason),
        "answer": _answer(call.answer),
        "leaves_at": call.leaves_at,
        "outcome": call.outcome,
        "log_url": url_for("calls.log", occurrence_id=occurrence_id, person_id=call.person.id),
    }


def _said(reason: Reason) -> str:
    said: dict[Reason, str] = {
        Reason.NO_PHONE: _("No phone number"),
        Reason.FROZEN: _("Texts to this number did not arrive"),
        Reason.STOPPED: _("Gets no texts"),
        Reason.NO_CONSENT: _("Has not agreed to texts"),
        Reason.FAILED: _("The text did not arrive"),
        Reason.UNSURE: _("We do not know if the text left"),
        Reason.CAPPED: _("Has had as many texts as they chose"),
        Reason.TOO_LATE: _("The text would come too late"),
        Reason.NOT_SENT: _("No text was sent"),
        Reason.UNCONFIRMED: _("Sent over an hour ago, never confirmed"),
        Reason.JUST_SENT: _("Just sent, not confirmed, and it begins soon"),
        Reason.ON_ITS_WAY: _("Sent, not confirmed yet"),
        Reason.LEAVES_LATER: _("The text leaves later"),
    }
    return said[reason]


def _answer(answer: str) -> str:
    none: str = _("No answer yet")
    said: dict[str, str] = {"going": _("Said yes"), "offered": _("Has an offer"), "maybe": _("Said maybe")}
    return said.get(answer, none)
