"""What undoing a change comes to, as staff are shown it before they say so."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.meetings import change_page, date_forms, history_shown, undo_foresight
from aftercare.meetings.change_models import Closure, MeetingChange
from aftercare.meetings.change_page import Form
from aftercare.meetings.models import Meeting
from aftercare.meetings.undo_foresight import Foreseen, Stood


def look(change: MeetingChange) -> dict[str, Any]:
    """Show which dates stand otherwise then, who reads what, and how many texts are called back."""
    return _look(undo_foresight.of_undoing(change.organisation_id, change))


def look_at_closure(closure: Closure) -> dict[str, Any]:
    """Show the same of undoing all of a closure."""
    return _look(undo_foresight.of_undoing_closure(closure.organisation_id, closure))


def _look(found: Foreseen) -> dict[str, Any]:
    dates = [said for was, to in found.dates if (said := _said(was, to))]
    back = found.taken_back
    called_back = ngettext(
        "%(num)s text that has not left is called back.", "%(num)s texts that have not left are called back.", back
    )
    return change_page.look(found.outlook, dates=dates or None) | {"called_back": called_back if back else None}


def form(meeting: Meeting, change: MeetingChange, *, tells: bool) -> Form:
    """Give the question whether a change is to be undone."""
    return Form(
        title=_("Undo this change?"), label=_label(tells=tells), words=_words(history_shown.title(change)),
        action=url_for("history.undo", meeting_id=meeting.id, change_id=change.id), meeting=meeting,
        back_url=url_for("history.show", meeting_id=meeting.id), back=_("History"),
    )  # fmt: skip


def form_of_closure(closure: Closure, title: str, *, tells: bool) -> Form:
    """Give the question whether all of a closure is to be undone."""
    return Form(
        title=_("Undo this change?"), label=_label(tells=tells), words=_words(title),
        action=url_for("closures.undo", closure_id=closure.id),
        back_url=url_for("closures.show"), back=_("Closed days"),
    )  # fmt: skip


def _label(*, tells: bool) -> str:
    said: str = _("Undo it and tell people") if tells else _("Undo it")
    return said


def _words(title: str) -> str:
    said: str = _("What is undone: %(title)s. All of it will be as it was before.", title=title)
    return said


def _said(was: Stood, to: Stood) -> str:
    when = f"{to.meeting}: {date_forms.say(to.starts_at, to.zone)}"
    if not (was.is_on or to.is_on):
        return ""
    fate = _("%(minutes)s minutes", minutes=to.minutes)
    if was.is_on != to.is_on:
        fate = _("It takes place.") if to.is_on else _("It does not take place.")
    return f"{when}. {fate}"
