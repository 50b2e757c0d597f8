"""Where public calendars are taken home: ways to subscribe, one date as a file, and the list for other sites."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from aftercare import config
from aftercare.calendars import answers, public, searches
from aftercare.core import clock
from aftercare.core.errors import NotFound
from aftercare.http import actor, formats, guards, headers, pages, qr, visitors
from aftercare.meetings import closed, closed_shown, finder, schedule, shown, whereabouts, wishes
from aftercare.meetings.closed import Closed
from aftercare.meetings.finder import Found
from aftercare.meetings.finder_form import Form
from aftercare.meetings.models import Meeting
from aftercare.people import organisations

door = Blueprint("subscribe", __name__)
DATES = 6
ROWS = 40
FURTHEST = timedelta(days=3653)
FRAMED = headers.POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@door.get("/m/<uuid:meeting_id>/calendar")
@guards.public
def meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Offer the calendar of a meeting, and its next dates one by one."""
    row = _public(meeting_id)
    visitors.take(visitors.CODES, row.organisation_id)
    feed = _absolute(url_for("calendars.meeting", meeting_id=row.id))
    return _offer(
        feed, name=row.name, about=_("All its dates. What changes, changes on your calendar too."),
        dates=_dates(row), back=(_("Meeting"), url_for("meetings.show", meeting_id=row.id)),
    )  # fmt: skip


@door.get("/o/<slug>/meetings/calendar")
@guards.public
def organisation(slug: str) -> ResponseReturnValue:
    """Offer the calendar of an organisation, or of what was chosen in the finder."""
    row = organisations.get_by_slug(slug)
    visitors.take(visitors.CODES, row.id)
    choice, language = searches.chosen(request.args), pages.language()
    form = Form(_absolute(url_for("calendars.organisation", slug=row.slug)), choice, language)
    said = ", ".join(each["label"] for each in form.active())
    back = Form(url_for("finder.find", slug=row.slug), request.args, language).url()
    return _offer(
        form.url(), name=f"{row.name}: {said}" if said else row.name,
        about=_("The meetings that you chose, every week.") if choice else _("All meetings of this list."),
        dates=[], back=(_("Find a meeting"), back),
    )  # fmt: skip


@door.get("/m/<uuid:meeting_id>/dates/<day>.ics")
@guards.public
def one_date(meeting_id: uuid.UUID, day: str) -> Response:
    """Give one date of a meeting as a file."""
    row = _public(meeting_id)
    feed = public.write_day(row, organisations.get_organisation(row.organisation_id), _day(day))
    if feed is None:
        raise NotFound(NO_DATE)
    answer = answers.Answer(feed, content_type=answers.TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="meeting-{day}.ics"'
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@door.get("/o/<slug>/meetings/embed")
@guards.public
def embed(slug: str) -> Response:
    """Show the list inside a page of another site: the only page of ours that may be framed."""
    row, language = organisations.get_by_slug(slug), pages.language()
    visitors.take(visitors.SEARCHES, row.id)
    given = {"day": "week"} | {name: value for name, value in request.args.items() if value}
    wish, _wrong = wishes.read(given, today=clock.today(row.zone))
    wish, _unknown = whereabouts.located(row, wish)
    found = finder.find(row, replace(wish, sort="start"), now=clock.now(), limit=ROWS)
    days = [day for day, _rows in found.days]
    shut = closed.between(row.id, min(days), max(days)) if days else closed.NOTHING
    page = render_template(
        "calendars/embed.html",
        name=row.name,
        zone=row.zone,
        zone_words=formats.zone_name(row.zone, at=clock.now(), language=language),
        groups=[
            {
                "day": day,
                "meetings": [shown.found(each, zone=row.zone, language=language) | _shut(each, shut) for each in rows],
            }
            for day, rows in found.days
        ],
        more_url=Form(url_for("finder.find", slug=row.slug), request.args, language).url(),
        calendar_url=Form(url_for("subscribe.organisation", slug=row.slug), request.args, language).url(),
    )
    answer = answers.Answer(page)
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


@door.get("/staff/share")
@guards.needs("home:staff")
def share() -> ResponseReturnValue:
    """Show staff how the list gets onto other sites."""
    row = organisations.get_organisation(actor.current().organisation_id)
    page_url, embed_url, json_url, ics_url = (
        _absolute(url_for(endpoint, slug=row.slug))
        for endpoint in ("finder.find", "subscribe.embed", "finder.feed", "calendars.organisation")
    )
    return pages.page(
        "calendars/share.html",
        page_url=page_url,
        frame=str(FRAME.format(embed_url, _("Meetings of %(name)s", name=row.name))),
        link=str(LINK.format(page_url, _("Meetings of %(name)s", name=row.name))),
        head_line=str(HEAD_LINE.format(json_url)),
        json_url=json_url,
        ics_url=ics_url,
        code=qr.drawn(page_url),
        preview_url=embed_url,
        back_url=url_for("home.staff"),
    )


NO_DATE = "This meeting has no such date."
FRAME = Markup('<iframe src="{}" title="{}" width="100%" height="600" loading="lazy"></iframe>')
LINK = Markup('<a href="{}">{}</a>')
HEAD_LINE = Markup('<link rel="alternate" type="application/json" title="Meetings Feed" href="{}">')


def _offer(
    feed: str, *, name: str, about: str, dates: list[dict[str, Any]], back: tuple[str, str]
) -> ResponseReturnValue:
    links = shown.calendar_links(feed, name=name)
    return pages.page(
        "calendars/subscribe.html",
        name=name,
        about=about,
        links=links,
        code=qr.drawn(links["webcal"]),
        dates=dates,
        back_label=back[0],
        back_url=back[1],
    )


def _shut(found: Found, shut: Closed) -> dict[str, str]:
    return closed_shown.status(shut, found)


def _dates(row: Meeting) -> list[dict[str, Any]]:
    if row.kind == "fellowship":
        found = [(each["starts_at"], each["status"]) for each in shown.next_listed(row, after=clock.now(), limit=DATES)]
    else:
        found = [(each.starts_at, each.status) for each in schedule.next_dates(row, limit=DATES)]
    return [
        {"starts_at": starts, "zone": row.zone, "file_url": _file(row, starts)}
        for starts, status in found
        if status != "cancelled"
    ]


def _file(row: Meeting, starts: datetime) -> str:
    day = starts.astimezone(ZoneInfo(row.zone)).date()
    return url_for("subscribe.one_date", meeting_id=row.id, day=day.isoformat())


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(NO_DATE) from error
    # The calendar itself ends somewhere, and the day after its last is none.
    if abs(day - clock.now().date()) > FURTHEST:
        raise NotFound(NO_DATE)
    return day


def _public(meeting_id: uuid.UUID) -> Meeting:
    found = schedule.find_public(meeting_id)
    if found is None:
        raise NotFound("There is no such meeting. It may have ended.")
    return found


def _absolute(path: str) -> str:
    return config.current().base_url + path
