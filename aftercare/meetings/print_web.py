"""The list of an organisation on paper: a page made to be printed, and the same as a PDF."""

from collections.abc import Hashable
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare import config
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import formats, guards, pages, qr, visitors
from aftercare.meetings import closed, finder, finder_form, paper, printed, whereabouts, wishes
from aftercare.meetings.finder import Page
from aftercare.meetings.wishes import Wish
from aftercare.people import organisations
from aftercare.people.models import Organisation

door = Blueprint("paper", __name__)
# What one print holds; a longer list goes on with the next.
MOST_ROWS = 1000
MOST_ROWS_OF_PDF = 300


@door.get("/o/<slug>/meetings/print")
@guards.public
def show(slug: str) -> ResponseReturnValue:
    """Show what an organisation lists, as chosen, made for paper."""
    organisation = organisations.get_by_slug(slug)
    visitors.take(visitors.PRINTS, organisation.id)
    context, wrong = _context(organisation, most=MOST_ROWS)
    return pages.page("meetings/print.html", 422 if wrong else 200, errors=wrong, **context)


@door.get("/o/<slug>/meetings.pdf")
@guards.public
def pdf(slug: str) -> ResponseReturnValue:
    """Give the same as a PDF; where none can be drawn, say how to get one."""
    organisation = organisations.get_by_slug(slug)
    if not paper.can_draw():
        return pages.page("meetings/no_pdf.html", 501, print_url=_address(organisation, _given()))
    name = f"{organisation.slug}-meetings.pdf"

    def page() -> str:
        context, _wrong = _context(organisation, most=MOST_ROWS_OF_PDF)
        return render_template("meetings/sheet.html", **context)

    drawn = paper.draw(page, version=_version(organisation), visitor=visitors.address())
    answer = Response(drawn, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _given() -> dict[str, str]:
    """Give what was chosen. Paper goes by day and hour, wherever its reader is."""
    chosen = {name: request.args.get(name, "") for name in (*wishes.FIELDS, "size", "after")}
    return {"day": "week"} | {name: value for name, value in chosen.items() if value and name != "sort"}


def _version(organisation: Organisation) -> Hashable | None:
    """Say all that a list depends on; None for one that is not kept: where somebody looks, and what starts soon."""
    given = _given()
    if "near" in given or given["day"] == "now":
        return None
    chosen = tuple(sorted(given.items()))
    return organisation.id, organisation.calendar_version, clock.today(organisation.zone), pages.language(), chosen


def _context(organisation: Organisation, *, most: int) -> tuple[dict[str, Any], dict[str, str]]:
    given = _given()
    wish, wrong = wishes.read(given, today=clock.today(organisation.zone))
    wish, unknown = whereabouts.located(organisation, wish)
    wrong, since = wrong | unknown, _since(organisation, wish)
    try:
        found = finder.find(organisation, wish, now=since, limit=most, cursor=given.get("after", ""))
    except Invalid as refusal:
        wrong = wrong | {"": refusal.sentence}
        found = finder.find(organisation, wish, now=since, limit=most)
    return _sheet(organisation, found) | _choices(organisation, given, found), wrong


def _since(organisation: Organisation, wish: Wish) -> datetime:
    """Say when a list begins: with the whole day, however late it is made."""
    if wish.is_soon:
        return clock.now()
    today = clock.today(organisation.zone)
    return datetime.combine(today, time(), ZoneInfo(organisation.zone)).astimezone(UTC) + finder.GRACE


def _sheet(organisation: Organisation, found: Page) -> dict[str, Any]:
    language, now = pages.language(), clock.now()
    address = config.current().base_url + url_for("finder.find", slug=organisation.slug)
    on = [day for day, _rows in found.days]
    shut = closed.of_days(organisation.id, on, today=clock.today(organisation.zone))
    sheet = printed.Sheet(found, shut, zone=organisation.zone, language=language)
    return {
        "house": organisation.name,
        "days": sheet.days(),
        "timeless": sheet.timeless(),
        "legend": sheet.legend(),
        "period": sheet.period(),
        "fellowship": sheet.fellowship(),
        "zone_words": formats.zone_name(organisation.zone, at=now, language=language),
        "made_on": formats.on_paper(clock.today(organisation.zone), language=language),
        "count": found.count,
        "is_cut": found.next is not None,
        "address": address,
        "code": qr.drawn(address),
        "is_large": request.args.get("size") == "large",
    }


def _choices(organisation: Organisation, given: dict[str, str], found: Page) -> dict[str, Any]:
    language = pages.language()
    form = finder_form.Form(url_for("paper.show", slug=organisation.slug), given, language, organisation.zone)
    size = _size(given)
    document = finder_form.Form(url_for("paper.pdf", slug=organisation.slug), given, language)
    return {
        "form": form.chosen | size,
        "options": form.options() | {"sizes": [("", _("Usual print")), ("large", _("Large print"))]},
        "active": form.active(),
        "print_url": _address(organisation, given),
        "pdf_url": document.url(**size),
        "next_url": form.url(**size, after=found.next) if found.next else None,
        "find_url": url_for("finder.find", slug=organisation.slug),
    }


def _address(organisation: Organisation, given: dict[str, str]) -> str:
    form = finder_form.Form(url_for("paper.show", slug=organisation.slug), given, pages.language())
    return form.url(**_size(given))


def _size(given: dict[str, str]) -> dict[str, str]:
    return {"size": "large"} if given.get("size") == "large" else {}
