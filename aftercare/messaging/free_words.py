"""What words of staff must not do when they go out as a text, whatever they are about (law: messaging.md, "Rules").

The linter of twilio-and-rules.md: the small alphabet, no links, nothing that tells why somebody gets it, and no word
to answer with that the carrier takes for itself or that we would not understand.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftercare.messaging import keywords, segments
from aftercare.messaging.keywords import Verb, fold
from aftercare.messaging.texts import forbidden_words
from aftercare.messaging.vocabulary import listed

#: What Twilio takes as opt-out or opt-in, whoever writes it (twilio-and-rules.md 5).
CARRIER_WORDS = frozenset(
    {"CANCEL", "END", "QUIT", "STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT", "START", "YES", "UNSTOP"}
)
_ASKING = re.compile(
    r"\b(?:reply|answer|respond|text|send|type|write|responde|responda|contesta|conteste|manda|mande|env[ií]a|env[ií]e|"
    r"escribe|escriba|pon|ponga)\s+(?:(?:with|back|us|con|la palabra|the word)\s+)*"
    r"(?P<asked>[\"']?\w+[\"']?(?:\s*(?:,|/|\bor\b|\band\b|\bo\b|\by\b)\s*[\"']?\w+[\"']?)*)",
    re.IGNORECASE,
)
_JOINING = frozenset({"or", "and", "o", "y"})
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_QUOTED = re.compile(r"[\"'](\w+)[\"']")
#: Names that are words of every day.
_ORDINARY = frozenset(
    listed("""
        angel | april | art | august | autumn | bell | best | bill | black | blanco | brown | campos | castillo |
        chase | consuelo | cook | cruz | dawn | day | dean | domingo | drew | dulce | esperanza | eve | faith |
        flores | frank | gene | grace | gray | green | guy | hope | hunter | iris | ivy | jack | joy | julio | june |
        king | leon | long | love | luz | mar | mark | max | may | mercedes | milagros | moreno | north | olive |
        page | pat | paz | pearl | pilar | prado | price | rain | ray | rey | reyes | rich | rio | rios | rob | rosa |
        rose | rubio | ruby | santos | sky | sol | star | street | sue | summer | torres | victor | violet | wade |
        ward | west | white | will | winter | young
    """)
)
_LINK = re.compile(r"\bhttps?:|\bwww\.|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """One thing that keeps words from being sent: what it is, and the part of them that does it."""

    code: str
    detail: str = ""


def faults_in(words: str, *, names: Iterable[str] = (), is_discreet: bool = True) -> Iterator[Fault]:
    """Name what is wrong with words that go out as they stand; `names` are those that a discreet text must not say."""
    yield from (Fault("letter", letter) for letter in segments.strange_letters(words))
    yield from (Fault("link", link[0]) for link in _LINK.finditer(words))
    if is_discreet:
        yield from (Fault("forbidden", word) for word in dict.fromkeys(forbidden_words(words, names)))
    yield from _wrongly_asked(words)
    heard = keywords.read(words)
    if heard.verb in (Verb.STOP, Verb.WRONG_NUMBER) or heard.in_crisis:
        yield Fault("read_as_stop" if not heard.in_crisis else "read_as_crisis")


def asked_words(words: str) -> list[str]:
    """List the words that a text asks its reader to answer with."""
    found = (re.findall(r"\w+", each["asked"]) for each in _ASKING.finditer(words))
    return [word for group in found for word in group if word not in _JOINING]


def _wrongly_asked(words: str) -> Iterator[Fault]:
    asked = asked_words(words)
    taken = {word.upper() for word in (*asked, *_QUOTED.findall(words))} | (set(_SHOUTED.findall(words)) - {"STOP"})
    yield from (Fault("carrier_word", word) for word in sorted(taken & CARRIER_WORDS))
    for word in dict.fromkeys(asked):
        is_command = word.isupper() and word not in CARRIER_WORDS
        if is_command and keywords.read(word).verb is Verb.OTHER:
            yield Fault("not_understood", word)


def names_said(words: str, names: Iterable[str]) -> list[str]:
    """List the parts of people's names that words say; one that is an ordinary word as well, only with its capital."""
    said, plain = set(re.findall(r"\w+", words)), set(fold(words).split())
    parts = dict.fromkeys(part for name in names for part in re.findall(r"\w+", name) if len(part) > 2)
    return [part for part in parts if (part in said if fold(part) in _ORDINARY else fold(part) in plain)]
