"""Spell a text for a reader, and tell what a discreet one must not say (law: messaging.md, product.md 7.5)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from aftercare.messaging import moments
from aftercare.messaging.catalogue import CATALOGUE
from aftercare.messaging.keywords import fold
from aftercare.messaging.segments import to_gsm7
from aftercare.messaging.spoken import Text
from aftercare.messaging.vocabulary import any_of, listed


class Level(StrEnum):
    """How much a text may say; discreet unless the person chose otherwise."""

    DISCREET = "discreet"
    PLAIN = "plain"


_DEFAULTS = {"en": {"hours": "on work days"}, "es": {"hours": "de lunes a viernes"}}
# Longer names are cut, so that a text stays in one part.
_LONGEST = {"sender": 16, "name": 30, "place": 20, "hours": 40, "street": 30, "item": 110}
OPTION = re.compile(r"\[([^\[\]]*)\]")
FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")

#: Kind, language and level of a text.
Key = tuple[str, str, str]
#: What an organisation says in words of its own, by kind, language and level.
OwnWords = Mapping[Key, str]
NO_WORDS: OwnWords = {}


class _Moment:
    """A wall time that a text spells by a named pattern."""

    def __init__(self, wall: datetime, language: str) -> None:
        if wall.tzinfo is UTC:
            raise ValueError("Give the reader's wall time, not UTC.")
        self._wall = wall.replace(tzinfo=None)
        self._language = language

    def __format__(self, pattern: str) -> str:
        return moments.spell(self._wall, pattern or "day", self._language)


def render(
    key: str,
    language: str,
    level: str = Level.DISCREET,
    *,
    own_words: OwnWords = NO_WORDS,
    among: Mapping[str, Text] = CATALOGUE,
    **values: object,
) -> str:
    """Spell one text of the catalogue in GSM-7; moments are wall times in the zone that the reader should see.

    A plain text without a meeting's `name` falls back on the discreet one. Values that a text does not use are ignored.
    An organisation's own words go first; those that lack a value by now give way to ours.
    """
    language = language if language in _DEFAULTS else "en"
    given = _DEFAULTS[language] | {name: _spelled(name, value, language) for name, value in values.items()}
    is_plain = level == Level.PLAIN and bool(given.get("name"))
    for template in _templates(among[key], (key, language), own_words, is_plain=is_plain):
        if _can_fill(template, given):
            return _filled(template, given)
    raise KeyError(f"The text {key} lacks a value.")


def originals(key: str, language: str) -> dict[str, str]:
    """Give our own words for a text, by level; a text without a plain form reads the same at both."""
    return _by_level(CATALOGUE[key], language)


def _by_level(text: Text, language: str) -> dict[str, str]:
    discreet, plain = (text.es, text.plain_es) if language == "es" else (text.en, text.plain_en)
    return {Level.DISCREET.value: discreet} | ({Level.PLAIN.value: plain} if plain else {})


def _templates(text: Text, name: tuple[str, str], own_words: OwnWords, *, is_plain: bool) -> Iterator[str]:
    ours = _by_level(text, name[1])
    level = Level.PLAIN if is_plain and Level.PLAIN in ours else Level.DISCREET
    if (*name, level) in own_words:
        yield own_words[*name, level]
    yield ours[level]


def _can_fill(template: str, given: Mapping[str, object]) -> bool:
    bare = FIELD.sub("", template)
    is_whole = not set("{}") & set(bare) and not set("[]") & set(OPTION.sub("", bare))
    has_all = all(field in given for field, _ in FIELD.findall(OPTION.sub("", template)))
    fields = FIELD.findall(template)
    return is_whole and has_all and all(_is_spelled_so(given[name], by) for name, by in fields if name in given)


def _is_spelled_so(value: object, pattern: str) -> bool:
    return not pattern or (isinstance(value, _Moment) and pattern in moments.PATTERNS)


def _filled(template: str, given: Mapping[str, object]) -> str:
    kept = OPTION.sub(lambda option: _kept(option[1], given), template)
    spelled = FIELD.sub(lambda field: format(given[field[1]], field[2] or ""), kept)
    # A Spanish time ends in a full stop of its own.
    return spelled.replace(".m..", ".m.")


def _spelled(name: str, value: object, language: str) -> object:
    if isinstance(value, datetime):
        return _Moment(value, language)
    if value is None:
        return ""
    one_line = " ".join(to_gsm7(str(value)).split())
    return one_line[: _LONGEST[name]].rstrip(" ,-") if name in _LONGEST else one_line


def _kept(option: str, given: Mapping[str, object]) -> str:
    return option if all(given.get(field) for field, _ in FIELD.findall(option)) else ""


_FORBIDDEN = any_of(
    listed("""
        recover* | sober* | sobri* | aa | na | a a | n a | ca | oa | al anon | alanon | alateen | nar anon | naranon |
        anonym* | 12 step* | twelve step* | step study | big book | higher power | serenity | fellowship* | sponsor* |
        rehab* | detox* | withdrawal | drug* | alcohol* | drink* | drunk* | opioid* | opiate* | heroin* | fentanyl* |
        cocaine | meth | methadone | methamphetamine* | suboxone | buprenorphine | naltrexone | vivitrol | naloxone |
        narcan | cannabis | marijuana | substance* | overdos* | addict* | abus* | relaps* | lapse* | clean |
        treatment* | clinic* | hospital* | outpatient | inpatient | aftercare | discharge* | counsel* | therap* |
        psych* | mental health | behavioral health | behavioural health | patient* | group* | meeting* | dependenc* |
        recupera* | abstin* | anonim* | doce pasos | 12 pasos | poder superior | serenidad | desintox* | droga* |
        drogadic* | beber | bebida* | borrach* | tratamiento* | adicc* | adict* | recaid* | recaer | recai | grupo* |
        reunion* | junta | juntas | terapi* | consejer* | psiqui* | psico* | paciente* | padrino | madrina | metadona |
        cocaina | marihuana | heroina | sustancia* | sobredosis | salud mental | dependient* |
        smartrecover* | homegroup* | twelvestep* | twelve stepp* | stepwork* | step work | sponsee* | craving* |
        halfway house* | half way house* | recovery house* | probation* | parole* | court order* | court date* |
        dui | duis | dwi | iop | oud | aud | sud | urine | urinalysis | ua | uas | pill | pills | pillbox |
        prescription* | medication* | weed | vodka | whiskey | tequila | liquor | beer | beers | hiv | hepatitis |
        hep c | depression | depressed | anxiety | suicid* | overdose* |
        ahijad* | libertad condicional | casa de medio camino | orden judicial | orina | pastilla* | medicamento* |
        cerveza* | antojo* | vih | sida | depresion | ansiedad
    """)
)
# "re-hab", "SMARTrecovery".
_HYPHEN = re.compile(r"(?<=\w)[-\u2010-\u2015](?=\w)")
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{2})(?=[a-z]{3})")


def forbidden_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """List what a text says that could tell why somebody gets it: condition words, and the names that are given."""
    folded = fold(text)
    named = [spelled for spelled in map(fold, names) if spelled and f" {spelled} " in f" {folded} "]
    found = _FORBIDDEN.findall(folded)
    respelled = [_FORBIDDEN.findall(fold(pattern.sub(by, text))) for pattern, by in ((_HYPHEN, ""), (_GLUED, " "))]
    hidden = [word for words in respelled for word in words if word not in found]
    return found + list(dict.fromkeys(hidden)) + named
