"""Staff pages that reinstate one date, put it elsewhere, give it seats, a note or a substitute; and add a date."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.meetings import change_page, changes, date_forms, dates, foresight, schedule, substitutes
from aftercare.meetings.models import Occurrence

door = Blueprint("one_date", __name__, url_prefix="/staff/meetings/<uuid:meeting_id>/dates")


@door.get("/<uuid:occurrence_id>/reinstatement")
@guards.needs("meetings:change")
def ask_reinstate(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that reinstating a date would send, and ask."""
    occurrence = _date_of(meeting_id, occurrence_id)
    change = change_page.look(foresight.of_reinstating(occurrence.organisation_id, occurrence.id))
    return change_page.ask(date_forms.reinstatement(occurrence), change=change, seen=change_page.token(change))


@door.post("/<uuid:occurrence_id>/reinstatement")
@guards.needs("meetings:change")
def reinstate(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Let a cancelled date take place after all, if what it sends was seen."""
    occurrence = _date_of(meeting_id, occurrence_id)
    change = change_page.look(foresight.of_reinstating(occurrence.organisation_id, occurrence.id))
    if not change_page.has_seen(change):
        return change_page.ask(date_forms.reinstatement(occurrence), change=change, seen=change_page.token(change))
    done = changes.reinstate_occurrence(occurrence.organisation_id, occurrence.id, by=actor.person_id())
    return _done(meeting_id, _("This date takes place after all."), told=done.told)


@door.get("/<uuid:occurrence_id>/place")
@guards.needs("meetings:change")
def ask_place(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that puts one date in another place."""
    return change_page.ask(date_forms.place(_date_of(meeting_id, occurrence_id), {}))


@door.post("/<uuid:occurrence_id>/place")
@guards.needs("meetings:change")
def place(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that another place would send, or change it and send them."""
    occurrence, given = _date_of(meeting_id, occurrence_id), _given("place_name", "address")
    where = {"name": given["place_name"], "address": given["address"]}
    try:
        outlook = foresight.of_placing(occurrence.organisation_id, occurrence.id, **where)
    except Invalid as refusal:
        return change_page.ask(date_forms.place(occurrence, given), errors=_named(refusal, "place_name"))
    change = change_page.look(outlook, when=", ".join(filter(None, where.values())) or _("The usual place"))
    if not change_page.has_seen(change):
        return change_page.ask(date_forms.place(occurrence, given), change=change, seen=change_page.token(change))
    done = dates.change_place(occurrence.organisation_id, occurrence.id, **where, by=actor.person_id())
    return _done(meeting_id, _("The place is changed."), told=done.told)


@door.get("/<uuid:occurrence_id>/seats")
@guards.needs("meetings:change")
def ask_seats(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that gives one date other seats."""
    return change_page.ask(date_forms.seats(_date_of(meeting_id, occurrence_id), {}))


@door.post("/<uuid:occurrence_id>/seats")
@guards.needs("meetings:change")
def seats(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Give one date other seats; free ones are offered to whoever waits."""
    occurrence, given = _date_of(meeting_id, occurrence_id), _given("capacity")
    try:
        capacity = date_forms.whole(given["capacity"], "capacity")
        dates.change_capacity(occurrence.organisation_id, occurrence.id, capacity=capacity, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        again = _date_of(meeting_id, occurrence_id)
        return change_page.ask(date_forms.seats(again, given), errors=refusal.fields)
    return _done(meeting_id, _("The seats are changed."))


@door.get("/<uuid:occurrence_id>/note")
@guards.needs("meetings:change")
def ask_note(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that says something of one date."""
    return change_page.ask(date_forms.note(_date_of(meeting_id, occurrence_id), {}))


@door.post("/<uuid:occurrence_id>/note")
@guards.needs("meetings:change")
def note(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Say something of one date, for everybody to read."""
    occurrence, given = _date_of(meeting_id, occurrence_id), _given("note")
    try:
        dates.change_note(occurrence.organisation_id, occurrence.id, note=given["note"], by=actor.person_id())
    except Invalid as refusal:
        return change_page.ask(date_forms.note(occurrence, given), errors=refusal.fields)
    return _done(meeting_id, _("The note is kept. Pages and calendars show it."))


@door.get("/<uuid:occurrence_id>/substitute")
@guards.needs("meetings:change")
def ask_substitute(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that hands one date to somebody else."""
    return change_page.ask(date_forms.substitute(_date_of(meeting_id, occurrence_id), {}))


@door.post("/<uuid:occurrence_id>/substitute")
@guards.needs("meetings:change")
def substitute(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody else lead one date."""
    occurrence, given = _date_of(meeting_id, occurrence_id), _given("person", "instead_of")
    try:
        person, instead = (date_forms.person(given[name], name) for name in ("person", "instead_of"))
        keys = occurrence.organisation_id, occurrence.id, person
        substitutes.stand_in(*keys, instead_of=instead if person else None, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        again = _date_of(meeting_id, occurrence_id)
        return change_page.ask(date_forms.substitute(again, given), errors=refusal.fields)
    return _done(meeting_id, _("Kept. The page of the meeting says who leads."))


@door.get("/new")
@guards.needs("meetings:change")
def ask_extra(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that adds a date."""
    return change_page.ask(date_forms.one_more(schedule.get_meeting(actor.current().organisation_id, meeting_id), {}))


@door.post("/new")
@guards.needs("meetings:change")
def extra(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that one more date would send, or add it and send them."""
    meeting = schedule.get_meeting(actor.current().organisation_id, meeting_id)
    given = _given("date", "time", "minutes", "note")
    try:
        wanted = date_forms.extra_of(given)
        outlook = foresight.of_adding(meeting.organisation_id, meeting.id, wanted)
    except Invalid as refusal:
        return change_page.ask(date_forms.one_more(meeting, given), errors=_named(refusal, "date"))
    change = change_page.look(outlook, when=date_forms.when(wanted.start, meeting.zone))
    if not change_page.has_seen(change):
        return change_page.ask(date_forms.one_more(meeting, given), change=change, seen=change_page.token(change))
    done = dates.add_date(meeting.organisation_id, meeting.id, wanted, by=actor.person_id())
    return _done(meeting_id, _("The date is added."), told=done.told)


def _date_of(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    return schedule.get_date(actor.current().organisation_id, meeting_id, occurrence_id)


def _given(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in names}


def _named(refusal: Invalid, usual: str) -> Mapping[str, str]:
    """Say what is wrong beside the field that the form has for it."""
    known: dict[str, str] = {"start": "date", "place": "place_name"}
    return {known.get(name, name): said for name, said in refusal.fields.items()} or {usual: refusal.sentence}


def _done(meeting_id: uuid.UUID, sentence: str, *, told: int | None = None) -> ResponseReturnValue:
    pages.say("go", sentence if told is None else f"{sentence} {change_page.told(told)}")
    return pages.see("dates.show", meeting_id=meeting_id)
