"""What people were asked, as far as it can still be answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare.consent import ledger
from aftercare.meetings import rsvps, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import posted
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from aftercare.recovery import checkups

OPT_IN = "opt_in"
#: A question that is about no date and no agreement (an item of a check-up) may wait so long for its answer.
WAITS = timedelta(days=2)
#: Our clock and the carrier's may differ by so much.
SLACK = timedelta(seconds=10)


@dataclass(frozen=True)
class Question:
    """Whom a text asked, about which date, and when; about none if it asked for agreement to texts, or of a check-up.

    `is_answered` tells whether its person has said a word on it since.
    """

    person: Person
    kind: str
    occurrence: Occurrence | None
    asked_at: datetime
    is_answered: bool


def open_ones(people: Collection[Person], *, now: datetime, asked_before: datetime) -> Sequence[Question]:
    """Give the questions to these people that left before a moment and can be answered, the latest first.

    Of several about one date there is the latest. One phone may be several people's, in several organisations.
    """
    by_key = {(person.organisation_id, person.id): person for person in people}
    found: dict[object, Question] = {}
    for message in posted.questions(people):
        assert message.person_id is not None
        asked_at = posted.left_at(message)
        if asked_at > asked_before + SLACK:
            continue
        person = by_key[message.organisation_id, message.person_id]
        about = (person.organisation_id, person.id, message.occurrence_id or message.kind)
        if about not in found:
            question = _question(message, person, asked_at)
            if _is_open(question, message, now):
                found[about] = question
    return list(found.values())


def picked(questions: Sequence[Question]) -> Question | None:
    """Give the one that an answer is to: the latest that was not answered yet; else they changed their mind on one."""
    return next((each for each in questions if not each.is_answered), questions[0] if questions else None)


def another(questions: Sequence[Question], answered: Question) -> Question | None:
    """Give the latest question to the same person, about another date, that still waits for its answer."""
    return next(
        (
            each
            for each in questions
            if each.occurrence is not None
            and not each.is_answered
            and each.person is answered.person
            and each is not answered
        ),
        None,
    )


def _question(message: Message, person: Person, asked_at: datetime) -> Question:
    date = _date(message)
    return Question(person, message.kind, date, asked_at, _is_answered(message, person, date, asked_at))


def _is_answered(message: Message, person: Person, date: Occurrence | None, asked_at: datetime) -> bool:
    if date is not None:
        return _has_said(person, date, since=asked_at)
    return _has_agreed(person) if message.kind == OPT_IN else checkups.find_open(person) is None


def _date(message: Message) -> Occurrence | None:
    if message.occurrence_id is None:
        return None
    return schedule.get_occurrence(message.organisation_id, message.occurrence_id)


def _has_said(person: Person, date: Occurrence, *, since: datetime) -> bool:
    rsvp = rsvps.find_answer(person.organisation_id, date.id, person.id)
    return rsvp is not None and rsvp.answered_at is not None and rsvp.answered_at >= since


def _has_agreed(person: Person) -> bool:
    """Tell whether an invitation to texts was answered: by a text of theirs, or by a STOP in whichever way."""
    newest = ledger.find_newest(person)
    return newest is not None and (newest.act == "withdraw" or (newest.act == "grant" and newest.way == "text"))


def _is_open(question: Question, message: Message, now: datetime) -> bool:
    date = question.occurrence
    if date is not None:
        return date.status != "cancelled" and now < date.ends_at
    waits_until = question.asked_at + WAITS
    return now < (message.useful_until if question.kind == OPT_IN else max(message.useful_until, waits_until))
