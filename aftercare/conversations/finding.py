"""FIND 97201: one meeting, tonight or next, near a postal code; the street at most, unless they chose plain texts."""

from zoneinfo import ZoneInfo

from aftercare.conversations.talk import Reply, Talk
from aftercare.meetings import nearby
from aftercare.messaging import texts
from aftercare.people import organisations
from aftercare.people.models import Organisation


def find(talk: Talk) -> Reply:
    """Say when and where the next listed meeting near a postal code is."""
    postal = talk.word.argument
    if len(postal) != nearby.DIGITS:
        return Reply("find_how")
    organisation = organisations.get_organisation(talk.patients[0].organisation_id)
    found = nearby.soonest(organisation, postal, now=talk.now)
    if found is None:
        return Reply("find_none", {"postal": postal})
    values = {
        "postal": postal,
        "when": found.starts_at.astimezone(ZoneInfo(found.meeting.zone)),
        "name": found.meeting.name,
        "street": _discreet(nearby.street_of(found.place), organisation),
    }
    return Reply("find", values)


def _discreet(street: str, organisation: Organisation) -> str:
    """Leave out a street that tells more than where it is."""
    return "" if texts.forbidden_words(street, [organisation.name]) else street
