"""The page on which a patient agrees to texts or stops them."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.consent import ledger, wordings
from aftercare.conversations import agreement, letters
from aftercare.core import phone as phones
from aftercare.core.errors import Conflict, Invalid
from aftercare.core.state_names import STATE_NAMES
from aftercare.http import actor, guards, pages
from aftercare.messaging.caps import Caps
from aftercare.people import accounts, organisations
from aftercare.people.models import Person

door = Blueprint("texts", __name__)
#: What a patient can choose from. The words that they agreed to say "about 3 a week"; more is what they ask for here.
HOW_MANY = {"few": Caps(1, 3), "more": Caps(2, 7), "all": Caps(0, 0)}


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


@door.post("/texts/number")
@guards.needs("own:texts")
def choose() -> ResponseReturnValue:
    """Keep how many texts a patient wants, and where they live."""
    person, chosen = _asking(), HOW_MANY.get(request.form.get("texts", ""))
    try:
        if chosen is None:
            raise Invalid("", fields={"texts": "Choose how many texts."})
        accounts.choose_texts(person, a_day=chosen.a_day, a_week=chosen.a_week)
        accounts.live_in(person, request.form.get("state", ""))
    except Invalid as refusal:
        return _page(person, {name: _(said) for name, said in refusal.fields.items()})
    pages.say("go", _("Saved."))
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
        choice=_choice(person),
        is_frozen=person.phone_frozen_at is not None,
        number_url=url_for("numbers.show"),
        mail_url=url_for("letters.show") if letters.is_offered() else None,
        by_mail=person.channel == "email",
        skip_url="/",
    )


def _choice(person: Person) -> dict[str, Any]:
    has = Caps(person.texts_a_day, person.texts_a_week)
    options: list[tuple[str, str]] = [
        ("few", _("1 a day, 3 a week")),
        ("more", _("2 a day, 7 a week")),
        ("all", _("As many as there are")),
    ]
    return {
        "action": url_for("texts.choose"),
        "options": options,
        "chosen": next((name for name, caps in HOW_MANY.items() if caps == has), None),
        "states": [("", _("Not known")), *STATE_NAMES.items()],
        "state": person.state or "",
    }
