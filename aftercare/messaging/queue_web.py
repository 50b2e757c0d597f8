"""The queue of texts, for those who keep it going."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from aftercare.http import actor, guards, pages
from aftercare.messaging import queue_shown
from aftercare.people import organisations

door = Blueprint("queue", __name__)


@door.get("/staff/texts/queue")
@guards.needs("queue:see")
def show() -> ResponseReturnValue:
    """Show how the texts of an organisation stand."""
    organisation = organisations.get_organisation(actor.current().organisation_id)
    urls = {"refresh": url_for("queue.show"), "back": url_for("home.staff")}
    return pages.page("messaging/queue.html", zone=organisation.zone, urls=urls, queue=queue_shown.of(organisation.id))
