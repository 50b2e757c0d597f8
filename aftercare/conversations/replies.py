"""One text in, one verb, one text out (messaging.md, "What people can text"). Danger is looked for first."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from aftercare.consent import ledger
from aftercare.conversations import answers, arrivals, correspondents, crises, questions, strangers, subscriptions
from aftercare.conversations.talk import Reply, Talk, say
from aftercare.core import clock, throttle
from aftercare.messaging import inbound_texts, keywords
from aftercare.messaging.keywords import Verb, Word
from aftercare.messaging.models import InboundText
from aftercare.people.models import Person
from aftercare.recovery import outreach

NOT_UNDERSTOOD_AN_HOUR = 3
HOUR = 3600


def take(inbound: InboundText) -> None:
    """Do what a text asks for and post the answer, in the transaction that stored the text.

    What is said back is a row in the outbox, named after the carrier's id: a text that comes twice is answered once.
    """
    word, now = _read(inbound), clock.now()
    inbound.verb = word.verb.value
    everybody = correspondents.known_by(inbound.number)
    patients = correspondents.reachable(correspondents.patients(everybody))
    if not patients:
        strangers.answer(inbound, word, everybody, now=now)
        return
    talk = Talk(inbound, word, everybody, patients, questions.latest(patients, now=now), now)
    _address(inbound, talk.person, patients)
    reply = VERBS[word.verb](talk)
    if word.in_crisis:
        crises.answer(talk)
    if reply is not None and not inbound.opt_out_type:
        say(talk, reply)


def take_late(inbound: InboundText) -> None:
    """Do what is never too late with a text that could not be read in time: end texts, and call who is in danger."""
    word = _read(inbound)
    inbound.verb = word.verb.value
    everybody = correspondents.known_by(inbound.number)
    if word.verb == Verb.STOP:
        subscriptions.stop([each for each in everybody if not ledger.has_agreed_since(each, inbound.received_at)])
    if word.in_crisis:
        crises.ask_staff(inbound, correspondents.patients(everybody))


def _read(inbound: InboundText) -> Word:
    """Read the words; where the carrier itself took them for a wish to stop, start or be helped, it has the say."""
    word = keywords.read(inbound.body)
    by_carrier = {"STOP": Verb.STOP, "START": Verb.START, "HELP": Verb.HELP}.get(inbound.opt_out_type or "")
    return replace(word, verb=by_carrier) if by_carrier else word


def _address(inbound: InboundText, person: Person | None, patients: Sequence[Person]) -> None:
    """Say whose text it is; of a number that two organisations know and neither has asked, nobody's."""
    organisation_ids = {patient.organisation_id for patient in patients}
    if person is not None:
        inbound.organisation_id, inbound.person_id = person.organisation_id, person.id
    elif len(organisation_ids) == 1:
        inbound.organisation_id = organisation_ids.pop()


def _yes(talk: Talk) -> Reply:
    if subscriptions.means_start(talk):
        return subscriptions.start(talk)
    if _is_invited(talk) and talk.person is not None:
        return subscriptions.confirm(talk.person)
    return answers.answer(talk, "yes")


def _no(talk: Talk) -> Reply | None:
    return subscriptions.stop(talk.everybody) if _is_invited(talk) else answers.answer(talk, "no")


def _maybe(talk: Talk) -> Reply:
    return subscriptions.help_text(talk) if _is_invited(talk) else answers.answer(talk, "maybe")


def _stop(talk: Talk) -> Reply | None:
    return subscriptions.stop(talk.everybody)


def _other(talk: Talk) -> Reply | None:
    """Own up to not understanding; after two in a row somebody of staff is asked to read them."""
    if talk.word.in_crisis:
        return None
    if inbound_texts.same_in_a_row(talk.inbound) == 2:
        _ask_staff_to_read(talk)
    key = f"not-understood:{talk.inbound.number_hash.hex()}"
    is_too_often = throttle.seconds_to_wait(key, times=NOT_UNDERSTOOD_AN_HOUR, per_seconds=HOUR)
    return None if is_too_often else Reply("unknown")


def _ask_staff_to_read(talk: Talk) -> None:
    if talk.inbound.organisation_id is not None:
        outreach.open_task(
            talk.inbound.organisation_id,
            "not_understood",
            once=f"not_understood:{talk.inbound.id}",
            person_id=talk.inbound.person_id,
            inbound_id=str(talk.inbound.id),
        )


def _is_invited(talk: Talk) -> bool:
    """Tell whether the last question was an invitation to texts that was not answered yet."""
    if talk.question is None or talk.question.kind != questions.OPT_IN:
        return False
    newest = ledger.find_newest(talk.question.person)
    return newest is not None and newest.way != "text"


VERBS: dict[Verb, Callable[[Talk], Reply | None]] = {
    Verb.YES: _yes,
    Verb.NO: _no,
    Verb.MAYBE: _maybe,
    Verb.HERE: arrivals.here,
    Verb.NEXT: answers.next_date,
    Verb.STOP: _stop,
    Verb.START: subscriptions.start,
    Verb.HELP: subscriptions.help_text,
    Verb.OTHER: _other,
}
