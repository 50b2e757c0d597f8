"""The patients' door: a phone number, then a code or a link from a text. The same page for known and unknown."""

import base64
from typing import Any

import structlog
from flask import Blueprint, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.conversations import new_numbers
from aftercare.core import phone as phones
from aftercare.core.errors import Gone, Invalid
from aftercare.core.sealed import keyring
from aftercare.http import guards, pages
from aftercare.people import initials, limits, patient_codes, sessions
from aftercare.people.models import Person, SignInCode

door = Blueprint("sign_in", __name__)
log = structlog.get_logger()
_ASKED, _PLACE = "sign_in", "session.sign_in:number"


@door.get("/sign-in")
@guards.public
def ask_number() -> ResponseReturnValue:
    """Ask for the phone number."""
    return _number_page("", {})


@door.post("/sign-in")
@guards.public
def ask_code() -> ResponseReturnValue:
    """Let a code be texted to a number, if somebody has it."""
    typed = request.form.get("phone", "").strip()
    try:
        number = phones.read(typed)
    except Invalid:
        return _number_page(typed, {"phone": _("Enter a phone number with its area code, like 303 555 0123.")})
    _ask(number, goes_on=pages.safe_next(""))
    return pages.see("sign_in.ask_for_code")


@door.get("/sign-in/code")
@guards.public
def ask_for_code() -> ResponseReturnValue:
    """Ask for the code from the text."""
    return _code_page({}) if _ASKED in session else pages.see("sign_in.ask_number")


@door.post("/sign-in/code")
@guards.public
def enter_by_code() -> ResponseReturnValue:
    """Sign in with the code, on the browser that asked for it."""
    limits.count_code_guess()
    held, typed = session.get(_ASKED, {}), request.form.get("code", "")
    asked = patient_codes.find_by_code(held.get("browser", ""), typed)
    people = patient_codes.holders(asked) if asked else ()
    if asked is None or not people:
        log.warning("sign_in.refused", door="code")
        return _code_page({"code": _("This is not the code, or it is too old. Look again, or ask for a new one.")})
    return _enter(asked, people, goes_on=held.get("next") or "/", code=typed)


@door.post("/sign-in/code/again")
@guards.public
def ask_code_again() -> ResponseReturnValue:
    """Let a new code be texted to the number that was typed before."""
    held = session.get(_ASKED)
    if not held:
        return pages.see("sign_in.ask_number")
    _ask(_number(held), goes_on=held.get("next", ""))
    pages.say("go", _("If we know your number, a new text is on its way."))
    return pages.see("sign_in.ask_for_code")


@door.get("/s/<secret>")
@guards.public
def show_link(secret: str) -> ResponseReturnValue:
    """Show a button: phones and scanners open links by themselves, and must not use one up."""
    return _unreferred(pages.page("people/link.html", action=url_for("sign_in.enter_by_link", secret=secret)))


@door.post("/s/<secret>")
@guards.public
def enter_by_link(secret: str) -> ResponseReturnValue:
    """Sign in with the link from a text."""
    limits.count_code_guess()
    asked = patient_codes.find_by_link(secret)
    people = patient_codes.holders(asked) if asked else ()
    if asked is None or not people:
        log.warning("sign_in.refused", door="link")
        raise Gone(_("This link was used already, or is too old. Sign in with your phone number to get a new one."))
    return _enter(asked, people, goes_on="/")


def _enter(asked: SignInCode, people: Any, *, goes_on: str, code: str = "") -> ResponseReturnValue:
    """Sign in who it is; where a phone is shared, ask first, and tell no more than initials."""
    chosen = request.form.get("who", "")
    person = people[0] if len(people) == 1 else next((each for each in people if each.id.hex == chosen), None)
    keeps = request.form.get("keep") == "yes"
    if person is None:
        return _choice_page(people, keeps=keeps, code=code)
    if not patient_codes.use(asked):
        raise Gone(_("This code was used already. Ask for a new one."))
    new_numbers.prove(person)
    sessions.begin_by_phone(person, is_own_phone=keeps)
    return redirect(goes_on, 303)


def _ask(number: str, *, goes_on: str) -> None:
    limits.count_code_request(number)
    browser = patient_codes.ask(number, language=pages.language())
    sealed = base64.urlsafe_b64encode(keyring().seal(number, about=_PLACE)).decode()
    session[_ASKED] = {"browser": browser, "number": sealed, "next": goes_on}


def _number(held: dict[str, str]) -> str:
    return keyring().open(base64.urlsafe_b64decode(held["number"]), about=_PLACE)


def _number_page(typed: str, errors: dict[str, str]) -> ResponseReturnValue:
    goes_on = pages.safe_next("")
    return pages.page(
        "people/sign_in.html", 422 if errors else 200, form={"phone": typed}, errors=errors,
        action=url_for("sign_in.ask_code", next=goes_on or None), staff_url=url_for("people.staff_sign_in"),
        find_url="/", new_number_url=url_for("numbers.ask_staff_code"),
    )  # fmt: skip


def _code_page(errors: dict[str, str]) -> ResponseReturnValue:
    held = session.get(_ASKED)
    return pages.page(
        "people/code.html", 422 if errors else 200, form={"code": "", "keep": request.form.get("keep") == "yes"},
        errors=errors, action=url_for("sign_in.enter_by_code"), again_url=url_for("sign_in.ask_code_again"),
        change_url=url_for("sign_in.ask_number"), phone_masked=phones.masked(_number(held)) if held else None,
    )  # fmt: skip


def _choice_page(people: Any, *, keeps: bool, code: str) -> ResponseReturnValue:
    wrong = {"who": _("Choose who you are.")} if "choosing" in request.form else {}
    page = pages.page(
        "people/choose.html", 422 if wrong else 200, options=_initials(people), errors=wrong, action=request.path,
        code=code, keep=keeps,
    )  # fmt: skip
    return _unreferred(page)


def _initials(people: list[Person]) -> list[tuple[str, str]]:
    """Name people by initials, with a number where two are alike."""
    said = initials.of([each.name for each in people])
    return [(each.id.hex, one) for each, one in zip(people, said, strict=True)]


def _unreferred(page: ResponseReturnValue) -> ResponseReturnValue:
    answer = make_response(page)
    # Not `no-referrer`: the guard against forged forms asks, over TLS, where a form comes from (ASVS 3.4.5).
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
