"""What posting texts would do: who would read what, and who nothing and why. The outbox itself spells them."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from aftercare.consent import ledger
from aftercare.messaging import channels, outbox
from aftercare.messaging.outbox import Draft
from aftercare.messaging.witness import Seen
from aftercare.people.models import Organisation, Person

#: Language, channel and words of a text.
Read = tuple[str, str, str]


@dataclass(frozen=True)
class Outlook:
    """How many people would get each text, and how many none, by reason."""

    texts: Counter[Read] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)

    @property
    def people(self) -> int:
        """Say how many people would get one."""
        return self.texts.total()


def foresee(organisation: Organisation, drafts: Sequence[Draft]) -> Outlook:
    """Say what `outbox.post_all` would post if these were new; writes nothing."""
    written = outbox.written_all(organisation, drafts)
    texts = Counter(
        (each.language, each.channel or channels.TEXT, each.body or "") for each in written if each is not None
    )
    left_out = [draft.person for draft, text in zip(drafts, written, strict=True) if text is None]
    return Outlook(texts, Counter(_reasons(organisation.id, left_out)))


def of(organisation_id: uuid.UUID, seen: Seen) -> Outlook:
    """Say what of the texts that somebody saw being posted anybody would read."""
    texts = Counter(
        (each.language, each.channel or channels.TEXT, each.body or "") for _, each in seen.texts if each is not None
    )
    left_out = [person for person, text in seen.texts if text is None]
    return Outlook(texts, Counter(_reasons(organisation_id, left_out)))


def _reasons(organisation_id: uuid.UUID, people: Sequence[Person]) -> list[str]:
    if not people:
        return []
    open_ways = channels.ways_to(organisation_id, people)
    stopped = ledger.who_stopped_texts(organisation_id, people)
    return [_why_not(person, open_ways, stopped) for person in people]


def _why_not(person: Person, open_ways: Collection[uuid.UUID], stopped: Collection[uuid.UUID]) -> str:
    if person.id in open_ways:
        return "too_late"
    if person.channel == channels.EMAIL:
        return "no_mail"
    if not person.phone_sealed:
        return "no_number"
    if person.phone_frozen_at is not None:
        return "frozen"
    return "stopped" if person.id in stopped else "no_consent"
