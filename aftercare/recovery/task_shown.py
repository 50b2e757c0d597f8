"""What staff are shown of a task: whom it is about and why, in words."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from aftercare.http import formats, pages
from aftercare.meetings import timetable
from aftercare.meetings.timetable import Listed
from aftercare.messaging import advice
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery.models import OutreachTask
from aftercare.recovery.outreach import OPERATIONS

#: Tasks about a date, and the page where each is done.
ABOUT_DATES = {"roll": "attendance.roll", "late_news": "calls.show"}


def rows(tasks: Sequence[OutreachTask]) -> list[dict[str, Any]]:
    """Show tasks of one organisation, in two queries more than the tasks themselves."""
    if not tasks:
        return []
    organisation_id = tasks[0].organisation_id
    people = accounts.people_named(organisation_id, [task.person_id for task in tasks if task.person_id])
    rolls = [uuid.UUID(task.facts["occurrence_id"]) for task in tasks if task.kind in ABOUT_DATES]
    dates = {date.occurrence.id: date for date in timetable.named(organisation_id, rolls)} if rolls else {}
    return [_row(task, people, dates) for task in tasks]


def outcomes() -> list[tuple[str, str]]:
    """Give what can come of a task."""
    return [
        ("reached", _("We talked")),
        ("left_message", _("I left a message")),
        ("no_answer", _("Nobody answered")),
        ("done", _("It is done")),
        ("not_needed", _("It is not needed")),
    ]


def _row(task: OutreachTask, people: Mapping[uuid.UUID, Person], dates: Mapping[uuid.UUID, Listed]) -> dict[str, Any]:
    if task.kind in OPERATIONS:
        return _operation(task)
    date = dates.get(uuid.UUID(task.facts["occurrence_id"])) if task.kind in ABOUT_DATES else None
    person = people.get(task.person_id) if task.person_id else None
    return {
        "name": person.name if person else date.meeting.name if date else _("Somebody we do not know"),
        "person_url": url_for("people_pages.show", person_id=person.id) if person else None,
        "phone": person.phone or None if person else None,
        "reason": _reason(task.kind),
        "fact": _when(date) if date else None,
        "due": task.due_at.date(),
        "is_urgent": task.is_urgent,
        "is_roll": task.kind == "roll",
        "is_operation": False,
        "url": url_for(ABOUT_DATES[task.kind], occurrence_id=date.occurrence.id)
        if date
        else url_for("recovery.task", task_id=task.id),
    }


def _operation(task: OutreachTask) -> dict[str, Any]:
    """Show what keeps texts from going: nobody is to be called, the queue says more."""
    return {
        "name": _("Texts on their way"),
        "person_url": None,
        "phone": None,
        "reason": _reason(task.kind),
        "fact": _to_mend(task),
        "due": task.due_at.date(),
        "is_urgent": task.is_urgent,
        "is_roll": False,
        "is_operation": True,
        "url": url_for("queue.show"),
    }


def _to_mend(task: OutreachTask) -> str:
    if task.kind == "sender_paused":
        return advice.about(task.facts["failure"], task.facts.get("code"))
    if task.kind == "texts_filtered":
        return str(_("Look at the registration of the number (10DLC) and at the words of the texts."))
    return str(_("Start it on the server."))


def _reason(kind: str) -> str:
    said: dict[str, str] = {
        "crisis": _("Wrote that they are in danger"),
        "call": _("Asked for a call"),
        "contact": _("Check the e-mail address"),
        "roll": _("Roll to finish"),
        "not_understood": _("Wrote what we did not understand"),
        "stop_unsure": _("May want no more texts: ask them"),
        "number": _("Check the phone number"),
        "proof": _("Asked for a proof of attendance"),
        "worker_silent": _("Texts are not going out: the worker is silent"),
        "sender_paused": _("Texts are not going out: the sender is paused"),
        "texts_filtered": _("Texts are not getting through: carriers block them"),
        "late_news": _("Not everybody knows that this date has changed: call"),
    }
    return said[kind]


def _when(date: Listed) -> str:
    return formats.when_short(date.occurrence.starts_at, zone=date.meeting.zone, language=pages.language())
