"""The addresses of calendars: a person's own page, the feed of a device, and the feeds that anybody may read."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from aftercare import config
from aftercare.calendars import answers, board, feeds, searches, words
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import Feed
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages, qr
from aftercare.meetings import shown
from aftercare.people import accounts
from aftercare.people.models import Person

door = Blueprint("calendars", __name__)
FRESH = {"name": "", "level": "discreet", "alarm": ""}


@door.get("/c/<secret>.ics")
@guards.public
def personal(secret: str) -> Response:
    """Give the calendar of one device, or say that it has not changed. An unknown address is like any wrong one."""
    found = feeds.find(secret)
    if found is None:
        raise NotFound
    if feeds.is_gone(found):
        return _unindexed(answers.gone(words.of(found.reader.language).off))
    return _unindexed(_answer(feeds.newest(found), lambda: feeds.kept_body(found), scope="private"))


@door.get("/m/<uuid:meeting_id>.ics")
@guards.public
def meeting(meeting_id: uuid.UUID) -> Response:
    """Give the feed of a meeting that anybody may see."""
    found = board.find_meeting(meeting_id)
    if found is None:
        raise NotFound
    return _answer(board.newest_of_meeting(found), lambda: board.kept_body(found), scope="public")


@door.get("/o/<slug>/meetings.ics")
@guards.public
def organisation(slug: str) -> Response:
    """Give the feed of an organisation's listed meetings; or, as chosen in the address, of some of them."""
    choice = searches.chosen(request.args)
    found = searches.find(slug, choice) if choice else board.find_organisation(slug)
    if found is None:
        raise NotFound
    newest = searches.newest(found, choice) if choice else board.newest_of_organisation(found)
    # Where somebody is, or wants to go, is kept by no cache on the way.
    scope = "private" if "near" in choice else "public"
    return _answer(newest, lambda: board.kept_body(found), scope=scope)


@door.get("/calendars")
@guards.needs("own:calendars")
def mine() -> ResponseReturnValue:
    """Show a person's calendars."""
    return _page(_person())


@door.post("/calendars")
@guards.needs("own:calendars")
def create() -> ResponseReturnValue:
    """Make a calendar and show its address, this once."""
    person, form = _person(), {name: request.form.get(name, "") for name in FRESH}
    try:
        alarm = _minutes(form["alarm"])
        feed, secret = feeds.create(person, name=form["name"], level=form["level"], alarm_minutes=alarm)
    except Invalid as refusal:
        return _page(person, status=422, form=form, errors=refusal.fields)
    return _page(person, made=addresses(feed, secret, language=person.language))


@door.post("/calendars/<uuid:feed_id>/revocation")
@guards.needs("own:calendars")
def revoke(feed_id: uuid.UUID) -> ResponseReturnValue:
    """Turn one of a person's calendars off."""
    feeds.revoke(actor.current().organisation_id, feed_id, person_id=actor.person_id())
    pages.say("go", _("That calendar is off. Your phone empties it by itself."))
    return pages.see("calendars.mine")


@door.post("/calendars/<uuid:feed_id>/alarm")
@guards.needs("own:calendars")
def alarm(feed_id: uuid.UUID) -> ResponseReturnValue:
    """Let one of a person's devices ring before each date, or no longer."""
    minutes = _minutes(request.form.get("alarm", ""))
    feeds.set_alarm(actor.current().organisation_id, feed_id, minutes, person_id=actor.person_id())
    pages.say("go", _("Saved. Your phone takes it over by itself, in a while."))
    return pages.see("calendars.mine")


def addresses(feed: Feed, secret: str, *, language: str) -> dict[str, str]:
    """Give the address of a calendar in the forms that phones and calendar programs take; only its maker sees it."""
    url = f"{config.current().base_url}/c/{secret}.ics"
    links = shown.calendar_links(url, name=words.of(language).names[feed.level])
    return {**links, "name": feed.name, "url": url}


def _minutes(chosen: str) -> int | None:
    """Read when to ring; what is no choice of ours is refused where the verb looks at it."""
    if not chosen:
        return None
    return int(chosen) if chosen in map(str, feeds.ALARMS) else -1


def _answer(newest: Label | Body, read: Callable[[], Body | None], *, scope: str) -> Response:
    asking = answers.asked(request.environ)
    if answers.is_known(asking, newest.tag, newest.changed_at):
        return answers.not_modified(asking, newest.tag, newest.changed_at, scope=scope)
    body = newest if isinstance(newest, Body) else read()
    if body is None:
        raise NotFound
    return answers.sent(asking, body.zipped, body.tag, body.changed_at, scope=scope)


def _unindexed(answer: Response) -> Response:
    """Keep a secret address out of search engines, and out of what the next site is told."""
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _person() -> Person:
    return accounts.get_person(actor.current().organisation_id, actor.person_id())


def _page(person: Person, *, status: int = 200, made: dict[str, str] | None = None, **more: Any) -> ResponseReturnValue:
    context = {"form": FRESH, "errors": {}} | more
    return pages.page(
        "calendars/calendars.html",
        status,
        feeds=[_row(feed) for feed in feeds.of(person)],
        made=made,
        code=qr.draw(made["webcal"]) if made else None,
        alarms=_alarms(),
        action=url_for("calendars.create"),
        back_url="/week",
        **context,
    )


def _alarms() -> list[tuple[str, str]]:
    """Name the choices of when to ring."""
    words = (_("30 minutes before"), _("2 hours before"), _("1 day before"))
    return [("", _("Never")), *zip(map(str, feeds.ALARMS), words, strict=True)]


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "id": feed.id,
        "name": feed.name,
        "level": feed.level,
        "made_on": feed.created_at.date(),
        "last_read_on": feed.last_read_on,
        "alarm": feed.alarm_minutes or "",
        "alarm_url": url_for("calendars.alarm", feed_id=feed.id),
        "revoke_url": url_for("calendars.revoke", feed_id=feed.id),
    }
