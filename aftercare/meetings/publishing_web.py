"""Staff pages that publish a meeting."""

from collections.abc import Sequence
from datetime import timedelta
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
from aftercare.meetings import forms, publishing, repeat_form, rule_shown, schedule, types
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Pattern, clock_change_warnings, in_words, instant, slots
from aftercare.people import accounts

door = Blueprint("publishing", __name__, url_prefix="/staff/meetings")
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
)  # fmt: skip
PREVIEWED = 10
#: What the verbs call a thing, where the form has another name for it.
_FIELDS = {"first": "start_date", "place_address": "address", "rule": "repeat", "is_join_withheld": "withheld"}


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
    return _looked_at(forms.typed(request.form))


@door.post("")
@guards.needs("meetings:publish")
def publish() -> ResponseReturnValue:
    """Publish the meeting, or show what is wrong with it."""
    given = forms.typed(request.form)
    if given["words"]:
        # Nobody publishes unseen what we made of a sentence.
        return _looked_at(given)
    try:
        meeting = publishing.publish(actor.current().organisation_id, forms.draft(given), by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _editor(given, errors=by_field(refusal), status=422)
    pages.say("go", _("Published. Everybody can find it now."))
    for warning in rule_shown.clock_warnings(schedule.pattern_of(meeting)) if meeting.rule else ():
        pages.say("warm", warning)
    return pages.see("meetings.show", meeting_id=meeting.id)


def _looked_at(given: dict[str, Any]) -> ResponseReturnValue:
    try:
        given = heard(given)
        draft = forms.draft(given)
        pattern = publishing.pattern_of(draft)
        return _editor(given, preview=_with_place_missed(preview_of(pattern), draft) if pattern else None)
    except Invalid as refusal:
        return _editor(given, errors=by_field(refusal), status=422)


def _with_place_missed(preview: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """Warn where people are to come and no place is said: it can be said later, but should not be forgotten."""
    if draft.attendance == "online" or draft.place_name.strip() or draft.place_address.strip():
        return preview
    missed = _("No place is said, so people cannot know where to come. Name one, or choose online.")
    return preview | {"warnings": [*preview["warnings"], missed]}


def heard(given: dict[str, Any]) -> dict[str, Any]:
    """Fill the fields of the form from what was said in words, if anything was."""
    if not given["words"]:
        return given
    return repeat_form.heard(given, today=clock.today(actor.current().zone), language=pages.language())


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
        options=options(given["zone"]),
        **shown_form,
    )


def by_field(refusal: Invalid) -> dict[str, str]:
    """Say what is wrong beside the field that the form has for it."""
    return {_FIELDS.get(name, name): said for name, said in refusal.fields.items()} or {"": refusal.sentence}


def options(zone: str) -> dict[str, Sequence[tuple[str, ...]]]:
    """Give what can be chosen in the editor of a meeting."""
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
        "holidays": rule_shown.holidays(language),
        "facilitators": [(str(person.id), person.name) for person in staff],
    }


def preview_of(pattern: Pattern) -> dict[str, Any]:
    """Show a rule in words, with its first dates."""
    after, before = pattern.first, pattern.first + timedelta(days=3 * 366)
    changed = dict(clock_change_warnings(pattern, after=after, before=before))
    coming = slots(pattern, after=after, before=before)[:PREVIEWED]
    words = clock_words()
    return {
        "in_words": in_words(pattern, pages.language()),
        "zone": pattern.zone,
        "warnings": rule_shown.clock_warnings(pattern),
        "dates": [
            {"starts_at": instant(slot, pattern.zone), "note": words[changed[slot]] if slot in changed else None}
            for slot in coming
        ],
    }


def clock_words() -> dict[str, str]:
    """Say what the clocks do at a date."""
    return {"gap": _("The clocks go forward just then."), "overlap": _("The clocks go back just then.")}
