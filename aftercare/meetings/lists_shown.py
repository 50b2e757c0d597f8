"""What the staff pages of lists show of a list: where it comes from, what there is of it, and its readings."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.core import clock
from aftercare.http import actor, pages
from aftercare.meetings import lists_said, types
from aftercare.meetings.exchange import source
from aftercare.meetings.exchange.lists import Kept, Reading
from aftercare.meetings.exchange.models import MeetingSource
from aftercare.people import accounts

DAY, WEEK = 24, 7 * 24
ACTS = ("new", "changed", "returned", "vanished")


def name(kept: MeetingSource) -> str:
    """Give what a list is called: its name, or where it comes from."""
    return kept.name or source.shown(kept.location)


def row(kept: Kept) -> dict[str, Any]:
    """Show a list among others."""
    of = kept.source
    return {
        "id": of.id,
        "name": name(of),
        "url": url_for("lists.show", source_id=of.id),
        "address": source.shown(of.location) if source.is_address(of.location) else None,
        "meetings": kept.meetings,
        "is_soon": is_soon(of),
        "last": of.last_read_at,
        "next": of.next_read_at if of.every_hours else None,
        "pace": pace(of.every_hours),
        "failure": lists_said.sentence(of.failure) if of.failure else None,
        "waiting_url": url_for("list_runs.show", source_id=of.id, run_id=kept.waiting) if kept.waiting else None,
        "suggestions": kept.suggestions,
    }


def whole(kept: Kept) -> dict[str, Any]:
    """Show a list on its own page."""
    of = kept.source
    return row(kept) | {
        "edited": kept.edited,
        "gone": kept.gone,
        "again": of.next_read_at if of.failure else None,
        "format": lists_said.format_name(of.format),
        "fellowship": types.FELLOWSHIPS.get(of.fellowship, of.fellowship),
        "zone": lists_said.zone_words(of.zone, language=pages.language()) if of.zone else None,
        "hours": of.every_hours or "",
        "can_be_read": source.can_be_read_again(of.location),
        "can_be_forgotten": not (kept.meetings or kept.gone),
        "is_followed": of.next_read_at is not None,
        "urls": _urls(of),
    }


def is_soon(kept: MeetingSource) -> bool:
    """Say whether a list is to be read now."""
    return kept.next_read_at is not None and kept.next_read_at <= clock.now()


def paces() -> list[tuple[int | str, str]]:
    """Offer how often a list can be read by itself."""
    return [("", _("Only when I ask")), (DAY, _("Every day")), (WEEK, _("Every week"))]


def paces_of(hours: int | None) -> list[tuple[int | str, str]]:
    """Offer how often a list can be read by itself, and as often as it is read now."""
    known = paces()
    return known if hours is None or hours in (DAY, WEEK) else [*known, (hours, pace(hours))]


def pace(hours: int | None) -> str:
    """Say how often a list is read by itself."""
    said = {str(value): label for value, label in paces()}
    return said.get(str(hours or "")) or str(_("Every hour") if hours == 1 else _("Every %(num)s hours", num=hours))


def readings(rows: Sequence[Reading], source_id: uuid.UUID) -> list[dict[str, Any]]:
    """Show the readings of a list; of those that can be undone, the newest."""
    names = people(each for row in rows for each in (row.by, row.undone_by))
    newest = next((row.id for row in rows if row.state == "done"), None)
    return [
        {
            "url": url_for("list_runs.show", source_id=source_id, run_id=each.id),
            "at": each.at,
            "by": names.get(each.by) if each.by else None,
            "state": each.state,
            "told": counted(each.counts),
            "undone": each.undone_at,
            "undone_by": names.get(each.undone_by) if each.undone_by else None,
            "can_undo": each.id == newest,
        }
        for each in rows
    ]


def counted(counts: Mapping[str, int]) -> str:
    """Say in one line what becomes of the meetings."""
    words = {
        "new": ngettext("%(num)s new", "%(num)s new", counts.get("new", 0)),
        "changed": ngettext("%(num)s changed", "%(num)s changed", counts.get("changed", 0)),
        "returned": ngettext("%(num)s back again", "%(num)s back again", counts.get("returned", 0)),
        "vanished": ngettext("%(num)s gone", "%(num)s gone", counts.get("vanished", 0)),
    }
    return ", ".join(words[act] for act in ACTS if counts.get(act)) or str(_("Nothing"))


def people(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Give the names of staff."""
    known = accounts.people_named(actor.current().organisation_id, {each for each in ids if each})
    return {key: person.name for key, person in known.items()}


def _urls(of: MeetingSource) -> dict[str, str]:
    ways = {
        "read": "lists.read", "pace": "lists.set_pace", "send": "lists.send", "stop": "lists.stop",
        "suggestions": "list_meetings.suggested", "edits": "list_meetings.edited", "gone": "list_meetings.gone",
    }  # fmt: skip
    return {way: url_for(endpoint, source_id=of.id) for way, endpoint in ways.items()}
