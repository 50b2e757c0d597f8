"""One text in, one verb, one text out (messaging.md, "What people can text"). Danger is looked for first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from aftercare.consent import ledger
from aftercare.conversations import (
    answers,
    arrivals,
    by_carrier,
    checkups_by_text,
    correspondents,
    crises,
    errands,
    finding,
    new_numbers,
    own_path,
    plans,
    puzzles,
    questions,
    strangers,
    subscriptions,
    who,
)
from aftercare.conversations.talk import Reply, Talk, say
from aftercare.core import clock
from aftercare.messaging import keywords
from aftercare.messaging.keywords import Verb, Word
from aftercare.messaging.models import InboundText
from aftercare.people.models import Person

ENDS = (Verb.STOP, Verb.WRONG_NUMBER)


class Meant(Enum):
    """Whom a verb must know on a phone that several people have."""

    NOBODY = auto()
    WHO_WAS_ASKED = auto()
    ONE = auto()


@dataclass(frozen=True)
class Doing:
    """What a verb does, and whom it must know."""

    do: Callable[[Talk], Reply | None]
    meant: Meant = Meant.NOBODY


def take(inbound: InboundText) -> None:
    """Do what a text asks for and post the answer, in the transaction that stored the text.

    What is said back is a row in the outbox, named after the carrier's id: a text that comes twice is answered once.
    """
    word, now = _read(inbound), clock.now()
    inbound.verb = word.verb.value
    if new_numbers.by_text(inbound):
        return
    everybody = correspondents.known_by(inbound.number)
    patients = correspondents.reachable(correspondents.patients(everybody))
    if not patients:
        strangers.answer(inbound, word, everybody, now=now)
        return
    asked = questions.open_ones(patients, now=now, asked_before=inbound.said_at)
    first = Talk(inbound, word, everybody, patients, asked, now, inbound.sid)
    talk = who.taken_up(first) or first
    if talk is first:
        _address(inbound, talk.person, patients)
    is_answered = by_carrier.has_answered(talk.inbound, everybody)
    reply = _do(talk)
    if word.in_crisis:
        crises.answer(talk)
    if reply is not None and not is_answered:
        say(talk, reply)


def take_late(inbound: InboundText) -> None:
    """Do what is never too late with a text that could not be read in time: end texts, and call who is in danger."""
    word = _read(inbound)
    inbound.verb = word.verb.value
    everybody = correspondents.known_by(inbound.number)
    if word.verb in ENDS:
        _end(inbound, word, [each for each in everybody if not ledger.has_agreed_since(each, inbound.received_at)])
    if word.in_crisis:
        crises.ask_staff(inbound, correspondents.patients(everybody))


def _read(inbound: InboundText) -> Word:
    """Read the words; where the carrier itself took them for a wish to stop, start or be helped, it has the say."""
    word = keywords.read(inbound.body)
    verb = {"STOP": Verb.STOP, "START": Verb.START, "HELP": Verb.HELP}.get(inbound.opt_out_type or "")
    return replace(word, verb=verb, is_sure=True) if verb else word


def _address(inbound: InboundText, person: Person | None, patients: Sequence[Person]) -> None:
    """Say whose text it is; of a number that two organisations know and neither has asked, nobody's."""
    organisation_ids = {patient.organisation_id for patient in patients}
    if person is not None:
        inbound.organisation_id, inbound.person_id = person.organisation_id, person.id
    elif len(organisation_ids) == 1:
        inbound.organisation_id = organisation_ids.pop()


def _do(talk: Talk) -> Reply | None:
    """Do what a text asks for; ask who it is first where that cannot be told and must be known."""
    if talk.word.verb is Verb.YES and subscriptions.means_start(talk):
        return subscriptions.start(talk)
    if _must_ask_who(talk):
        return who.ask_whose(talk)
    return checkups_by_text.answer(talk) or VERBS[talk.word.verb].do(talk)


def _must_ask_who(talk: Talk) -> bool:
    meant = VERBS[talk.word.verb].meant
    if talk.word.verb in ANSWERS and not talk.asked:
        return False
    if meant is Meant.ONE:
        return len(talk.patients) > 1
    return meant is Meant.WHO_WAS_ASKED and len(talk.meant) > 1


def _yes(talk: Talk) -> Reply | None:
    if _is_invited(talk) and talk.person is not None:
        return subscriptions.confirm(talk.person)
    return answers.answer(talk, "yes")


def _no(talk: Talk) -> Reply | None:
    return subscriptions.stop(talk.everybody) if _is_invited(talk) else answers.answer(talk, "no")


def _maybe(talk: Talk) -> Reply | None:
    return subscriptions.help_text(talk) if _is_invited(talk) else answers.answer(talk, "maybe")


def _cannot(talk: Talk) -> Reply | None:
    return subscriptions.stop(talk.everybody) if _is_invited(talk) else plans.cannot(talk)


def _stop(talk: Talk) -> Reply | None:
    return _end(talk.inbound, talk.word, talk.everybody)


def _end(inbound: InboundText, word: Word, people: Sequence[Person]) -> Reply | None:
    """End the texts to a number; ask staff where it may not have been meant, or the number is not theirs."""
    patients = correspondents.patients(people)
    if word.verb is Verb.WRONG_NUMBER:
        errands.ask_for_number(inbound, correspondents.reachable(patients))
        return subscriptions.give_up_number(people)
    is_blocked = by_carrier.has_answered(inbound, people)
    reply = subscriptions.stop(people, way="carrier" if is_blocked else "text")
    if not word.is_sure and reply is not None:
        errands.ask_whether_to_stop(inbound, patients)
    return reply


def _find(talk: Talk) -> Reply | None:
    """Find in the list of the one organisation, or ask who it is that looks."""
    organisation_ids = {each.organisation_id for each in talk.patients}
    return finding.find(talk) if len(organisation_ids) == 1 else who.ask_whose(talk)


def _is_invited(talk: Talk) -> bool:
    """Tell whether the question that is answered is an invitation to texts."""
    return talk.question is not None and talk.question.kind == questions.OPT_IN and not talk.question.is_answered


ANSWERS = (Verb.YES, Verb.NO, Verb.MAYBE)
VERBS: dict[Verb, Doing] = {
    Verb.YES: Doing(_yes, Meant.WHO_WAS_ASKED),
    Verb.NO: Doing(_no, Meant.WHO_WAS_ASKED),
    Verb.MAYBE: Doing(_maybe, Meant.WHO_WAS_ASKED),
    Verb.LATE: Doing(plans.late, Meant.WHO_WAS_ASKED),
    Verb.CANT: Doing(_cannot, Meant.WHO_WAS_ASKED),
    Verb.WAIT: Doing(plans.wait, Meant.WHO_WAS_ASKED),
    Verb.HERE: Doing(arrivals.here),
    Verb.NEXT: Doing(answers.next_date, Meant.ONE),
    Verb.FIND: Doing(_find),
    Verb.CALL: Doing(errands.call),
    Verb.STREAK: Doing(own_path.streak, Meant.ONE),
    Verb.GOAL: Doing(own_path.goal, Meant.ONE),
    Verb.QUIET: Doing(own_path.quiet, Meant.ONE),
    Verb.LANGUAGE: Doing(own_path.language, Meant.ONE),
    Verb.PROOF: Doing(errands.proof, Meant.ONE),
    Verb.STOP: Doing(_stop),
    Verb.WRONG_NUMBER: Doing(_stop),
    Verb.START: Doing(subscriptions.start),
    Verb.HELP: Doing(subscriptions.help_text),
    Verb.REACTION: Doing(puzzles.tapped),
    Verb.OTHER: Doing(puzzles.other),
}
