"""The history of a meeting in words: what was done, and from what to what."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from aftercare.http import formats, pages
from aftercare.meetings import date_forms, series_words, undoing
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.history import Noted
from aftercare.meetings.models import Occurrence

Names = Mapping[uuid.UUID, str]


def row(noted: Noted, date_: Occurrence | None, names: Names, *, zone: str, undo_url: str | None) -> dict[str, Any]:
    """Show one change."""
    change = noted.change
    before, after = (_said(change, each, zone, names) for each in (change.before, change.after))
    if change.act.startswith("series."):
        before, after = series_words.before_and_after(change)
    return {
        "title": _titles().get(change.act, change.act),
        "date": date_forms.say(date_.starts_at, zone) if date_ else None,
        "at": change.at,
        "by": noted.by or None,
        "before": before if before != after else None,
        "after": after if before != after else None,
        "undone": change.undone_at,
        "undone_by": noted.undone_by or None,
        "undo_url": undo_url,
        "other": _other_part(change),
    }


def _other_part(change: MeetingChange) -> tuple[str, uuid.UUID] | None:
    """Name the other part of a series that was split, if a change split it."""
    if "heir" in change.after and not change.undone_at:
        return _("What came of the part since then"), uuid.UUID(change.after["heir"])
    if change.act == "series.begun":
        return _("What was changed before that"), uuid.UUID(change.after["of"])
    return None


def title(change: MeetingChange) -> str:
    """Say what was done."""
    return _titles().get(change.act, change.act)


def people_in(change: MeetingChange) -> set[uuid.UUID]:
    """Give whom a change names."""
    rows = [row for each in (change.before, change.after) for row in each.get("substitutes", [])]
    return {uuid.UUID(row["person_id"]) for row in rows}


def can_undo(change: MeetingChange, undoable: set[uuid.UUID]) -> bool:
    """Tell whether a change can be undone now."""
    return change.id in undoable and undoing.can_undo(change)


def _titles() -> dict[str, str]:
    return {
        "occurrence.cancelled": _("Date cancelled"),
        "occurrence.reinstated": _("Date takes place after all"),
        "occurrence.moved": _("Date moved"),
        "occurrence.placed": _("Date in another place"),
        "occurrence.capacity": _("Seats of a date changed"),
        "occurrence.noted": _("Note of a date changed"),
        "occurrence.added": _("Date added"),
        "occurrence.substitute": _("Somebody else leads a date"),
        "meeting.closed": _("Closed for a time"),
        "meeting.reopened": _("Open again early"),
        "series.changed": _("Series changed"),
        "series.ended": _("Series ended"),
        "series.begun": _("Series goes on in another way"),
    }


def _said(change: MeetingChange, kept: Mapping[str, Any], zone: str, names: Names) -> str | None:
    """Say what was kept of how it was, or is; None for what has no words."""
    said: str | None = None
    if "start_local" in kept and "minutes" in kept:
        said = date_forms.when(datetime.fromisoformat(str(kept["start_local"])), zone)
        said += ", " + _("%(minutes)s minutes", minutes=kept["minutes"])
    elif "place" in kept:
        said = str(kept["place"] or _("no place"))
    elif "capacity" in kept and change.occurrence_id:
        said = _("no limit") if kept["capacity"] is None else str(kept["capacity"])
    elif "note" in kept:
        said = str(kept["note"]) or _("none")
    elif "substitutes" in kept:
        said = ", ".join(names.get(uuid.UUID(each["person_id"]), "") for each in kept["substitutes"]) or _("As always")
    elif "first_day" in kept:
        said = _days(kept)
    return said


def _days(kept: Mapping[str, Any]) -> str:
    first, last = (_day(kept[name]) for name in ("first_day", "last_day"))
    said = _("%(first)s to %(last)s", first=first, last=last)
    return f"{said}. {kept['reason']}" if kept.get("reason") else said


def _day(iso: str) -> str:
    return formats.on_paper(date.fromisoformat(iso), language=pages.language())
