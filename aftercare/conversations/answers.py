"""Yes, no, maybe, next: what a text says of a date, and what is said back (messaging.md, "What people can text")."""

from datetime import datetime, timedelta
from typing import Any

from aftercare.attendance import check_in
from aftercare.conversations import questions
from aftercare.conversations.talk import Reply, Talk
from aftercare.core.errors import Conflict
from aftercare.meetings import members, notices, rsvps, schedule, shown
from aftercare.meetings.expected import EXPECTED, NOT_ANSWERED
from aftercare.meetings.members import Tie
from aftercare.meetings.models import Occurrence
from aftercare.meetings.waitlist import Outcome, Status
from aftercare.messaging import inbound_texts
from aftercare.messaging.keywords import Verb
from aftercare.people.models import Person

NOTHING_OPEN = Reply("nothing_open")
LOOKS_AHEAD = timedelta(days=60)
#: What is said of one's coming to a date: of several, the one that was sent last holds, in whichever order they come.
ABOUT_COMING = (Verb.YES, Verb.NO, Verb.MAYBE, Verb.CANT, Verb.LATE, Verb.WAIT)
_TOO_LATE = {"closed": "closed", "full": "full"}


def answer(talk: Talk, wish: str) -> Reply | None:
    """Take a yes, no or maybe to what was asked last; the reply names day and time, and asks what else is open."""
    question = talk.about_a_date
    if question is None or question.occurrence is None:
        return NOTHING_OPEN
    person, date = question.person, question.occurrence
    if is_overtaken(talk, person, date):
        return None
    reply = give(person, date, wish, was_offered=question.kind == "offer")
    return and_another(talk, reply)


def give(person: Person, date: Occurrence, wish: str, *, was_offered: bool = False) -> Reply:
    """Give a person's answer for a date; say what came of it."""
    try:
        outcome = rsvps.answer(person.organisation_id, date.id, person.id, wish, via="sms")
    except Conflict as refusal:
        return refused(refusal, person, date)
    if wish == "yes":
        check_in.take_back_excuse(person, date.id)
    return _of_outcome(outcome, wish, date, person, was_offered=was_offered)


def refused(refusal: Conflict, person: Person, date: Occurrence) -> Reply:
    """Say why an answer for a date was not taken."""
    kind = _TOO_LATE.get(refusal.code or "")
    return Reply(kind, notices.said_of(date, person), about=date.id, person=person) if kind else NOTHING_OPEN


def is_overtaken(talk: Talk, person: Person, date: Occurrence) -> bool:
    """Note of which date a text is; tell whether a later one about it was read before, so that this changes nothing."""
    schedule.lock_occurrence(date.organisation_id, date.id)
    inbound = talk.inbound
    inbound.organisation_id, inbound.person_id, inbound.occurrence_id = person.organisation_id, person.id, date.id
    return inbound_texts.is_overtaken(
        inbound,
        organisation_id=person.organisation_id,
        person_id=person.id,
        occurrence_id=date.id,
        verbs=[verb.value for verb in ABOUT_COMING],
    )


def and_another(talk: Talk, reply: Reply) -> Reply:
    """Ask in the same breath what else a person was asked and has not answered: a bare yes is then to that."""
    question = talk.about_a_date
    also = questions.another(talk.asked, question) if question else None
    if reply.kind not in _ASK_ON or also is None or also.occurrence is None:
        return reply
    when = notices.said_of(also.occurrence, also.person)["when"]
    values = {**reply.values, "also": when}
    return Reply(_ASK_ON[reply.kind], values, about=also.occurrence.id, asks=True, person=also.person)


def next_date(talk: Talk) -> Reply:
    """Say when the next date is at which the person is expected."""
    person = talk.patients[0]
    date = next_expected(person, since=talk.now)
    if date is None:
        return Reply("next_none", person=person)
    return Reply("next", notices.said_of(date, person), about=date.id, asks=True, person=person)


def next_expected(person: Person, *, since: datetime, ending_after: datetime | None = None) -> Occurrence | None:
    """Find the first date from a moment on at which a person is expected."""
    ties = members.ties(person, since=since, until=since + LOOKS_AHEAD, only_own=True, ending_after=ending_after)
    return next((tie.occurrence for tie in ties if tie.occurrence.status != "cancelled" and _is_expected(tie)), None)


_ASK_ON = {"thanks": "thanks", "no_thanks": "no_thanks", "excused": "excused", "maybe": "maybe_also"}


def _is_expected(tie: Tie) -> bool:
    return tie.answer in EXPECTED and (tie.is_member or tie.answer != NOT_ANSWERED)


def _of_outcome(outcome: Outcome, wish: str, date: Occurrence, person: Person, *, was_offered: bool) -> Reply:
    said = notices.said_of(date, person)
    if wish == "no":
        return Reply("no_thanks", said, person=person)
    if outcome.status == Status.WAITLISTED:
        return _waiting(date, person, said, was_offered=was_offered and wish == "yes")
    if wish == "maybe":
        return Reply("maybe", said, about=date.id, asks=True, person=person)
    return Reply("thanks", said, person=person)


def _waiting(date: Occurrence, person: Person, said: dict[str, Any], *, was_offered: bool) -> Reply:
    if was_offered:
        return Reply("offer_gone", said, about=date.id, person=person)
    place = shown.place_in_line(rsvps.answers(date), person.id)
    return Reply("waitlisted", said | {"position": place}, about=date.id, person=person)
