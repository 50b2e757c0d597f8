"""Ready sign-in links of the demo. Outside the demo there is no such door: `register` does not make it."""

import uuid

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.utils import redirect

from aftercare import config
from aftercare.core.errors import NotFound
from aftercare.http import guards, pages
from aftercare.people import access, accounts, passwords, sessions
from aftercare.people.account_models import Account
from aftercare.people.models import Person

door = Blueprint("demo_links", __name__)


def register(app: Flask, settings: config.Settings) -> None:
    """Open the door in the demo, and only there."""
    if settings.is_demo:
        app.register_blueprint(door)


def link_for(person: Person, *, leads_to: str = "") -> str:
    """Write the link that signs in as a person of the demo, and then leads to a path of ours."""
    token = _signer().dumps([person.organisation_id.hex, person.id.hex])
    address = f"{config.current().base_url}/demo/sign-in/{token}"
    return f"{address}?next={leads_to}" if leads_to else address


@door.get("/demo/sign-in/<token>")
@guards.public
def show(token: str) -> ResponseReturnValue:
    """Ask before signing in: a GET changes nothing."""
    return pages.page("people/demo_link.html", name=_person(token).name, action=request.full_path.rstrip("?"))


@door.post("/demo/sign-in/<token>")
@guards.public
def enter(token: str) -> ResponseReturnValue:
    """Sign in as a person of the demo, for as long as the demo is there: its clock may jump by weeks."""
    person = _person(token)
    goes_on = pages.safe_next("/")
    if _is_staff(person):
        sessions.begin_as_staff(_account(person), person, lasts=_EVER, idle=None)
    else:
        sessions.begin_by_phone(person, is_own_phone=True, lasts=_EVER)
    return redirect(goes_on, 303)


_EVER = 40 * sessions.OWN_PHONE_LASTS


def _person(token: str) -> Person:
    try:
        organisation_id, person_id = (uuid.UUID(part) for part in _signer().loads(token))
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound(
            _("This link is not from the demo that is running. Look for a new one where you started it.")
        ) from error
    return accounts.get_person(organisation_id, person_id)


def _is_staff(person: Person) -> bool:
    return bool(accounts.roles_of(person.organisation_id, person.id) & access.STAFF)


def _account(person: Person) -> Account:
    return passwords.find_account(person) or passwords.open_account(person, f"{person.id.hex}@demo.example")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="demo sign-in")
