"""Whether a text that is due may still go: what was true when it was planned is looked at again (messaging.md)."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aftercare.consent import ledger, mail_ledger
from aftercare.messaging import after_stop, allowances, quiet_hours
from aftercare.messaging.allowances import Ahead, Held, Reader, nothing_ahead
from aftercare.messaging.channels import EMAIL, QUESTION, TEXT
from aftercare.messaging.models import Message
from aftercare.messaging.outbox import STOPPED, window_for
from aftercare.messaging.states import State
from aftercare.messaging.unwritten import is_unwritten
from aftercare.people import accounts, organisations
from aftercare.people.models import Person

#: Names, of these texts, those that have become pointless, each with the reason: rooms above know why.
Unwanted = Callable[[Sequence[Message]], Mapping[uuid.UUID, str]]


@dataclass(frozen=True)
class Verdict:
    """What becomes of a text that may not go now: cancelled, expired, or still waiting for a later time."""

    state: State
    reason: str | None = None
    due_at: datetime | None = None


UNREADABLE = Verdict(State.CANCELLED, "unreadable")


def nothing_unwanted(_messages: Sequence[Message]) -> Mapping[uuid.UUID, str]:
    """Find every text still wanted."""
    return {}


def judge(
    messages: Sequence[Message], unwanted: Unwanted, ahead: Ahead = nothing_ahead, *, now: datetime
) -> dict[uuid.UUID, Verdict]:
    """Find which of these texts may not go now, in a number of queries that does not grow with theirs."""
    if not messages:
        return {}
    known = _Known(messages)
    pointless = unwanted([message for message in messages if message.person_id is not None])
    found = {message.id: _readable(known, message, pointless.get(message.id), now) for message in messages}
    verdicts = {message_id: verdict for message_id, verdict in found.items() if verdict is not None}
    fit = [message for message in messages if message.id not in verdicts and message.channel == TEXT]
    held = allowances.hold_back(fit, known.readers(fit), ahead, now=now)
    return verdicts | {message_id: _held(each) for message_id, each in held.items()}


def _held(held: Held) -> Verdict:
    if held.until is None:
        return Verdict(State.EXPIRED, held.reason)
    return Verdict(State.PENDING, due_at=held.until)


def _readable(known: "_Known", message: Message, pointless: str | None, now: datetime) -> Verdict | None:
    # A row that cannot be read (no key for it, a zone that no longer exists) must not stop those beside it.
    try:
        return known.verdict(message, pointless, now)
    except (ValueError, KeyError):
        return UNREADABLE


class _Known:
    """What the rooms below know of the people in a batch."""

    def __init__(self, messages: Sequence[Message]) -> None:
        keys = [(each.organisation_id, each.person_id) for each in messages if each.person_id is not None]
        self._people = accounts.people_anywhere(keys)
        self._organisations = organisations.organisations_named(each.organisation_id for each in messages)
        self._said_last = ledger.newest_anywhere(self._people)
        is_mail = any(each.channel == EMAIL for each in messages)
        self._allow_mail = mail_ledger.who_allow(self._people.values()) if is_mail else set()

    def verdict(self, message: Message, pointless: str | None, now: datetime) -> Verdict | None:
        """Say what keeps a text from going, None if nothing does."""
        if message.useful_until <= now:
            return Verdict(State.EXPIRED, "too_late")
        if message.body_sealed is None and not is_unwritten(message):
            return Verdict(State.CANCELLED, "erased")
        if message.recalled:
            return Verdict(State.CANCELLED, message.reason or "recalled")
        if pointless is not None:
            return Verdict(State.CANCELLED, pointless)
        if message.person_id is None:
            return None
        key = (message.organisation_id, message.person_id)
        if not message.needs_consent:
            return self._of_answer(message, self._people[key])
        if not self._is_agreed(message, self._people[key]):
            return Verdict(State.CANCELLED, "no_consent")
        return self._of_person(message, self._people[key], now)

    def readers(self, messages: Sequence[Message]) -> dict[allowances.Key, Reader]:
        """Give those to whom texts go that are no answers, each with the hours that their texts keep."""
        keys = {(each.organisation_id, each.person_id) for each in messages if each.person_id and not each.is_answer}
        people = [self._people[key] for key in keys if key in self._people]
        return {(each.organisation_id, each.id): Reader(each, self._window(each)) for each in people}

    def _window(self, person: Person) -> quiet_hours.Window:
        return window_for(self._organisations[person.organisation_id], person)

    def _is_agreed(self, message: Message, person: Person) -> bool:
        key = (person.organisation_id, person.id)
        if message.channel == EMAIL:
            return key in self._allow_mail
        lets = ledger.lets_ask if message.kind == QUESTION else ledger.lets_text
        return lets(person, self._said_last.get(key))

    def _of_answer(self, message: Message, person: Person) -> Verdict | None:
        """Keep an answer from a number that is not theirs now, and from who has said STOP since.

        Help in danger goes where the cry came from.
        """
        if message.channel == EMAIL or message.kind == "crisis":
            return None
        if not _is_theirs(message, person):
            return Verdict(State.CANCELLED, "other_number")
        newest = self._said_last.get((person.organisation_id, person.id))
        has_stopped = newest is not None and newest.act == "withdraw"
        is_over = has_stopped and after_stop.ends_with_stop(message.kind)
        return Verdict(State.CANCELLED, STOPPED) if is_over else None

    def _of_person(self, message: Message, person: Person, now: datetime) -> Verdict | None:
        if person.left_at is not None:
            return Verdict(State.CANCELLED, "left")
        if not _is_theirs(message, person):
            return Verdict(State.CANCELLED, "other_number")
        return None if message.is_answer else _in_the_night(message, person.zone, self._window(person), now)


def _is_theirs(message: Message, person: Person) -> bool:
    # A bare text takes the number that the person has when it goes, and has agreed to texts on.
    if is_unwritten(message):
        return True
    if message.channel == EMAIL:
        return message.number == person.email
    return message.number_hash == person.phone_hash or message.number == person.phone


def _in_the_night(message: Message, zone: str, window: quiet_hours.Window, now: datetime) -> Verdict | None:
    if quiet_hours.allowed(now, window, zone):
        return None
    morning = quiet_hours.fit(now, window, zone, useful_until=message.useful_until, now=now)
    if morning is None:
        return Verdict(State.EXPIRED, "night")
    return Verdict(State.PENDING, due_at=morning)
