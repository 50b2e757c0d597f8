"""Yes, no, maybe, next: what a text says of a date, and what is said back (messaging.md, "What people can text")."""

from datetime import timedelta

from aftercare.conversations.talk import Reply, Talk
from aftercare.core.errors import Conflict
from aftercare.meetings import members, notices, rsvps, shown
from aftercare.meetings.expected import EXPECTED, NOT_ANSWERED
from aftercare.meetings.members import Tie
from aftercare.meetings.models import Occurrence
from aftercare.meetings.waitlist import Outcome, Status
from aftercare.people.models import Person

NOTHING_OPEN = Reply("nothing_open")
LOOKS_AHEAD = timedelta(days=60)
_TOO_LATE = {"closed": "closed", "full": "full"}


def answer(talk: Talk, wish: str) -> Reply:
    """Take a yes, no or maybe to what was asked last; the reply names day and time."""
    question = talk.question
    if question is None or question.occurrence is None:
        return NOTHING_OPEN
    person, date = question.person, question.occurrence
    try:
        outcome = rsvps.answer(person.organisation_id, date.id, person.id, wish, via="sms")
    except Conflict as refusal:
        kind = _TOO_LATE.get(refusal.code or "")
        return Reply(kind, notices.said_of(date, person)) if kind else NOTHING_OPEN
    return _of_outcome(outcome, wish, date, person, was_offered=question.kind == "offer")


def next_date(talk: Talk) -> Reply:
    """Say when the next date is at which the person is expected; on a shared phone, the nearest of all."""
    found = [(tie.occurrence, person) for person in talk.patients for tie in _expected(person, talk)]
    if not found:
        return Reply("next_none")
    date, person = min(found, key=lambda pair: (pair[0].starts_at, pair[0].id))
    return Reply("next", notices.said_of(date, person), about=date.id, asks=True, person=person)


def _expected(person: Person, talk: Talk) -> list[Tie]:
    ties = members.ties(person, since=talk.now, until=talk.now + LOOKS_AHEAD, only_own=True)
    return [tie for tie in ties if tie.occurrence.status != "cancelled" and _is_expected(tie)]


def _is_expected(tie: Tie) -> bool:
    return tie.answer in EXPECTED and (tie.is_member or tie.answer != NOT_ANSWERED)


def _of_outcome(outcome: Outcome, wish: str, date: Occurrence, person: Person, *, was_offered: bool) -> Reply:
    said = notices.said_of(date, person)
    if wish == "no":
        return Reply("no_thanks", said)
    if outcome.status == Status.WAITLISTED:
        return _waiting(date, person, was_offered=was_offered and wish == "yes")
    if wish == "maybe":
        return Reply("maybe", said, about=date.id, asks=True)
    return Reply("thanks", said)


def _waiting(date: Occurrence, person: Person, *, was_offered: bool) -> Reply:
    said = notices.said_of(date, person)
    if was_offered:
        return Reply("offer_gone", said)
    place = shown.place_in_line(rsvps.answers(date), person.id)
    return Reply("waitlisted", said | {"position": place})
