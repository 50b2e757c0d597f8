"""The page of simulated phones. Outside the demo there is no such door: `register` does not make it."""

import uuid

from flask import Blueprint, Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import redirect

from aftercare import config
from aftercare.conversations import incoming, phones
from aftercare.core import clock
from aftercare.http import guards, pages

door = Blueprint("phones", __name__)
LONGEST = 1600


def register(app: Flask, settings: config.Settings) -> None:
    """Open the door where people are made up and no text leaves the house, and only there."""
    if is_open(settings):
        app.register_blueprint(door)


def is_open(settings: config.Settings) -> bool:
    """Tell whether this is the demo, with its simulated carrier."""
    return settings.is_demo and settings.sms == "simulator"


# Anybody may look and answer: the door exists in the demo alone, where nobody is real.
@door.get("/phones")
@guards.public
def show() -> ResponseReturnValue:
    """Show the phones of the demo's people, side by side."""
    return _page({})


@door.post("/phones/<uuid:person_id>")
@guards.public
def send(person_id: uuid.UUID) -> ResponseReturnValue:
    """Send a text as one of them; it goes the way of a text from the carrier, but for the signature."""
    number = phones.number_of(person_id)
    body = (request.form.get("quick") or request.form.get("body", "")).strip()
    if not body:
        return _page({person_id: _("Write a text first.")}, 422)
    if len(body) > LONGEST:
        return _page({person_id: _("Write at most 1,600 characters.")}, 422)
    ours = phones.organisation()
    incoming.take_in(f"SM{uuid.uuid4().hex}", sender=number, to=ours.contact_phone if ours else "", body=body)
    return redirect(url_for("phones.show", _anchor=f"phone-{person_id}"), 303)


@door.post("/phones/clock")
@guards.public
def move_clock() -> ResponseReturnValue:
    """Move the demo's clock on."""
    phones.move_clock(request.form.get("move", ""))
    return pages.see("phones.show")


def _page(errors: dict[uuid.UUID, str], status: int = 200) -> ResponseReturnValue:
    now, ours = clock.now(), phones.organisation()
    moves = phones.moves(now) if config.current().demo_clock else {}
    return pages.page(
        "messaging/phones.html",
        status,
        clock={
            "now": now,
            "zone": ours.zone if ours else "UTC",
            "moves": [{"value": value, "label": label} for value, (label, _seconds) in moves.items()],
            "url": url_for("phones.move_clock"),
        },
        phones=phones.shown(phones.people()),
        sender=ours.discreet_name if ours else "",
        errors=errors,
        refresh_url=url_for("phones.show"),
    )
