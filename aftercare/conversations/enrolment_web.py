"""The page on which staff add a person."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.consent import ledger, wordings
from aftercare.conversations import enrolment
from aftercare.conversations.enrolment import Enrolment
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.meetings import timetable
from aftercare.people import organisations
from aftercare.people.models import Organisation
from aftercare.recovery.streaks import FIRST_GOAL

door = Blueprint("enrolment", __name__, url_prefix="/staff/people")
LANGUAGES = (("en", "English"), ("es", "Español"))


@door.get("/new")
@guards.needs("people:add")
def new() -> ResponseReturnValue:
    """Show the empty form; a link to it may propose a group."""
    blank = {"name": "", "phone": "", "language": _organisation().language, "agrees": False, "goal": str(FIRST_GOAL)}
    return _page(blank | {"group": request.args.get("group", "")}, {})


@door.post("/new")
@guards.needs("people:add")
def add() -> ResponseReturnValue:
    """Add the person, or show what is wrong with what was typed."""
    given = _typed()
    if given["agrees"] and request.form.get("version") != ledger.WORDING:
        return _page(given, {"agrees": _("These words have changed. Read them again, then choose.")})
    try:
        enrolment.enrol(_organisation(), _read(given), by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _page(given, refusal.fields or {"": refusal.sentence})
    pages.say("go", _("Added. We text them and ask for a YES.") if given["agrees"] else _("Added."))
    return redirect(pages.safe_next(url_for("home.staff")), 303)


def _typed() -> dict[str, Any]:
    names = ("name", "phone", "language", "goal", "group")
    typed: dict[str, Any] = {name: request.form.get(name, "").strip() for name in names}
    return typed | {"agrees": request.form.get("agrees") == "yes"}


def _read(given: dict[str, Any]) -> Enrolment:
    goal = given["goal"]
    return Enrolment(
        name=given["name"],
        phone=given["phone"],
        language=given["language"],
        agrees_to_texts=given["agrees"],
        goal=int(goal) if goal.isascii() and goal.isdigit() and len(goal) < 5 else 0,
        group=given["group"],
    )


def _organisation() -> Organisation:
    return organisations.get_organisation(actor.current().organisation_id)


def _page(given: dict[str, Any], errors: dict[str, str]) -> ResponseReturnValue:
    ours, goes_on = _organisation(), pages.safe_next("")
    groups = timetable.groups(ours.id)
    return pages.page(
        "people/new.html",
        422 if errors else 200,
        form=given,
        errors=errors,
        action=url_for("enrolment.add", next=goes_on or None),
        back_url=goes_on or url_for("home.staff"),
        languages=LANGUAGES,
        groups=[("", _("None for now")), *((str(group.id), group.name) for group in groups)],
        wordings=[(code, wordings.wording(ledger.WORDING, code, organisation=ours.name)) for code, _name in LANGUAGES],
        wording_version=ledger.WORDING,
    )
