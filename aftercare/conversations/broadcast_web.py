"""The page on which staff write to a group: what they type is looked at first, and goes out as it was seen."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.conversations import broadcasts
from aftercare.conversations.broadcasts import Broadcast
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid, Refused, TooMany
from aftercare.http import actor, guards, pages
from aftercare.meetings import outlook_shown, schedule
from aftercare.meetings.models import Meeting
from aftercare.messaging import segments
from aftercare.messaging.outlook import Outlook

door = Blueprint("broadcast", __name__, url_prefix="/staff/meetings/<uuid:meeting_id>/message")
LANGUAGES = ("en", "es")


@door.get("")
@guards.needs("texts:send")
def ask(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the empty page."""
    meeting = _meeting(meeting_id)
    broadcasts.refuse_if_nobody_can_be_meant(meeting)
    return _page(meeting, Broadcast(broadcasts.new_form(), broadcasts.MEMBERS, {}))


@door.post("")
@guards.needs("texts:send")
def send(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show who would read what, or send it; what was not seen is not sent."""
    meeting, written = _meeting(meeting_id), _written()
    try:
        if request.form.get("do") != "send" or request.form.get("seen") != _seen(written):
            return _page(meeting, written, outlook=broadcasts.foresee(meeting, written))
        people = broadcasts.send(meeting, written, by=actor.person_id())
    except (Invalid, TooMany) as refusal:
        abandon()
        return _page(_meeting(meeting_id), written, refusal=refusal)
    said = ngettext("%(num)s person gets your message.", "%(num)s people get your message.", people)
    pages.say("go", said)
    return pages.see("dates.show", meeting_id=meeting_id)


def _meeting(meeting_id: uuid.UUID) -> Meeting:
    return schedule.get_meeting(actor.current().organisation_id, meeting_id)


def _written() -> Broadcast:
    words = {language: request.form.get(f"words_{language}", "") for language in LANGUAGES}
    return Broadcast(request.form.get("form", ""), request.form.get("audience", ""), words)


def _page(
    meeting: Meeting, written: Broadcast, *, outlook: Outlook | None = None, refusal: Refused | None = None
) -> ResponseReturnValue:
    return pages.page(
        "messaging/broadcast.html",
        {type(None): 200, TooMany: 429}.get(type(refusal), 422),
        meeting={"name": meeting.name},
        form={"id": written.form, "audience": written.audience, **_by_field(written.words)},
        audiences=[
            (broadcasts.MEMBERS, _("Everybody in this group")),
            (broadcasts.GOING, _("Those who said yes to the next date")),
        ],
        errors=_errors(refusal),
        outlook=_shown(outlook) if outlook else None,
        seen=_seen(written) if outlook else "",
        action=url_for("broadcast.send", meeting_id=meeting.id),
        back_url=url_for("dates.show", meeting_id=meeting.id),
    )


def _by_field(words: Mapping[str, str]) -> dict[str, str]:
    return {f"words_{language}": words.get(language, "") for language in LANGUAGES}


def _errors(refusal: Refused | None) -> Mapping[str, str]:
    if refusal is None:
        return {}
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return fields or {"": refusal.sentence}


def _shown(outlook: Outlook) -> dict[str, Any]:
    shown = outlook_shown.shown(outlook)
    parts = max((segments.count(text["body"]) for text in shown["texts"]), default=1)
    return shown | {"parts": parts}


def _seen(written: Broadcast) -> str:
    """Name what was seen, so that nothing else is sent."""
    said = "\0".join((written.form, written.audience, *(written.words.get(each, "") for each in LANGUAGES)))
    return hashlib.sha256(said.encode()).hexdigest()
