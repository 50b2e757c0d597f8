"""The pages of a number: add or change one's own, with a code; and sign in from a new phone, with a code of staff."""

from typing import Any

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.consent import ledger, wordings
from aftercare.conversations import agreement, new_numbers
from aftercare.core import phone as phones
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.messaging import numbers
from aftercare.people import accounts, devices, number_changes, organisations, sessions
from aftercare.people.models import Person

door = Blueprint("numbers", __name__)
_ASKED = "new_number"


@door.get("/my/number")
@guards.needs("own:texts")
def show() -> ResponseReturnValue:
    """Show which number somebody has, and whether it works; ask for another."""
    return _number_page(_asking(), "", {})


@door.post("/my/number")
@guards.needs("own:texts")
def ask() -> ResponseReturnValue:
    """Let a code be texted to the number that they type, or to the one they have."""
    person = _asking()
    typed = person.phone if request.form.get("same") == "yes" else request.form.get("phone", "").strip()
    try:
        session[_ASKED] = new_numbers.ask(person, typed)
    except Invalid as refusal:
        return _number_page(person, typed, refusal.fields)
    return pages.see("numbers.ask_for_code")


@door.get("/my/number/code")
@guards.needs("own:texts")
def ask_for_code() -> ResponseReturnValue:
    """Ask for the code from the text, and whether texts may go to this number."""
    return _code_page(_asking(), {}) if _ASKED in session else pages.see("numbers.show")


@door.post("/my/number/code")
@guards.needs("own:texts")
def enter() -> ResponseReturnValue:
    """Make the number theirs; texts go to it only if they agree to these very words."""
    person = _asking()
    agrees = request.form.get("agree") == "yes"
    if agrees and request.form.get("version") != ledger.WORDING:
        return _code_page(person, {"agree": _("These words have changed. Read them again, then choose.")})
    try:
        new_numbers.enter(session.get(_ASKED, ""), request.form.get("code", ""), of=person, keeps=_this_browser())
    except Invalid as refusal:
        return _code_page(person, refusal.fields)
    session.pop(_ASKED, None)
    _agree(person, agrees=agrees)
    return pages.see("texts.show")


@door.post("/my/number/release")
@guards.needs("own:texts")
def release() -> ResponseReturnValue:
    """Give one's number up."""
    person = _asking()
    numbers.release(person, way="web", by=person.id, keeps=_this_browser())
    pages.say("go", _("That number is no longer yours here. Nothing more goes to it."))
    return pages.see("numbers.show")


@door.get("/sign-in/new-number")
@guards.public
def ask_staff_code() -> ResponseReturnValue:
    """Ask for the code that staff gave, and the new number."""
    return _new_phone_page({})


@door.post("/sign-in/new-number")
@guards.public
def aim() -> ResponseReturnValue:
    """Let a code be texted to the new number of whom staff gave this code to."""
    try:
        session[_ASKED] = new_numbers.aim(request.form.get("staff_code", ""), request.form.get("phone", "").strip())
    except Invalid as refusal:
        return _new_phone_page(refusal.fields)
    return pages.see("numbers.ask_for_new_code")


@door.get("/sign-in/new-number/code")
@guards.public
def ask_for_new_code() -> ResponseReturnValue:
    """Ask for the code from the text."""
    return _new_code_page({}) if _ASKED in session else pages.see("numbers.ask_staff_code")


@door.post("/sign-in/new-number/code")
@guards.public
def enter_new() -> ResponseReturnValue:
    """Make the number theirs, and sign them in."""
    try:
        person = new_numbers.enter(session.get(_ASKED, ""), request.form.get("code", ""))
    except Invalid as refusal:
        return _new_code_page(refusal.fields)
    sessions.begin_by_phone(person, is_own_phone=request.form.get("keep") == "yes")
    pages.say("go", _("This number is yours now."))
    return pages.see("texts.show")


def _asking() -> Person:
    return accounts.get_person(actor.current().organisation_id, actor.person_id())


def _this_browser() -> Any:
    key: devices.Key | None = sessions.key()
    return key.device_id if key else None


def _agree(person: Person, *, agrees: bool) -> None:
    """Record the agreement for the new number, and welcome them; who texted STOP has only START."""
    if agrees and not agreement.needs_start(person):
        agreement.agree(person, names_meetings=person.text_level == "plain")
        pages.say("go", _("This number is yours now. Texts are on. The first one is on its way."))
    else:
        pages.say("go", _("This number is yours now."))


def _masked(key: str) -> str | None:
    """Show the number that a browser asked for; the same whether anybody has it."""
    change = number_changes.find_asked(key)
    return phones.masked(change.number) if change else None


def _number_page(person: Person, typed: str, errors: dict[str, str]) -> ResponseReturnValue:
    return pages.page(
        "consent/number.html",
        422 if errors else 200,
        form={"phone": "" if typed == person.phone else typed},
        errors=errors,
        phone_masked=phones.masked(person.phone) if person.phone else None,
        is_frozen=person.phone_frozen_at is not None,
        is_verified=person.phone_verified_at is not None,
        action=url_for("numbers.ask"),
        release_url=url_for("numbers.release"),
        back_url=url_for("texts.show") if person.phone else "/",
    )


def _code_page(person: Person, errors: dict[str, str]) -> ResponseReturnValue:
    ours = organisations.get_organisation(person.organisation_id)
    return pages.page(
        "consent/number_code.html",
        422 if errors else 200,
        form={"code": "", "agree": request.form.get("agree") == "yes", "keep": False},
        errors=errors,
        phone_masked=_masked(session.get(_ASKED, "")),
        wording=None
        if agreement.needs_start(person)
        else wordings.wording(ledger.WORDING, pages.language(), organisation=ours.name),
        wording_version=ledger.WORDING,
        signs_in=False,
        action=url_for("numbers.enter"),
        change_url=url_for("numbers.show"),
    )


def _new_phone_page(errors: dict[str, str]) -> ResponseReturnValue:
    named = {"staff_code" if field == "code" else field: sentence for field, sentence in errors.items()}
    return pages.page(
        "people/new_number.html",
        422 if errors else 200,
        form={"staff_code": "", "phone": request.form.get("phone", "")},
        errors=named,
        action=url_for("numbers.aim"),
        back_url=url_for("sign_in.ask_number"),
    )


def _new_code_page(errors: dict[str, str]) -> ResponseReturnValue:
    return pages.page(
        "consent/number_code.html",
        422 if errors else 200,
        form={"code": "", "agree": False, "keep": request.form.get("keep") == "yes"},
        errors=errors,
        phone_masked=_masked(session.get(_ASKED, "")),
        wording=None,
        wording_version="",
        signs_in=True,
        action=url_for("numbers.enter_new"),
        change_url=url_for("numbers.ask_staff_code"),
    )
