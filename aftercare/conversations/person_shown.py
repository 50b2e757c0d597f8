"""What staff see of a person: their number, what they agreed to, what became of their texts; no text's words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from aftercare.consent import ledger
from aftercare.conversations import agreement, text_titles
from aftercare.core import clock
from aftercare.core import phone as phones
from aftercare.http import formats, pages
from aftercare.messaging import history
from aftercare.people import accounts
from aftercare.people.models import Person

LOOKS_BACK = timedelta(days=30)
MOST = 100


def row(person: Person) -> dict[str, Any]:
    """Show a person in a list."""
    return {
        "name": person.name,
        "phone": phones.masked(person.phone) if person.phone else None,
        "url": url_for("people_pages.show", person_id=person.id),
    }


def head(person: Person) -> dict[str, Any]:
    """Show who somebody is, and how they want to be written to."""
    return {
        "name": person.name,
        "language": person.language,
        "is_plain": person.text_level == "plain",
        "by_email": person.channel == "email",
        "state": person.state,
        "most_a_day": person.texts_a_day,
        "most_a_week": person.texts_a_week,
        "since": person.created_at.astimezone(ZoneInfo(person.zone)).date(),
    }


def phone(person: Person) -> dict[str, Any]:
    """Show somebody's number, masked, and whether it works."""
    return {"masked": phones.masked(person.phone) if person.phone else None, "state": _phone_state(person)}


def texts(person: Person) -> dict[str, Any]:
    """Show whether texts go to somebody, and what would bring them back."""
    newest = ledger.find_newest(person)
    return {
        "are_on": ledger.allows_texts(person),
        "needs_start": agreement.needs_start(person),
        "are_stopped": newest is not None and newest.act == "withdraw",
    }


def consents(person: Person) -> list[list[str]]:
    """Show everything that was said about texts: when, what, how, in which words, written down by whom."""
    events = ledger.history(person)
    staff = accounts.people_named(person.organisation_id, {event.recorded_by for event in events if event.recorded_by})
    return [
        [
            _moment(event.at, person),
            _said(_acts(), event.act),
            _said(_ways(), event.way),
            f"{event.wording} ({event.language})",
            _("this number") if event.phone_hash and event.phone_hash == person.phone_hash else _("another number"),
            staff[event.recorded_by].name if event.recorded_by in staff else "",
        ]
        for event in events
    ]


def messages(person: Person) -> list[list[str]]:
    """Show what was posted to somebody in the last 30 days, and what became of it."""
    posted, titles = history.of(person, since=clock.now() - LOOKS_BACK, limit=MOST), text_titles.all_titles()
    states = _states()
    return [
        [_moment(each.sent_at or each.due_at, person), titles.get(each.kind, _("Letter")), _said(states, each.state)]
        for each in posted
    ]


def _phone_state(person: Person) -> str:
    if not person.phone:
        return "none"
    if person.phone_frozen_at is not None:
        return "frozen"
    return "verified" if person.phone_verified_at is not None else "unverified"


def _moment(moment: Any, person: Person) -> str:
    return formats.when_short(moment, zone=person.zone, language=pages.language())


def _said(words: Mapping[str, str], name: str) -> str:
    return words.get(name, words[""])


def _acts() -> dict[str, str]:
    return {
        "grant": _("Agreed to texts"),
        "withdraw": _("Wants no more texts"),
        "lapse": _("Ended with the number"),
        "": _("Something else"),
    }


def _ways() -> dict[str, str]:
    return {
        "text": _("By text"),
        "web": _("On the page"),
        "staff": _("Told staff"),
        "paper": _("On paper"),
        "carrier": _("Said by the phone company"),
        "email": _("By e-mail"),
        "": _("Some other way"),
    }


def _states() -> dict[str, str]:
    arrived, gone, not_arrived = _("Arrived"), _("On its way"), _("Did not arrive")
    return {
        "pending": _("Waits"),
        "sending": gone,
        "unknown": gone,
        "accepted": gone,
        "sent": gone,
        "delivered": arrived,
        "undelivered": not_arrived,
        "failed": not_arrived,
        "cancelled": _("Not sent"),
        "expired": _("Not sent: too late"),
        "": gone,
    }
