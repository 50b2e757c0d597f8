"""One text that came in, what is known of who sent it, and what is said back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aftercare.consent import ledger
from aftercare.conversations.questions import Question
from aftercare.messaging import outbox
from aftercare.messaging.keywords import Word
from aftercare.messaging.models import InboundText
from aftercare.people import organisations
from aftercare.people.models import Person

ANSWER_LASTS = timedelta(hours=4)
#: What may be said to somebody who does not, or no longer, agree to texts: they have just asked for it.
ALWAYS_SAID = frozenset({"stop", "start", "help", "crisis"})


@dataclass(frozen=True)
class Talk:
    """A text from a number that at least one patient has."""

    inbound: InboundText
    word: Word
    everybody: Sequence[Person]
    patients: Sequence[Person]
    question: Question | None
    now: datetime

    @property
    def person(self) -> Person | None:
        """Give who is speaking: the one who was asked last, else the only one; None if nobody can tell."""
        if self.question is not None:
            return self.question.person
        return self.patients[0] if len(self.patients) == 1 else None

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
    person = reply.person or talk.person
    listener = person or talk.patients[0]
    if reply.kind not in ALWAYS_SAID and not ledger.allows_texts(listener):
        return
    outbox.post_answer(
        organisations.get_organisation(listener.organisation_id),
        talk.inbound.number,
        reply.kind,
        once=f"{'crisis' if reply.kind == 'crisis' else 'answer'}:{talk.inbound.sid}",
        useful_until=talk.now + ANSWER_LASTS,
        language=talk.language,
        person_id=person.id if person else None,
        level=listener.text_level,
        about=reply.about,
        asks=reply.asks,
        **reply.values,
    )
