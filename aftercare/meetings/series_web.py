"""Staff pages that change a published meeting, or end it, after a look at its dates and the texts that will go."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import (
    change_page,
    drafts,
    form_filled,
    forms,
    publishing_web,
    schedule,
    series,
    series_foresight,
    series_shown,
    shown,
)
from aftercare.meetings.models import Meeting
from aftercare.meetings.publishing import Draft

door = Blueprint("series", __name__, url_prefix="/staff/meetings/<uuid:meeting_id>")
_FIELDS = {"first": "start_date", "place_address": "address", "rule": "repeat"}


@door.get("/edit")
@guards.needs("meetings:change")
def ask_edit(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the editor, filled with the meeting as it is; `from` names a day from which on it is to change."""
    meeting = _meeting(meeting_id)
    since = request.args.get("from", "")
    scope = {"scope": "following" if since else "all", "from": since or _next_day(meeting)}
    return _editor(meeting, form_filled.filled(drafts.of(meeting)) | scope)


@door.post("/edit/preview")
@guards.needs("meetings:change")
def preview(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show which dates would change and who would read what; nothing is kept."""
    return _edit(meeting_id, is_meant=False)


@door.post("/edit")
@guards.needs("meetings:change")
def edit(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Change the meeting; where dates change, only once the texts that go were seen."""
    return _edit(meeting_id, is_meant=True)


@door.get("/end")
@guards.needs("meetings:change")
def ask_end(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that ends a meeting."""
    meeting = _meeting(meeting_id)
    return change_page.ask(series_shown.end_form(meeting, _next_day(meeting)))


@door.post("/end")
@guards.needs("meetings:change")
def end(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that ending a meeting would send, or end it and send them."""
    meeting, given = _meeting(meeting_id), request.form.get("from", "").strip()
    form = series_shown.end_form(meeting, given)
    try:
        since = forms.day(given, "from")
        found = series_foresight.of_end(meeting.organisation_id, meeting.id, since=since)
    except Invalid as refusal:
        return change_page.ask(form, errors=_by_field(refusal))
    change = series_shown.end(found, meeting)
    if not change_page.has_seen(change):
        return change_page.ask(form, change=change, seen=change_page.token(change))
    done = series.end(meeting.organisation_id, meeting.id, since=since, by=actor.person_id())
    pages.say("go", " ".join((_("The meeting ends."), change_page.told(done.settled.told))))
    return pages.see("dates.show", meeting_id=meeting.id)


def _edit(meeting_id: uuid.UUID, *, is_meant: bool) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    scope = {name: request.form.get(name, "").strip() for name in ("scope", "from")}
    given = forms.typed(request.form) | scope
    try:
        is_heard, given = bool(given["words"]), publishing_web.heard(given)
        draft = form_filled.read(given, drafts.of(meeting))
        since = forms.day(given["from"], "from") if given["scope"] == "following" else None
        found = series_foresight.of_change(meeting.organisation_id, meeting.id, draft, since=since)
        looked = {"preview": series_shown.preview(found, draft), "outlook": series_shown.outlook(found)}
        token = _token(given, looked)
        is_seen = request.form.get("seen") == token or found.is_silent
        if is_heard or not (is_meant and is_seen):
            return _editor(meeting, given, **looked, seen=token)
        return _changed(meeting, draft, since)
    except Invalid as refusal:
        abandon()
        return _editor(_meeting(meeting_id), given, errors=_by_field(refusal), status=422)


def _changed(meeting: Meeting, draft: Draft, since: date | None) -> ResponseReturnValue:
    done = series.change(meeting.organisation_id, meeting.id, draft, since=since, by=actor.person_id())
    pages.say("go", " ".join((_("The meeting is changed."), change_page.told(done.settled.told))))
    if meeting.kind == "fellowship":
        return pages.see("meetings.show", meeting_id=done.meeting.id)
    return pages.see("dates.show", meeting_id=done.meeting.id)


def _editor(meeting: Meeting, given: dict[str, Any], **more: Any) -> ResponseReturnValue:
    status = more.pop("status", 200)
    key = meeting.id
    is_programme = meeting.kind == "programme"
    looked = {"errors": {}, "preview": None, "outlook": None, "seen": "", "affected": 0} | more
    return page(
        "meetings/edit.html",
        status,
        is_new=False,
        action=url_for("series.edit", meeting_id=key),
        preview_url=url_for("series.preview", meeting_id=key),
        end_url=url_for("series.ask_end", meeting_id=key),
        cancel_url=url_for("dates.show", meeting_id=key) if is_programme else shown.meeting_url(meeting.id),
        has_dates=is_programme,
        form=given,
        options=series_shown.options(meeting, publishing_web.options(given["zone"])),
        **looked,
    )


def _meeting(meeting_id: uuid.UUID) -> Meeting:
    return schedule.get_meeting(actor.current().organisation_id, meeting_id)


def _next_day(meeting: Meeting) -> str:
    """Give the day of the next date; of a meeting without one, today."""
    following = schedule.next_open_date(meeting, after=clock.now())
    return (following.occurs_on if following else clock.today(meeting.zone)).isoformat()


def _token(given: dict[str, Any], looked: dict[str, Any]) -> str:
    """Name what was typed, and the dates and texts that were shown for it: what was not seen is not sent."""
    said: Sequence[Any] = [sorted(given.items()), sorted(looked.items())]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


def _by_field(refusal: Invalid) -> dict[str, str]:
    return {_FIELDS.get(name, name): said for name, said in refusal.fields.items()} or {"": refusal.sentence}
