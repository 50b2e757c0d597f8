"""What the editor of a published meeting shows: what becomes of its dates, who reads what, and what can be chosen."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.http import formats, pages
from aftercare.meetings import change_page, drafts, outlook_shown, publishing_web
from aftercare.meetings.models import Meeting
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import in_words
from aftercare.meetings.series_foresight import NEW, Foreseen, Seen
from aftercare.meetings.series_notices import BACK, MOVED, OFF
from aftercare.people import accounts

Options = dict[str, Sequence[tuple[str, ...]]]


def preview(found: Foreseen, draft: Draft) -> dict[str, Any]:
    """Show the next dates under the new rule, each with what becomes of it, and the one-line count of all."""
    if found.pattern is None or draft.kind == "fellowship":
        return publishing_web.preview_of(found.pattern) if found.pattern else {}
    return {
        "in_words": in_words(found.pattern, pages.language()),
        "zone": found.pattern.zone,
        "warnings": list(_counted(found)),
        "dates": [
            {"starts_at": each.starts_at, "note": _note(each, found.pattern.zone)}
            for each in found.dates[: publishing_web.PREVIEWED]
        ],
    }


def outlook(found: Foreseen) -> dict[str, Any]:
    """Show who would read what."""
    return outlook_shown.shown(found.outlook)


def end_form(meeting: Meeting, since: str) -> change_page.Form:
    """Ask from which day on a meeting has no more dates."""
    return change_page.Form(
        title=_("End this meeting"),
        words=_("From this day on there are no more dates. What has been stays."),
        label=_("End it and tell people"),
        action=url_for("series.end", meeting_id=meeting.id),
        back_url=url_for("dates.show", meeting_id=meeting.id),
        fields=[change_page.Field("from", _("First day without it"), since, kind="date", width="w-some")],
        look=_("Show what people will read"),
        meeting=meeting,
    )


def end(found: Foreseen, meeting: Meeting) -> dict[str, Any]:
    """Show which dates an end takes away, and who would read what."""
    off = [each for each in found.dates if each.fate == OFF]
    return change_page.look(found.outlook, dates=[_when(each.starts_at, meeting.zone) for each in off])


def options(meeting: Meeting, offered: Options) -> Options:
    """Let what a meeting has be chosen again, even where the editor does not offer it to new ones."""
    leaders = accounts.people_named(meeting.organisation_id, drafts.of(meeting).facilitators)
    leading = [(str(person.id), person.name) for person in leaders.values()]
    spoken = [(code, code) for code in meeting.languages[:1]] or [("", _("Not said"))]
    closed = [("inactive", _("Closed for now"))] if meeting.attendance == "inactive" else []
    return offered | {
        "kinds": [each for each in offered["kinds"] if each[0] == meeting.kind],
        "languages": _with(offered["languages"], spoken),
        "fellowships": _with(offered["fellowships"], [(meeting.fellowship, meeting.fellowship)]),
        "facilitators": _with(offered["facilitators"], leading) if meeting.kind == "programme" else [],
        "attends": _with(offered["attends"], closed),
    }


def _with(offered: Iterable[tuple[str, ...]], more: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    known = {each[0]: each for each in more} | {each[0]: each for each in offered}
    return list(known.values())


def _note(seen: Seen, zone: str) -> str | None:
    """Say what becomes of a date, and what the clocks do then; of one that stays, nothing."""
    said = {
        NEW: _("New"),
        OFF: _("Cancelled"),
        BACK: _("Takes place again"),
        MOVED: _("Moved from %(when)s", when=_when(seen.was, zone)) if seen.was else "",
    }
    clocks = publishing_web.clock_words().get(seen.clock_change or "")
    return " ".join(filter(None, (said.get(seen.fate), clocks))) or None


def _counted(found: Foreseen) -> Iterable[str]:
    fates = found.fates
    if fates.get(MOVED):
        yield ngettext("%(num)s date gets a new time.", "%(num)s dates get a new time.", fates[MOVED])
    if fates.get(OFF):
        yield ngettext("%(num)s date is cancelled.", "%(num)s dates are cancelled.", fates[OFF])
    if fates.get(NEW):
        yield ngettext("%(num)s date is new.", "%(num)s dates are new.", fates[NEW])
    if fates.get(BACK):
        yield ngettext("%(num)s date takes place again.", "%(num)s dates take place again.", fates[BACK])
    if found.people:
        yield ngettext("It concerns %(num)s person.", "It concerns %(num)s people.", found.people)


def _when(moment: Any, zone: str) -> str:
    return formats.when_short(moment, zone=zone, language=pages.language())
