"""Staff pages of the meetings of a list: what their notes suggest, what we say instead of the list, which are gone."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core.errors import Conflict, NotFound
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import lists_said, lists_shown, local_edits, schedule, shown
from aftercare.meetings.exchange import differing, lists, suggestions
from aftercare.meetings.exchange.models import RuleSuggestion
from aftercare.meetings.local_edits import Edit, Said
from aftercare.meetings.models import Meeting
from aftercare.meetings.recurrence import Pattern, in_words, normalised

door = Blueprint("list_meetings", __name__, url_prefix="/staff/lists/<uuid:source_id>")
#: So many at once; the next come when these are settled.
MOST = 20


@door.get("/suggestions")
@guards.needs("lists:change")
def suggested(source_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the notes of meetings seem to say about their dates."""
    kept = lists.get(actor.current().organisation_id, source_id)
    found = suggestions.waiting(kept.source.organisation_id, source_id=source_id, limit=MOST)
    return _page("suggestions", kept, rows=[_suggestion(each, meeting) for each, meeting in found])


@door.post("/suggestions/<uuid:suggestion_id>/taking")
@guards.needs("lists:change")
def take(source_id: uuid.UUID, suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Let a meeting repeat as its note says."""
    organisation_id = _organisation_of(source_id)
    try:
        meeting = suggestions.take(organisation_id, suggestion_id, by=actor.person_id())
        pages.say("go", _("The meeting now is: %(when)s", when=shown.when_in_words(meeting, pages.language())))
    except Conflict as conflict:
        pages.say("warm", conflict.sentence)
    return pages.see("list_meetings.suggested", source_id=source_id)


@door.post("/suggestions/<uuid:suggestion_id>/dismissal")
@guards.needs("lists:change")
def dismiss(source_id: uuid.UUID, suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Leave a meeting as it is."""
    organisation_id = _organisation_of(source_id)
    try:
        suggestions.dismiss(organisation_id, suggestion_id, by=actor.person_id())
        pages.say("go", _("The meeting stays as it is."))
    except Conflict as conflict:
        pages.say("warm", conflict.sentence)
    return pages.see("list_meetings.suggested", source_id=source_id)


@door.get("/edits")
@guards.needs("lists:change")
def edited(source_id: uuid.UUID) -> ResponseReturnValue:
    """Show of which meetings we say something else than their list."""
    kept = lists.get(actor.current().organisation_id, source_id)
    found = local_edits.edited(kept.source.organisation_id, source_id, limit=MOST)
    return _page("edits", kept, rows=[_edits_of(meeting, source_id) for meeting in found])


@door.post("/edits/<uuid:meeting_id>")
@guards.needs("lists:change")
def drop(source_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Let the list be right again about one field of a meeting."""
    organisation_id = _organisation_of(source_id)
    if schedule.get_meeting(organisation_id, meeting_id).source_id != source_id:
        raise NotFound("There is no such meeting in this list.")
    try:
        field = request.form.get("field", "")
        local_edits.take_lists_word(organisation_id, meeting_id, field, by=actor.person_id())
        pages.say("go", _("The list's word holds again."))
    except Conflict as conflict:
        pages.say("warm", conflict.sentence)
    return pages.see("list_meetings.edited", source_id=source_id)


@door.get("/gone")
@guards.needs("lists:change")
def gone(source_id: uuid.UUID) -> ResponseReturnValue:
    """Show the meetings that are no longer in the list."""
    kept = lists.get(actor.current().organisation_id, source_id)
    found = lists.gone(kept.source.organisation_id, source_id)
    rows = [{"name": each.name, "at": each.vanished_at, "url": shown.meeting_url(each.id)} for each in found]
    return _page("gone", kept, rows=rows)


def _page(of: str, kept: lists.Kept, *, rows: Sequence[dict[str, Any]]) -> ResponseReturnValue:
    totals = {"suggestions": kept.suggestions, "edits": kept.edited, "gone": kept.gone}
    return page(
        f"meetings/list_{of}.html",
        list={"name": lists_shown.name(kept.source)},
        rows=rows,
        total=totals[of],
        zone=actor.current().zone,
        back_url=url_for("lists.show", source_id=kept.source.id),
    )


def _organisation_of(source_id: uuid.UUID) -> uuid.UUID:
    return lists.get(actor.current().organisation_id, source_id).source.organisation_id


def _suggestion(each: RuleSuggestion, meeting: Meeting) -> dict[str, Any]:
    keys: dict[str, Any] = {"source_id": meeting.source_id, "suggestion_id": each.id}
    return {
        "name": meeting.name,
        "url": shown.meeting_url(meeting.id),
        "now": shown.when_in_words(meeting, pages.language()),
        "sentence": each.sentence,
        "would": _would(each, meeting),
        "edit_url": url_for("series.ask_edit", meeting_id=meeting.id),
        "take_url": url_for("list_meetings.take", **keys),
        "dismiss_url": url_for("list_meetings.dismiss", **keys),
    }


def _would(each: RuleSuggestion, meeting: Meeting) -> str | None:
    if each.rule is None or meeting.start_local is None:
        return None
    pattern = Pattern(meeting.start_local, meeting.minutes or 60, each.rule, meeting.zone)
    return in_words(normalised(pattern), pages.language())


def _edits_of(meeting: Meeting, source_id: uuid.UUID) -> dict[str, Any]:
    found = local_edits.of(meeting)
    names = differing.place_names(meeting.organisation_id, [s for each in found for s in (each.list_says, each.we_say)])
    return {
        "name": meeting.name,
        "url": shown.meeting_url(meeting.id),
        "drop_url": url_for("list_meetings.drop", source_id=source_id, meeting_id=meeting.id),
        "fields": [_edit(each, names, meeting) for each in found],
    }


def _edit(each: Edit, names: differing.PlaceNames, meeting: Meeting) -> dict[str, str]:
    language = pages.language()

    def told(said: Said) -> str:
        text = differing.told(each.field, said, names, language)
        return lists_said.value(each.field, text, fellowship=meeting.fellowship, language=language)

    both = (each.we_say, each.list_says)
    is_when = each.field == "when"
    ours, theirs = lists_said.whens(both, language=language) if is_when else map(told, both)
    return {"name": each.field, "label": lists_said.field(each.field), "ours": ours, "theirs": theirs}
