"""The staff's door: sign in with a password, set it from a link; and the way out, for everybody."""

from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import redirect

from aftercare.core.errors import Gone, Invalid
from aftercare.http import guards, pages
from aftercare.people import accounts, limits, passwords, sessions
from aftercare.people.account_models import Account

door = Blueprint("people", __name__)


@door.get("/staff/sign-in")
@guards.public
def staff_sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password."""
    return _ask_staff("", {})


@door.post("/staff/sign-in")
@guards.public
def sign_in_staff() -> ResponseReturnValue:
    """Sign a member of staff in."""
    email, goes_on = request.form.get("email", "").strip().lower(), pages.safe_next("/")
    limits.count_staff_try(email)
    account = passwords.check_password(email, request.form.get("password", ""))
    person = accounts.find_person(account.organisation_id, account.person_id) if account else None
    if account is None or person is None or person.left_at is not None:
        return _ask_staff(email, {"password": _("E-mail and password do not belong together. Try again.")})
    limits.forget_staff_tries(email)
    sessions.begin_as_staff(account, person)
    return redirect(goes_on, 303)


@door.get("/staff/password/<token>")
@guards.public
def new_password(token: str) -> ResponseReturnValue:
    """Ask for a new password."""
    _account_of(token)
    return _ask_password(token, {})


@door.post("/staff/password/<token>")
@guards.public
def set_password(token: str) -> ResponseReturnValue:
    """Set the password that a link asks for; the link is used up by it."""
    account = _account_of(token)
    try:
        passwords.set_password(account, request.form.get("password", ""))
    except Invalid as refusal:
        return _ask_password(token, refusal.fields)
    pages.say("go", _("Your password is set. Sign in with it now."))
    return pages.see("people.staff_sign_in")


@door.post("/sign-out")
@guards.public
def sign_out() -> ResponseReturnValue:
    """Sign out on this browser, and let it forget what it has kept of ours."""
    sessions.end()
    answer = make_response(redirect("/", 303))
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def _ask_staff(email: str, errors: dict[str, str]) -> ResponseReturnValue:
    form: dict[str, Any] = {"email": email, "next": pages.safe_next("")}
    return pages.page(
        "people/staff_sign_in.html", 422 if errors else 200, form=form, errors=errors,
        action=url_for("people.sign_in_staff"), patient_url="/sign-in",
    )  # fmt: skip


def _ask_password(token: str, errors: dict[str, str]) -> ResponseReturnValue:
    answer = make_response(
        pages.page(
            "people/password.html", 422 if errors else 200, errors=errors,
            action=url_for("people.set_password", token=token), length=passwords.LENGTH,
        )
    )  # fmt: skip
    # Not `no-referrer`: the guard against forged forms asks, over TLS, where a form comes from (ASVS 3.4.5).
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def _account_of(token: str) -> Account:
    account = passwords.find_by_link_token(token)
    if account is None:
        raise Gone(_("This link was used already, or is too old. Ask for a new one."))
    return account
