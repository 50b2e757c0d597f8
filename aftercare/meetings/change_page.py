"""One page for many changes: a form, what would come of it and who would read what, and the button that does it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.http.pages import page
from aftercare.meetings import outlook_shown, shown
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.messaging.outlook import Outlook


@dataclass(frozen=True)
class Field:
    """One field of a form: text, date, time, number, area (lines) or pick (one of the options)."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str | None = None
    options: Sequence[tuple[str, str]] = ()
    width: str = ""


@dataclass(frozen=True)
class Form:
    """A change that is asked for: what it is called, what it does, its fields, and where it leads."""

    title: str
    words: str
    label: str
    action: str
    back_url: str
    fields: Sequence[Field] = ()
    look: str | None = None
    meeting: Meeting | None = None
    date: Occurrence | None = None
    back: str = field(default="")


def ask(
    form: Form, *, change: dict[str, Any] | None = None, seen: str = "", errors: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """Show a form, with what would come of it if that is known."""
    is_dated = form.date is not None and form.meeting is not None
    return page(
        "meetings/change.html",
        422 if errors else 200,
        title=form.title,
        words=form.words,
        label=form.label,
        action=form.action,
        look=form.look,
        back=form.back or _("Next dates"),
        back_url=form.back_url,
        fields=[asdict(each) for each in form.fields],
        errors=errors or {},
        change=change,
        seen=seen,
        meeting={"name": form.meeting.name} if form.meeting else None,
        date=shown.date(form.date, form.meeting, None) if is_dated and form.date and form.meeting else None,
    )


def look(outlook: Outlook, *, when: str | None = None, dates: Sequence[str] | None = None) -> dict[str, Any]:
    """Show what a change would come to."""
    return {"when": when, "dates": dates, "outlook": outlook_shown.shown(outlook)}


def token(change: Mapping[str, Any]) -> str:
    """Name what was shown: the dates, the texts and how many read each."""
    return hashlib.sha256(repr(sorted(change.items())).encode()).hexdigest()[:32]


def has_seen(change: Mapping[str, Any], *, do: str = "do") -> bool:
    """Tell whether the change is wanted, and just as it was shown: what was not seen is not sent."""
    return request.form.get("do") == do and request.form.get("seen") == token(change)


def told(people: int) -> str:
    """Say how many people are told."""
    said: str = ngettext("%(num)s person is told.", "%(num)s people are told.", people) if people else ""
    return said or str(_("Nobody gets a text."))
