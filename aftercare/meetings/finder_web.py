"""Find a meeting: the public page, and the same meetings as Meeting Guide JSON for other programs."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from aftercare import config
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import formats, guards, pages
from aftercare.meetings import finder, finder_form, public_list, shown, wishes
from aftercare.meetings.finder import Page
from aftercare.people import organisations
from aftercare.people.models import Organisation

door = Blueprint("finder", __name__)


@door.get("/o/<slug>/meetings")
@guards.public
def find(slug: str) -> ResponseReturnValue:
    """Show what an organisation lists, as chosen; what was chosen wrongly is said, and passed over."""
    organisation = organisations.get_by_slug(slug)
    wish, wrong = wishes.read(request.args, today=clock.today(organisation.zone))
    after = request.args.get("after", "")
    try:
        found = finder.find(organisation, wish, now=clock.now(), cursor=after)
    except Invalid as refusal:
        after, wrong = "", wrong | {"": refusal.sentence}
        found = finder.find(organisation, wish, now=clock.now())
    return pages.page("meetings/find.html", 422 if wrong else 200, errors=wrong, **_context(organisation, found, after))


@door.get("/o/<slug>/meetings.json")
@guards.public
def feed(slug: str) -> Response:
    """Give the list of an organisation as Meeting Guide JSON, or say that it has not changed."""
    return public_list.answer(organisations.get_by_slug(slug))


def _context(organisation: Organisation, found: Page, after: str) -> dict[str, Any]:
    language = pages.language()
    form = finder_form.Form(url_for("finder.find", slug=organisation.slug), request.args, language)
    return {
        "form": form.chosen,
        "options": form.options(),
        "days": form.days(),
        "active": form.active(),
        "count": found.count,
        "zone": organisation.zone,
        "zone_words": formats.zone_name(organisation.zone, at=clock.now(), language=language),
        "groups": [
            {"day": day, "meetings": [shown.found(row, zone=organisation.zone, language=language) for row in rows]}
            for day, rows in found.days
        ],
        "first_url": form.url() if after else None,
        "next_url": form.url(after=found.next) if found.next else None,
        "feeds": shown.calendar_links(_absolute("calendars.organisation", organisation), name=organisation.name),
        "json_url": _absolute("finder.feed", organisation),
        "find_url": form.address,
        "print_url": finder_form.Form(url_for("paper.show", slug=organisation.slug), request.args, language).url(),
        "clear_url": form.address,
    }


def _absolute(endpoint: str, organisation: Organisation) -> str:
    return config.current().base_url + url_for(endpoint, slug=organisation.slug)
