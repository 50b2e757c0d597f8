"""The first page of each: the public front door, my week for patients, today for staff."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from aftercare.core import clock
from aftercare.home import staff as staff_day
from aftercare.http import actor, guards, pages
from aftercare.meetings import finder, shown, wishes
from aftercare.people import accounts, organisations
from aftercare.people.models import Organisation

#: What app.py puts here tells the front door of the demo whom a newcomer can look around as.
DEMO_PEOPLE = "aftercare.demo_people"
MOST_TODAY = 5
door = Blueprint("home", __name__)


@door.get("/")
@guards.public
def front() -> ResponseReturnValue:
    """Lead each to their own first page; show strangers what this is."""
    asking = actor.find()
    if asking is not None and asking.may("home:staff"):
        return redirect(url_for("home.staff"))
    if asking is not None and asking.may("own:see"):
        return redirect(url_for("recovery.week"))
    return pages.page("home/public.html", **_front(_organisation(asking)))


@door.get("/staff")
@guards.needs("home:staff")
def staff() -> ResponseReturnValue:
    """Show a member of staff their day."""
    asking = actor.current()
    organisation = organisations.get_organisation(asking.organisation_id)
    person = accounts.get_person(organisation.id, actor.person_id())
    day = staff_day.today(
        organisation, person, sees_queue=asking.may("queue:see"), keeps_lists=asking.may("lists:change")
    )
    return pages.page("home/staff.html", **day)


def _organisation(asking: actor.Actor | None) -> Organisation | None:
    """Give whose front door this is: where somebody belongs, else the only one there is."""
    if asking is not None:
        return organisations.get_organisation(asking.organisation_id)
    return organisations.find_only()


def _front(organisation: Organisation | None) -> dict[str, Any]:
    people: Callable[[], list[dict[str, str]]] = current_app.extensions.get(DEMO_PEOPLE, list)
    return {
        "find_url": url_for("finder.find", slug=organisation.slug) if organisation else None,
        "sign_in_url": url_for("sign_in.ask_number"),
        "staff_url": url_for("people.staff_sign_in"),
        "zone": organisation.zone if organisation else "UTC",
        "today": _today(organisation) if organisation else [],
        "demo_people": people(),
    }


def _today(organisation: Organisation) -> list[dict[str, Any]]:
    wish, _ = wishes.read({"day": "today"}, today=clock.today(organisation.zone))
    found = finder.find(organisation, wish, now=clock.now(), limit=MOST_TODAY)
    language = pages.language()
    return [shown.found(row, zone=organisation.zone, language=language) for _, rows in found.days for row in rows]
