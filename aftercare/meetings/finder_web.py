"""Find a meeting: the public page, and the same meetings as Meeting Guide JSON for other programs."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare import config
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import formats, guards, pages, visitors
from aftercare.meetings import (
    closed,
    closed_shown,
    finder,
    finder_form,
    finder_json,
    public_list,
    shown,
    whereabouts,
    wishes,
)
from aftercare.meetings.finder import Found, Page
from aftercare.meetings.wishes import Wish
from aftercare.people import organisations
from aftercare.people.models import Organisation

door = Blueprint("finder", __name__)
#: Here a browser may say where it is, if its reader asks it to by a click.
MAY_SAY_WHERE = "camera=(), geolocation=(self), microphone=()"


@door.get("/o/<slug>/meetings")
@guards.public
def find(slug: str) -> ResponseReturnValue:
    """Show what an organisation lists, as chosen; what was chosen wrongly is said, and passed over."""
    organisation = organisations.get_by_slug(slug)
    visitors.take(visitors.SEARCHES, organisation.id)
    wish, wrong = wishes.read(request.args, today=clock.today(organisation.zone))
    wish, unknown = whereabouts.located(organisation, wish)
    after, wrong = request.args.get("after", ""), wrong | unknown
    try:
        found = finder.find(organisation, wish, now=clock.now(), cursor=after)
    except Invalid as refusal:
        after, wrong = "", wrong | {"": refusal.sentence}
        found = finder.find(organisation, wish, now=clock.now())
    context = _context(organisation, wish, found, after)
    answer = make_response(pages.page("meetings/find.html", 422 if wrong else 200, errors=wrong, **context))
    answer.headers["Permissions-Policy"] = MAY_SAY_WHERE
    return answer


@door.get("/o/<slug>/meetings/find.json")
@guards.public
def search(slug: str) -> Response:
    """Give what is found as JSON, a page at a time, with the same words in its address."""
    organisation = organisations.get_by_slug(slug)
    visitors.take(visitors.SEARCHES, organisation.id)
    return finder_json.answer(organisation, request.args)


@door.get("/o/<slug>/meetings.json")
@guards.public
def feed(slug: str) -> Response:
    """Give the list of an organisation as Meeting Guide JSON, or say that it has not changed."""
    return public_list.answer(organisations.get_by_slug(slug))


@door.get("/o/<slug>/meetings.csv")
@guards.public
def sheet(slug: str) -> Response:
    """Give the list of an organisation as a spreadsheet, or say that it has not changed."""
    return public_list.answer(organisations.get_by_slug(slug), "csv")


def _context(organisation: Organisation, wish: Wish, found: Page, after: str) -> dict[str, Any]:
    language = pages.language()
    form = finder_form.Form(url_for("finder.find", slug=organisation.slug), request.args, language, organisation.zone)
    return {
        "form": form.chosen,
        "options": form.options(),
        "days": form.days(),
        "active": form.active(),
        "count": found.count,
        "zone": organisation.zone,
        "zone_words": formats.zone_name(organisation.zone, at=clock.now(), language=language),
        "groups": list(_groups(organisation, wish, found, language)),
        "ways_on": form.ways_on(wish),
        "first_url": form.url() if after else None,
        "next_url": form.url(after=found.next) if found.next else None,
        "take_url": finder_form.Form(
            url_for("subscribe.organisation", slug=organisation.slug), request.args, language
        ).url(),
        "json_url": _absolute("finder.feed", organisation),
        "find_url": form.address,
        "print_url": finder_form.Form(url_for("paper.show", slug=organisation.slug), request.args, language).url(),
        "clear_url": form.address,
    }


def _groups(organisation: Organisation, wish: Wish, found: Page, language: str) -> Iterator[dict[str, Any]]:
    zone, days = organisation.zone, [day for day, _rows in found.days]
    shut = closed.of_days(organisation.id, days, today=clock.today(zone))

    def said(row: Found) -> dict[str, Any]:
        return shown.found(row, zone=zone, language=language) | closed_shown.status(shut, row)

    if wish.by_distance:
        near = [(day, said(row)) for day, rows in found.days for row in rows]
        nearest = [row | {"day": day} for day, row in near]
        yield from [{"id": "nearest", "day": None, "title": _("Nearest first"), "meetings": nearest}] if near else []
    else:
        for day, rows in found.days:
            each = [said(row) for row in rows]
            yield {"id": f"day-{day.isoformat()}", "day": day, "title": None, "meetings": each}
    if found.timeless:
        each = [
            shown.timeless(row, zone=zone, language=language) | closed_shown.today(shut, row) for row in found.timeless
        ]
        yield {"id": "by-appointment", "day": None, "title": _("By appointment"), "meetings": each}


def _absolute(endpoint: str, organisation: Organisation) -> str:
    return config.current().base_url + url_for(endpoint, slug=organisation.slug)
