"""A check-up by texts: one question, one number, the next question (messaging.md, "What people can text")."""

import uuid
from datetime import timedelta

from aftercare.conversations.questions import Question
from aftercare.conversations.talk import Reply, Talk
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.messaging import keywords, outbox, texts
from aftercare.messaging.keywords import Verb
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from aftercare.recovery import checkups, instruments
from aftercare.recovery.models import Checkup, Instrument

OPENING = "checkup"
ITEMS = ("checkup_item", "checkup_item_said", "checkup_range")
KINDS = (OPENING, *ITEMS)
#: So long a figure is meant for the item that was asked, whatever text arrived in between.
JUST_ASKED = timedelta(hours=1)


def ask(person: Person, instrument: Instrument, *, by: uuid.UUID | None = None) -> Message | None:
    """Begin a check-up and ask by text whether now is a good time; None if no text may go. Raises Conflict."""
    checkup = checkups.open_checkup(person, instrument, by=by)
    return outbox.post(
        person,
        OPENING,
        once=f"{OPENING}:{checkup.id}",
        occurs_on=clock.today(person.zone),
        useful_until=clock.now() + timedelta(days=2),
        asks=True,
        count=len(instrument.items),
    )


def answer(talk: Talk) -> Reply | None:
    """Take an answer of a check-up; None if the text is none: then it means what it always means."""
    question = _question(talk)
    checkup = checkups.find_open(question.person) if question else None
    if question is None or checkup is None:
        return None
    if question.kind == OPENING:
        return _begun(talk, checkup, question.person)
    number = _number(talk.inbound.body)
    return _counted(checkup, number, question.person) if number is not None else None


def _question(talk: Talk) -> Question | None:
    """Find what is answered: an item asked just now, else the latest question, else an earlier item.

    A figure goes back past a later question to an item of long ago only if it means nothing to that question.
    """
    number = _number(talk.inbound.body)
    item = next((each for each in talk.asked if each.kind in ITEMS and not each.is_answered), None)
    if item is not None and number is not None and _is_just_asked(item, talk) and _is_on_scale(item, number):
        return item
    if talk.question is None or talk.question.kind in KINDS:
        return talk.question
    return None if number is None or talk.word.verb in (Verb.YES, Verb.NO, Verb.MAYBE) else item


def _is_just_asked(item: Question, talk: Talk) -> bool:
    return talk.inbound.said_at - item.asked_at <= JUST_ASKED


def _is_on_scale(item: Question, number: int) -> bool:
    checkup = checkups.find_open(item.person)
    if checkup is None:
        return False
    instrument = instruments.get_instrument(checkup.organisation_id, checkup.instrument_id)
    return instrument.low <= number <= instrument.high


def _begun(talk: Talk, checkup: Checkup, person: Person) -> Reply | None:
    if talk.word.verb == Verb.YES:
        return _next(checkup, person)
    return Reply("checkup_later", person=person) if talk.word.verb in (Verb.NO, Verb.MAYBE) else None


def _counted(checkup: Checkup, number: int, person: Person) -> Reply:
    try:
        is_over = checkups.answer(checkup, number)
    except Invalid:
        return _again(checkup, person)
    return Reply("checkup_done", person=person) if is_over else _next(checkup, person)


def _next(checkup: Checkup, person: Person) -> Reply:
    """Ask the next item: in words if they tell nothing or the person chose plain texts, else by its line."""
    instrument = instruments.get_instrument(checkup.organisation_id, checkup.instrument_id)
    number = len(checkups.answers(checkup)) + 1
    item = instrument.items[number - 1]
    values = {"nth": number, "count": len(instrument.items), "low": instrument.low, "high": instrument.high}
    if person.text_level == texts.Level.PLAIN or not texts.forbidden_words(item):
        return Reply("checkup_item_said", values | {"item": item}, asks=True, person=person)
    return Reply("checkup_item", values, asks=True, person=person)


def _again(checkup: Checkup, person: Person) -> Reply:
    instrument = instruments.get_instrument(checkup.organisation_id, checkup.instrument_id)
    return Reply("checkup_range", {"low": instrument.low, "high": instrument.high}, asks=True, person=person)


def _number(body: str) -> int | None:
    """Read a text that is one number and nothing else."""
    folded = keywords.fold(body).replace(" ", "")
    return int(folded) if folded.isdigit() and len(folded) <= 2 else None
