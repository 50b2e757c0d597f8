"""One text that came in, what is known of who sent it, and what is said back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aftercare.consent import ledger
from aftercare.conversations import questions
from aftercare.conversations.questions import Question
from aftercare.core import throttle
from aftercare.messaging import outbox
from aftercare.messaging.after_stop import ALWAYS_SAID
from aftercare.messaging.keywords import Word
from aftercare.messaging.models import InboundText
from aftercare.people import organisations
from aftercare.people.models import Person

ANSWER_LASTS = timedelta(hours=4)
#: A person does not ask so much; a machine that does must not cost more.
ANSWERS_AN_HOUR = 40


@dataclass(frozen=True)
class Talk:
    """A text from a number that at least one patient has.

    `asked` are the questions that are open, the latest first. `sid` names the text that is answered now: that of the
    words, or, if it had to be asked first whose they are, that of the figure that told it.
    """

    inbound: InboundText
    word: Word
    everybody: Sequence[Person]
    patients: Sequence[Person]
    asked: Sequence[Question]
    now: datetime
    sid: str

    @property
    def question(self) -> Question | None:
        """Give the question that an answer would be to."""
        return questions.picked(self.asked)

    @property
    def about_a_date(self) -> Question | None:
        """Give the question about a date that an answer would be to."""
        return questions.picked([each for each in self.asked if each.occurrence is not None])

    @property
    def person(self) -> Person | None:
        """Give who is speaking: the one who was asked, else the only one; None if nobody can tell."""
        meant = self.meant
        return meant[0] if len(meant) == 1 else None

    @property
    def meant(self) -> Sequence[Person]:
        """Give those who may be speaking: who was asked and has not answered, else who was asked, else anybody."""
        waiting = [each.person for each in self.asked if not each.is_answered]
        asked = waiting or [each.person for each in self.asked]
        return [each for each in self.patients if each in asked] if asked else self.patients

    @property
    def language(self) -> str:
        """Give the language of the word if it tells, else the person's."""
        return self.word.language or (self.person or self.patients[0]).language


@dataclass(frozen=True)
class Reply:
    """What is said back: a text of the catalogue, and what it asks about which date."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    about: uuid.UUID | None = None
    asks: bool = False
    person: Person | None = None


def say(talk: Talk, reply: Reply) -> None:
    """Post a reply to the number that asked, at once, day or night; nothing to who does not agree to texts."""
    person = None if reply.kind == "who" else reply.person or talk.person
    listeners = [person] if person else talk.patients
    if reply.kind not in ALWAYS_SAID and not any(ledger.allows_texts(each) for each in listeners):
        return
    if reply.kind not in _ALWAYS_PAID and _is_too_often(talk):
        return
    listener = listeners[0]
    outbox.post_answer(
        organisations.get_organisation(listener.organisation_id),
        talk.inbound.number,
        reply.kind,
        once=f"{reply.kind if reply.kind in _NAMED_APART else 'answer'}:{talk.sid}",
        useful_until=talk.now + ANSWER_LASTS,
        language=talk.language,
        person_id=person.id if person else None,
        level=listener.text_level,
        about=reply.about,
        asks=reply.asks,
        **reply.values,
    )


def _is_too_often(talk: Talk) -> bool:
    key = f"answers:{talk.inbound.number_hash.hex()}"
    return throttle.seconds_to_wait(key, times=ANSWERS_AN_HOUR, per_seconds=3600) > 0


#: The last word after a STOP must be said; how often help is said in danger is counted apart.
_ALWAYS_PAID = frozenset({"stop", "crisis"})
#: Help in danger goes beside the answer; the question who it is must be found again by the text that it is about.
_NAMED_APART = frozenset({"crisis", "who"})
