"""Who it is: on a phone that several people have, where it cannot be told, it is asked, by initials alone.

What they wanted is remembered for an hour, by the question itself: it is named after the text that it is about.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aftercare.conversations import questions
from aftercare.conversations.talk import Reply, Talk
from aftercare.core import throttle
from aftercare.messaging import inbound_texts, keywords, posted
from aftercare.messaging.keywords import Verb
from aftercare.messaging.models import InboundText, Message
from aftercare.messaging.segments import to_gsm7
from aftercare.people import initials
from aftercare.people.models import Person

KIND = "who"
REMEMBERED = timedelta(hours=1)
#: Two machines that answer each other must come to an end.
ASKED_AN_HOUR = 6
#: A text has room for so many.
MOST_PEOPLE = 6
_FOR = {"en": "for", "es": "para"}


def ask_whose(talk: Talk) -> Reply | None:
    """Ask which of the people of a phone it is, and let the text be nobody's until then; None if asked too often."""
    talk.inbound.person_id = None
    key = f"who:{talk.inbound.number_hash.hex()}"
    if throttle.seconds_to_wait(key, times=ASKED_AN_HOUR, per_seconds=REMEMBERED.total_seconds()):
        return None
    return Reply(KIND, {"choices": _choices(talk.patients, talk.language)}, asks=True)


def taken_up(talk: Talk) -> Talk | None:
    """Take up what somebody wanted, now that they say by a figure who they are; None if that was not what was asked."""
    number, patients = talk.word.number, talk.patients
    if number is None or len(patients) < 2:
        return None
    asked, wanted = _asked(talk.inbound, patients, talk.now)
    # Something that one of them was asked later may be answered by a figure too.
    if asked is None or wanted is None or (talk.asked and talk.asked[0].asked_at > posted.left_at(asked)):
        return None
    chosen = _chosen(asked, patients, number)
    return _as_theirs(talk, wanted, chosen) if chosen else None


def _as_theirs(talk: Talk, wanted: InboundText, person: Person) -> Talk:
    talk.inbound.verb = Verb.WHO.value
    for text in (talk.inbound, wanted):
        text.organisation_id, text.person_id = person.organisation_id, person.id
    asked = questions.open_ones([person], now=talk.now, asked_before=wanted.said_at)
    return replace(talk, inbound=wanted, word=keywords.read(wanted.body), patients=[person], asked=asked)


def _asked(
    inbound: InboundText, patients: Sequence[Person], now: datetime
) -> tuple[Message | None, InboundText | None]:
    """Find the latest question who it is, and the text that it is about, if nobody has told since."""
    texts = {f"{KIND}:{text.sid}": text for text in inbound_texts.unclaimed(inbound, since=now - REMEMBERED)}
    if not texts:
        return None, None
    days = [(now + timedelta(days=apart)).date() for apart in (-1, 0, 1)]
    found = posted.find_left({each.organisation_id for each in patients}, texts, days=days)
    return found, texts[found.once] if found else None


def _chosen(asked: Message, patients: Sequence[Person], number: int) -> Person | None:
    """Give who has a number, if the people of the phone are still those whom the question named."""
    language, people = asked.language, _in_order(patients)
    is_whole = asked.body_sealed is not None and _choices(people, language) in asked.body
    return people[number - 1] if is_whole and 1 <= number <= len(people) else None


def _choices(people: Sequence[Person], language: str) -> str:
    named = initials.of([each.name for each in _in_order(people)])
    word = _FOR.get(language, _FOR["en"])
    return ", ".join(f"{number} {word} {_in_letters(said)}" for number, said in enumerate(named, 1))


def _in_letters(said: str) -> str:
    """Spell initials in the letters that a text has; of some names it has none."""
    spelled = to_gsm7(said)
    return spelled if spelled[:1].isalnum() else "?."


def _in_order(people: Sequence[Person]) -> list[Person]:
    """Put people in the order in which they were added, so that a number means the same all the time."""
    return sorted(people, key=lambda each: each.id)[:MOST_PEOPLE]
