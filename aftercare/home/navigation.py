"""What stands around every page: where one can go, and whose page it is."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from aftercare import config
from aftercare.http.actor import Actor
from aftercare.people import organisations
from aftercare.people.models import Organisation

PHONES = "phones.show"


def links(asking: Actor | None) -> Sequence[tuple[str, str]]:
    """Give the places that somebody can go to from every page."""
    if asking is None:
        return []
    found: list[tuple[str, str]] = []
    if asking.may("home:staff"):
        found += [(_("Today"), url_for("home.staff")), (_("Add a group"), url_for("publishing.new"))]
    if asking.may("meetings:change"):
        found.append((_("Closed days"), url_for("closures.show")))
    if asking.may("lists:change"):
        found.append((_("Lists"), url_for("lists.every")))
    if asking.may("people:see"):
        found.append((_("People"), url_for("people_pages.find")))
    if asking.may("texts:edit"):
        found += [(_("Texts"), url_for("templates.show"))]
    if asking.may("queue:see"):
        found.append((_("Texts on their way"), url_for("queue.show")))
    if asking.may("own:see"):
        found += [(_("My week"), url_for("recovery.week")), (_("Check in"), url_for("check_in.ask"))]
    return [*found, (_("Find a meeting"), url_for("finder.find", slug=_organisation_of(asking).slug))]


def shell(asking: Actor | None) -> dict[str, Any]:
    """Give what the frame of every page shows."""
    settings = config.current()
    organisation = _organisation_of(asking) if asking else None
    return {
        "is_demo": settings.is_demo,
        "organisation": {"name": organisation.name, "url": "/"} if organisation else None,
        "home_url": url_for("home.front"),
        "sign_out_url": url_for("people.sign_out") if asking and asking.via == "session" else None,
        "phones_url": url_for(PHONES) if settings.is_demo and PHONES in current_app.view_functions else None,
    }


def _organisation_of(asking: Actor) -> Organisation:
    """Give the organisation of whoever asks, read once for the whole page."""
    if "organisation" not in g:
        g.organisation = organisations.get_organisation(asking.organisation_id)
    found: Organisation = g.organisation
    return found
