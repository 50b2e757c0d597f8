"""The page on which staff ask somebody for a check-up by text, and see what they answered."""

import uuid
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.audit import reading
from aftercare.conversations import checkups_by_text
from aftercare.core.db import abandon
from aftercare.core.errors import Conflict
from aftercare.http import actor, guards, pages
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import checkups, instruments
from aftercare.recovery.models import Checkup, Instrument

door = Blueprint("checkups", __name__, url_prefix="/staff/people")


@door.get("/<uuid:person_id>/checkups")
@guards.writes
@guards.needs("checkups:see")
def show(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show somebody's check-ups; that they were looked at is noted."""
    person = _patient(person_id)
    reading.note("checkups.seen", about="person", about_id=person.id, person_id=person.id)
    return _page(person, {})


@door.post("/<uuid:person_id>/checkups")
@guards.needs("checkups:ask")
def ask(person_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a check-up by text, or say why that cannot be."""
    person = _patient(person_id)
    instrument = _chosen(person)
    if instrument is None:
        return _page(person, {"instrument": _("Choose a questionnaire.")})
    try:
        message = checkups_by_text.ask(person, instrument, by=actor.person_id())
    except Conflict:
        return _page(person, {"": _("They have a check-up that is not finished yet.")})
    if message is None:
        abandon()
        return _page(_patient(person_id), {"": _("We may not text them: no number, or they did not agree to texts.")})
    pages.say("go", _("We ask them by text whether now is a good time."))
    return pages.see("checkups.show", person_id=person_id)


def _patient(person_id: uuid.UUID) -> Person:
    return accounts.require_patient(actor.current().organisation_id, person_id)


def _chosen(person: Person) -> Instrument | None:
    offered = instruments.loaded(person.organisation_id, person.language)
    return next((each for each in offered if str(each.id) == request.form.get("instrument", "")), None)


def _page(person: Person, errors: dict[str, str]) -> ResponseReturnValue:
    offered = instruments.loaded(person.organisation_id, person.language)
    names = {each.id: each for each in instruments.loaded(person.organisation_id)}
    return pages.page(
        "recovery/checkups.html",
        422 if errors else 200,
        name=person.name,
        instruments=[(str(each.id), each.name) for each in offered],
        chosen=str(offered[0].id) if len(offered) == 1 else None,
        checkups=[_row(each, names[each.instrument_id]) for each in checkups.of(person)],
        zone=person.zone,
        action=url_for("checkups.ask", person_id=person.id),
        back_url=url_for("people_pages.show", person_id=person.id),
        errors=errors,
    )


def _row(checkup: Checkup, instrument: Instrument) -> dict[str, Any]:
    given = checkups.answers(checkup)
    return {
        "name": instrument.name,
        "asked_at": checkup.asked_at,
        "answered": len(given),
        "count": len(instrument.items),
        "total": checkups.total(checkup),
        "highest": instrument.high * len(instrument.items),
        "items": list(zip(instrument.items, given, strict=False)),
        "is_open": checkups.is_open(checkup),
        "language": instrument.language,
    }
