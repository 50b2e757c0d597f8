"""The pages on which staff find a person, and see to their number and their texts."""

import uuid
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.attendance import walk_ins
from aftercare.attendance.walk_ins import Found
from aftercare.audit import reading
from aftercare.conversations import agreement, new_numbers, person_shown, subscriptions
from aftercare.core.db import abandon
from aftercare.core.errors import Conflict, Invalid
from aftercare.core.state_names import STATE_NAMES
from aftercare.http import actor, guards, pages
from aftercare.messaging import numbers
from aftercare.people import accounts, number_changes
from aftercare.people.models import Person

door = Blueprint("people_pages", __name__, url_prefix="/staff/people")
MOST_NEWEST = 20


@door.get("")
@guards.writes
@guards.needs("people:see")
def find() -> ResponseReturnValue:
    """Show who was added last, and ask for a name; that they were looked at is noted."""
    newest = accounts.newest_people(actor.current().organisation_id, "patient", limit=MOST_NEWEST)
    return _list_page("", Found(newest, has_more=False, is_partial=False), {}, is_search=False)


# A POST, although it changes nothing: a name in an address would stay in logs and in the browser.
@door.post("")
@guards.needs("people:see")
def search() -> ResponseReturnValue:
    """Show the people whose names fit; that they were looked at is noted."""
    typed = request.form.get("name", "").strip()
    try:
        found = walk_ins.find(actor.current().organisation_id, typed)
    except Invalid as refusal:
        return _list_page(typed, Found([], has_more=False, is_partial=False), refusal.fields, is_search=False)
    return _list_page(typed, found, {}, is_search=True)


@door.get("/<uuid:person_id>")
@guards.writes
@guards.needs("people:see")
def show(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show a person's number, what they agreed to, and what became of their texts; that it was looked at is noted."""
    return _person_page(_person(person_id))


@door.post("/<uuid:person_id>/number")
@guards.needs("people:change")
def write_down(person_id: uuid.UUID) -> ResponseReturnValue:
    """Write down the number that somebody told; it is theirs once they show it."""
    person, typed = _person(person_id), request.form.get("phone", "").strip()
    try:
        new_numbers.write_down(person, typed, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _person_page(_person(person_id), typed=typed, errors=refusal.fields)
    pages.say("go", _("The number is written down. They show that it is theirs when they sign in, or with a code."))
    return _see(person_id)


@door.post("/<uuid:person_id>/number/release")
@guards.needs("people:change")
def release(person_id: uuid.UUID) -> ResponseReturnValue:
    """Take a number off a person."""
    numbers.release(_person(person_id), way="staff", by=actor.person_id())
    pages.say("go", _("The number is taken off. Nothing more goes to it."))
    return _see(person_id)


@door.post("/<uuid:person_id>/state")
@guards.needs("people:change")
def live_in(person_id: uuid.UUID) -> ResponseReturnValue:
    """Write down in which state a person lives: texts keep its hours too."""
    try:
        accounts.live_in(_person(person_id), request.form.get("state", ""), by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _person_page(_person(person_id), errors=refusal.fields)
    pages.say("go", _("Saved."))
    return _see(person_id)


@door.post("/<uuid:person_id>/code")
@guards.needs("people:change")
def make_code(person_id: uuid.UUID) -> ResponseReturnValue:
    """Make a code for somebody with a new phone, and show it, this once."""
    person = _person(person_id)
    code = number_changes.make_staff_code(person, by=actor.person_id())
    halves = f"{code[:4]} {code[4:]}"
    page = pages.page("people/staff_code.html", person=person_shown.head(person), code=halves, back_url=_url(person_id))
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@door.post("/<uuid:person_id>/texts/withdrawal")
@guards.needs("people:change")
def stop(person_id: uuid.UUID) -> ResponseReturnValue:
    """Stop the texts of somebody who asked for it, in whatever way."""
    if agreement.stop_for(_person(person_id), by=actor.person_id()):
        pages.say("go", _("Texts are off. One last text tells them so."))
    else:
        pages.say("go", _("Texts were off before."))
    return _see(person_id)


@door.post("/<uuid:person_id>/texts/agreement")
@guards.needs("people:change")
def agree(person_id: uuid.UUID) -> ResponseReturnValue:
    """Write down that somebody agreed to texts, and ask them by text to confirm it."""
    person = _person(person_id)
    way = "paper" if request.form.get("way") == "paper" else "staff"
    try:
        agreement.require_working_phone(person)
        subscriptions.invite(person, way=way, recorded_by=actor.person_id())
    except Conflict as refusal:
        pages.say("bad", _(refusal.sentence))
    else:
        pages.say("go", _("Written down. We text them and ask for a YES."))
    return _see(person_id)


def _person(person_id: uuid.UUID) -> Person:
    return accounts.require_patient(actor.current().organisation_id, person_id)


def _url(person_id: uuid.UUID) -> str:
    return url_for("people_pages.show", person_id=person_id)


def _see(person_id: uuid.UUID) -> ResponseReturnValue:
    return pages.see("people_pages.show", person_id=person_id)


def _list_page(typed: str, found: Found, errors: dict[str, str], *, is_search: bool) -> ResponseReturnValue:
    reading.note_list("people.listed", about="person", ids=sorted(person.id for person in found.people))
    return pages.page(
        "people/staff_list.html",
        422 if errors else 200,
        form={"name": typed},
        errors=errors,
        is_search=is_search,
        people=[person_shown.row(person) for person in found.people],
        has_more=found.has_more,
        is_partial=found.is_partial,
        action=url_for("people_pages.search"),
        new_url=url_for("enrolment.new", next=url_for("people_pages.find")),
        back_url=url_for("home.staff"),
    )


def _person_page(person: Person, *, typed: str = "", errors: dict[str, str] | None = None) -> ResponseReturnValue:
    reading.note("person.seen", about="person", about_id=person.id, person_id=person.id)
    urls: dict[str, Any] = {
        name: url_for(f"people_pages.{name}", person_id=person.id)
        for name in ("write_down", "release", "make_code", "stop", "agree", "live_in")
    }
    return pages.page(
        "people/staff_person.html",
        422 if errors else 200,
        person=person_shown.head(person),
        phone=person_shown.phone(person),
        texts=person_shown.texts(person),
        consents=person_shown.consents(person),
        messages=person_shown.messages(person),
        checkups_url=url_for("checkups.show", person_id=person.id) if actor.current().may("checkups:see") else None,
        form={"phone": typed},
        errors=errors or {},
        states=[("", _("Not known")), *STATE_NAMES.items()],
        urls=urls,
        may_change=actor.current().may("people:change"),
        back_url=url_for("people_pages.find"),
    )
