"""The page on which a patient agrees to texts or stops them."""

from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.consent import ledger, wordings
from aftercare.conversations import agreement
from aftercare.core import phone as phones
from aftercare.core.errors import Conflict
from aftercare.http import actor, guards, pages
from aftercare.people import accounts, organisations
from aftercare.people.models import Person

door = Blueprint("texts", __name__)


@door.get("/texts")
@guards.needs("own:texts")
def show() -> ResponseReturnValue:
    """Show whether texts are on, and the sentences to agree to if they are not; ask for a number first."""
    person = _person()
    return _page(person, {}) if person.phone else pages.see("numbers.show")


@door.post("/texts/agreement")
@guards.needs("own:texts")
def agree() -> ResponseReturnValue:
    """Agree to texts, in the very words that were on the page."""
    person = _asking()
    if request.form.get("version") != ledger.WORDING or request.form.get("agree") != "yes":
        return _page(person, {"": _("These words have changed. Read them again, then choose.")})
    agreement.agree(person, names_meetings=request.form.get("plain") == "yes")
    pages.say("go", _("Texts are on. The first one is on its way."))
    return pages.see("texts.show")


@door.post("/texts/withdrawal")
@guards.needs("own:texts")
def stop() -> ResponseReturnValue:
    """Stop all texts, at once."""
    agreement.stop(_asking())
    pages.say("go", _("You get no more texts. You can still come."))
    return pages.see("texts.show")


def _asking() -> Person:
    person = _person()
    if not person.phone:
        raise Conflict(_("We have no phone number of yours. Add it first."))
    return person


def _person() -> Person:
    return accounts.get_person(actor.current().organisation_id, actor.person_id())


def _page(person: Person, errors: dict[str, str]) -> ResponseReturnValue:
    is_on, newest = ledger.allows_texts(person), ledger.find_newest(person)
    organisation = organisations.get_organisation(person.organisation_id)
    return pages.page(
        "consent/texts.html",
        422 if errors else 200,
        errors=errors,
        form={"plain": person.text_level == "plain"},
        wording=wordings.wording(ledger.WORDING, pages.language(), organisation=organisation.name),
        wording_version=ledger.WORDING,
        phone_masked=phones.masked(person.phone),
        is_on=is_on,
        needs_start=agreement.needs_start(person),
        since=newest.at.astimezone(ZoneInfo(person.zone)).date() if newest and is_on else None,
        action=url_for("texts.agree"),
        stop_url=url_for("texts.stop"),
        is_frozen=person.phone_frozen_at is not None,
        number_url=url_for("numbers.show"),
        skip_url="/",
    )
