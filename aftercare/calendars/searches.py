"""A search of the finder as a calendar: the same meetings as on the page, from week to week (product.md 7.9)."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from aftercare import config
from aftercare.calendars import board, bodies, details, ics, public, words
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import PublicBody
from aftercare.calendars.sheet import MOST_EVENTS, Sheet
from aftercare.core import clock, throttle
from aftercare.core.db import abandon, db, transaction
from aftercare.core.sealed import keyring
from aftercare.http import visitors
from aftercare.meetings import closed, closed_shown, finder, finder_form, shown, whereabouts, wishes
from aftercare.meetings.closed import Closed
from aftercare.meetings.finder import Found
from aftercare.meetings.finder_form import Form
from aftercare.meetings.wishes import Wish
from aftercare.people import organisations
from aftercare.people.models import Organisation

WEEK = timedelta(days=7)
WEEKS = 12
#: Of one organisation: searches that were asked for once, and those that somebody subscribes to. Whoever searches oddly
#: and often takes the room of the oldest of the former, and of nobody's calendar.
MOST_KEPT = 200
MOST_SUBSCRIBED = 1000
#: A calendar that was not asked for in so long is nobody's any more.
SUBSCRIBED_FOR = timedelta(days=60)
#: Searches that nobody asked for before are much work: so many in so many seconds from one address, and from all.
NEW_BY_ADDRESS = (60, 3600)
NEW_BY_ALL = (600, 3600)
PAGE = 200
_ABOUT = "search "


def chosen(given: Mapping[str, str]) -> dict[str, str]:
    """Give what somebody chose, as far as a calendar can know it; days that move with today mean every day."""
    read = {field: given.get(field, "").strip()[: wishes.LONGEST_TEXT] for field in wishes.FIELDS}
    if read["day"] not in wishes.DAYS:
        read["day"] = ""
    return {field: value for field, value in read.items() if value and field != "sort"}


def find(slug: str, choice: Mapping[str, str]) -> board.Board | None:
    """Find the calendar of a search."""
    return board.find_organisation(slug, about=_about(choice))


def newest(found: board.Board, choice: Mapping[str, str]) -> Label | Body:
    """Give the calendar of a search: the label of what is kept if nothing has changed since, else the body anew."""
    if found.kept and found.is_current:
        return found.kept
    if found.kept is None:
        _count_new(found.organisation_id)
    organisation = organisations.get_organisation(found.organisation_id)
    name = _name(organisation, choice)
    return bodies.renewed(
        PublicBody, lambda: write(organisation, choice), version=found.version, before=found.kept,
        when=lambda: _make_room(found), empty=lambda: public.write_empty(name),
        organisation_id=found.organisation_id, about=found.about,
    )  # fmt: skip


def write(organisation: Organisation, choice: Mapping[str, str]) -> bytes:
    """Write the dates of a search, week after week, as many as calendar programs can take."""
    sheet, language = Sheet(config.current().host), words.language_of(organisation.language)
    today = clock.today(organisation.zone)
    shut = closed.between(organisation.id, today, today + (WEEKS + 1) * WEEK)
    is_whole = all(sheet.add([_entry(row, language, shut)]) for row in _rows(organisation, choice))
    address = Form(f"{config.current().base_url}/o/{organisation.slug}/meetings.ics", choice, language).url()
    return sheet.write(
        name=_name(organisation, choice),
        source_url=address,
        description="" if is_whole else public.until_when(sheet, zone=organisation.zone, language=language),
    )


def _rows(organisation: Organisation, choice: Mapping[str, str]) -> Iterator[Found]:
    now = clock.now()
    wish, _wrong = wishes.read(choice, today=clock.today(organisation.zone))
    wish, unknown = whereabouts.located(organisation, wish)
    if unknown:
        return
    for week in _weeks(wish, is_one_day="day" in choice):
        cursor: str | None = None
        for _page in range(MOST_EVENTS // PAGE + 1):
            page = finder.find(organisation, week, now=now, limit=PAGE, cursor=cursor)
            for _day, rows in page.days:
                yield from rows
            cursor = page.next
            if cursor is None:
                break


def _weeks(wish: Wish, *, is_one_day: bool) -> Iterator[Wish]:
    last = wish.first if is_one_day else wish.first + WEEK - timedelta(days=1)
    for week in range(WEEKS):
        yield replace(wish, first=wish.first + week * WEEK, last=last + week * WEEK)


def _entry(row: Found, language: words.Language, shut: Closed) -> ics.Single:
    told = details.of(row.meeting, row.place, language=language)
    status = closed_shown.status(shut, row).get("status", row.status)
    return ics.Single(
        uid=f"{row.meeting.id}-{_in_uid(row.starts_at)}", stamp=row.meeting.updated_at, title=row.meeting.name,
        sequence=row.meeting.sequence, status="cancelled" if status == "cancelled" else "confirmed",
        language=language, starts_at=row.starts_at, ends_at=row.ends_at, place=told.place, latitude=told.latitude,
        longitude=told.longitude, url=told.url, conference=told.conference, description=told.about,
        categories=tuple(shown.type_names(row.types, language)),
    )  # fmt: skip


def _in_uid(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%MZ}"


def _name(organisation: Organisation, choice: Mapping[str, str]) -> str:
    """Name the organisation and what was chosen, in its language: nobody is there to choose another."""
    language = words.language_of(organisation.language)
    with force_locale(language):
        form = finder_form.Form("", choice, language)
        said = [each["label"] for each in form.active()]
    return f"{organisation.name}: {', '.join(said)}" if said else organisation.name


def _about(choice: Mapping[str, str]) -> str:
    return _ABOUT + hashlib.sha256(json.dumps(dict(choice), sort_keys=True).encode()).hexdigest()[:32]


def _count_new(organisation_id: uuid.UUID) -> None:
    """Count a search that nobody asked for before; raise TooMany. What this request has read is let go of."""
    abandon()
    sentence = _("Many new searches are being made into calendars right now. Try again in a while.")
    address = visitors.address()
    whose = keyring().mark(address, purpose="searches").hex()[:32]
    of_visitor = [] if visitors.is_everybody(address) else [(whose, NEW_BY_ADDRESS)]
    with transaction():
        for key, (times, seconds) in [*of_visitor, ("-", NEW_BY_ALL)]:
            name = f"searches:{organisation_id}:{key}"
            throttle.take(name, times=times, per_seconds=seconds, sentence=sentence)


def _make_room(found: board.Board) -> bool:
    """Note that a search is asked for again, or let go of old ones; say whether there is room for it."""
    searches = (PublicBody.organisation_id == found.organisation_id, PublicBody.about.startswith(_ABOUT))
    today = clock.now().date()
    if found.kept is not None:
        again = update(PublicBody).where(*searches, PublicBody.about == found.about)
        db.session.execute(again.values(asked_again_on=today))
        return True
    is_subscribed = func.coalesce(PublicBody.asked_again_on >= today - SUBSCRIBED_FOR, False)
    subscribed, others = (
        db.session.scalars(select(func.count()).select_from(PublicBody).where(*searches, kind)).one()
        for kind in (is_subscribed, ~is_subscribed)
    )
    if others >= MOST_KEPT:
        oldest = select(PublicBody.about).where(*searches, ~is_subscribed)
        first = oldest.order_by(PublicBody.changed_at, PublicBody.about).limit(others - MOST_KEPT + 1)
        db.session.execute(delete(PublicBody).where(*searches, PublicBody.about.in_(first)))
    return subscribed < MOST_SUBSCRIBED
