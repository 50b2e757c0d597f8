"""Whether an organisation's own words may stand for a text of the catalogue (law: messaging.md; product.md 7.5).

A template that passes can always be spelled, says what the text is for, and reveals nothing at the discreet level.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from aftercare.messaging import segments
from aftercare.messaging.catalogue import CATALOGUE, MAY_BE_LONGER
from aftercare.messaging.free_words import Fault, faults_in
from aftercare.messaging.moments import PATTERNS
from aftercare.messaging.samples import EXAMPLE, LONGEST
from aftercare.messaging.texts import FIELD, OPTION, Key, Level, originals, render

#: Texts whose words are the same everywhere, each with the reason (`fixed_reasons` says it to people).
FIXED = {
    "crisis": "safety",
    "stop": "rules",
    "start": "rules",
    "signin_code": "security",
    "number_code": "security",
    "number_start": "rules",
    "unknown_sender": "strangers",
    "broadcast": "each_time",
}
#: What the carriers' rules, or safety, want to be said in so many words.
MUST_SAY: dict[str, dict[str, tuple[str, ...]]] = {
    "opt_in": {"en": ("3 a week", "Msg & data rates may apply"), "es": ("3 por semana", "Tu plan puede cobrar")},
    "welcome": {"en": ("3 a week", "Msg & data rates may apply"), "es": ("3 por semana", "Tu plan puede cobrar")},
    "help": {
        "en": (
            "3 a week", "Msg & data rates may apply",
            "If you need help now, call or text 988 any time, or call 911.",
        ),
        "es": (
            "3 por semana", "Tu plan puede cobrar",
            "Si necesitas ayuda ahora, llama al 988 y marca 2, o llama al 911.",
        ),
    },
}  # fmt: skip
#: Faults with which a text cannot even be shown.
UNSPEAKABLE = frozenset({"empty", "braces", "brackets", "strange_field", "unknown_field"})
# An answer is asked for by these; who may answer, or wants out, must still be told how.
_COMMANDS = re.compile(r"\b(?:Y|N|S|STOP|ALTO|HELP|AYUDA|CALL|LLAMAR|HERE|AQUI)\b")
_SAME = {"ALTO": "STOP"}
_MOMENTS = frozenset({"when", "was", "next_when", "also", "until"})
_MAY_BE_DROPPED = frozenset({"name"})
_STRANGE_FIELD = re.compile(r"\{[^{}]*\}")
_NESTED = re.compile(r"\[[^\]]*\[")


def is_editable(kind: str) -> bool:
    """Tell whether an organisation may say a text in words of its own."""
    return kind in CATALOGUE and kind not in FIXED


def tidy(body: str) -> str:
    """Take out what a text cannot hold and nobody sees: lines, and spaces at its ends."""
    return " ".join(body.split())


def fields_known(key: Key) -> list[str]:
    """List what a text may be filled in with, as it is written: those of the original, and of its discreet form."""
    kind, language, level = key
    ours = originals(kind, language)
    found = [_written(field) for each in (ours[level], ours[Level.DISCREET]) for field in FIELD.finditer(each)]
    return list(dict.fromkeys(found))


def fields_of(kind: str) -> set[str]:
    """List the names of all that a text can be filled in with."""
    return {field[1] for each in originals(kind, "en").values() for field in FIELD.finditer(each)}


def faults_of(key: Key, body: str, *, names: Iterable[str] = ()) -> list[Fault]:
    """Name what keeps own words from being saved; nothing, if they may be."""
    if not body:
        return [Fault("empty")]
    return list(_of_shape(body)) or list(_of_fields(key, body)) or list(_of_words(key, body, names))


def longest(key: Key, body: str) -> str:
    """Spell own words with the longest that can be filled in."""
    return spelled(key, body, is_longest=True)


def spelled(key: Key, body: str, *, is_longest: bool = False) -> str:
    """Spell own words that have no fault of shape or fields, as their reader would see them."""
    kind, language, level = key
    return render(kind, language, level, own_words={key: body}, **(LONGEST if is_longest else EXAMPLE))


def parts_allowed(kind: str, language: str, level: str) -> int:
    """Say of how many parts a text may be: one, or as many as the original needs for a reason."""
    if kind not in MAY_BE_LONGER:
        return 1
    return segments.count(render(kind, language, level, **LONGEST))


def _of_shape(body: str) -> Iterator[Fault]:
    bare = FIELD.sub("", body)
    yield from (Fault("strange_field", each[0]) for each in _STRANGE_FIELD.finditer(bare))
    rest = _STRANGE_FIELD.sub("", bare)
    if "{" in rest or "}" in rest:
        yield Fault("braces")
    is_uneven = _NESTED.search(rest) or set("[]") & set(OPTION.sub("", rest))
    if is_uneven:
        yield Fault("brackets")
    yield from (Fault("idle_brackets", each[0]) for each in OPTION.finditer(body) if not FIELD.search(each[1]))


def _of_fields(key: Key, body: str) -> Iterator[Fault]:
    kind, language, level = key
    ours = originals(kind, language)
    known = {field[1] for each in (ours[level], ours[Level.DISCREET]) for field in FIELD.finditer(each)}
    always = {field[1] for each in ours.values() for field in FIELD.finditer(OPTION.sub("", each))}
    for field in FIELD.finditer(body):
        if field[1] not in known:
            yield Fault("unknown_field", field[0])
        elif field[2] and (field[1] not in _MOMENTS or field[2] not in PATTERNS):
            yield Fault("strange_field", field[0])
    yield from (
        Fault("may_be_missing", field[0])
        for field in FIELD.finditer(OPTION.sub("", body))
        if field[1] in known - always
    )
    yield from _left_out(ours[level], body)


def _left_out(original: str, body: str) -> Iterator[Fault]:
    """Name what the original cannot do without: a reminder without its day and time is none."""
    given: dict[str, set[str]] = defaultdict(set)
    for name, pattern in FIELD.findall(body):
        given[name].add(pattern or "day")
    for field in FIELD.finditer(OPTION.sub("", original)):
        name, pattern = field[1], field[2]
        if name not in given and name not in _MAY_BE_DROPPED:
            yield Fault("missing_field", field[0])
        elif name in given and pattern == "day" and not _tells_when(given[name]):
            yield Fault("missing_day", field[0])


def _tells_when(patterns: set[str]) -> bool:
    return bool(patterns & {"day", "short"}) or {"date", "time"} <= patterns


def _of_words(key: Key, body: str, names: Iterable[str]) -> Iterator[Fault]:
    kind, language, level = key
    original = originals(kind, language)[level]
    yield from (Fault("must_say", said) for said in _unsaid(key, original, body))
    # Names that our own words say as well ("Next", of a meeting called Next) tell nothing.
    telling = [name for name in names if name.casefold() not in original.casefold()]
    yield from faults_in(_literal(body), names=telling, is_discreet=level == Level.DISCREET)
    parts = parts_allowed(kind, language, level)
    if segments.is_gsm7(body) and segments.count(longest(key, body)) > parts:
        yield Fault("too_long", str(parts))


def _unsaid(key: Key, original: str, body: str) -> list[str]:
    kind, language, _ = key
    phrases = [said for said in MUST_SAY.get(kind, {}).get(language, ()) if said.casefold() not in body.casefold()]
    kept = {_SAME.get(word, word) for word in _COMMANDS.findall(body)}
    words = [word for word in dict.fromkeys(_COMMANDS.findall(original)) if _SAME.get(word, word) not in kept]
    senders = ["{sender}"] if kind in MUST_SAY and "{sender}" not in body else []
    return [*senders, *phrases, *words]


def _literal(body: str) -> str:
    """Give what own words say by themselves, whatever is filled in."""
    return tidy(FIELD.sub(" ", body.replace("[", " ").replace("]", " ")))


def _written(field: re.Match[str]) -> str:
    return field[0]
