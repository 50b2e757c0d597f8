"""A patient's sentence about what they promise and allow, read and said again in English and Spanish (issue 5).

What is not understood is not guessed: `read` gives None, and the form asks step by step. What is understood is said
again with every day in it, and only that is agreed to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from aftercare.recovery.agreement import Act, Sentence, Step

MOST_MISSED, MOST_MEETINGS, MOST_DAYS, MOST_STEPS = 10, 21, 30, 5
LONGEST = 300
#: So long after the step before it comes a step of which nothing is said: time to answer.
UNSAID_DAYS = 2


@dataclass(frozen=True)
class Promise:
    """So many meetings a week."""

    meetings_a_week: int


@dataclass(frozen=True)
class SaidStep:
    """A step as it was said: the act, so many days after the one before, and whom to tell in the patient's words."""

    act: Act
    after_days: int
    whom: str | None = None


@dataclass(frozen=True)
class Condition:
    """If so many are missed in a row, these steps."""

    missed: int
    steps: tuple[SaidStep, ...]


Meaning = Promise | Condition


def read(words: str) -> Meaning | None:
    """Understand a sentence in either language; None if any of it is not understood, or asks for too much."""
    said = " ".join(words.split()).rstrip(".! ").replace("\u2019", "'")
    if len(said) > LONGEST:
        return None
    meanings = (
        meaning for tongue in (_ENGLISH, _SPANISH) for meaning in (_promise(said, tongue), _condition(said, tongue))
    )
    return next((meaning for meaning in meanings if meaning), None)


def in_words(meaning: Meaning, language: str) -> str:
    """Say a meaning as a sentence that can be agreed to, and read again."""
    tongue = _SPANISH if language.lower().startswith("es") else _ENGLISH
    if isinstance(meaning, Promise):
        return tongue.promises[meaning.meetings_a_week > 1].format(meaning.meetings_a_week)
    steps = [_said(step, is_first=not place, tongue=tongue) for place, step in enumerate(meaning.steps)]
    return tongue.conditions[meaning.missed > 1].format(meaning.missed, tongue.then.join(steps))


def sentence_of(condition: Condition, *, sentence_id: UUID, words: str, people: Mapping[str, UUID]) -> Sentence:
    """Make the sentence of an agreement: `people` says who each person is whom the patient named. Raises KeyError."""
    steps = (
        Step(step.act, step.after_days, people[step.whom] if step.whom is not None else None)
        for step in condition.steps
    )
    return Sentence(sentence_id, words, condition.missed, tuple(steps))


@dataclass(frozen=True)
class _Tongue:
    """How one language says the parts: patterns to read, and sentences to say (one, several)."""

    numbers: Mapping[str, int]
    promise: str
    condition: str
    separator: str
    wait: str
    next_day: tuple[str, ...]
    acts: Mapping[Act, str]
    promises: tuple[str, str]
    conditions: tuple[str, str]
    then: str
    waits: tuple[str, str]
    steps: Mapping[Act, str]


_NUMBER = r"(?P<number>\w+)"
_WHOM = r"(?P<whom>[^,;\d]{1,60}?)"
_ENGLISH = _Tongue(
    numbers={"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7},
    promise=rf"(?:i(?: will|'ll)? (?:come|go) to )?{_NUMBER}(?: meetings?| groups?)? (?:a|per|each|every) week",
    condition=rf"if i miss {_NUMBER}(?: meetings?| groups?)?(?: in a row)?,? (?P<steps>.+)",
    separator=r",? (?:and )?then,? |, and |, | and ",
    wait=r"after \w+ days?|\w+ days? later|the next day",
    next_day=("the next day",),
    acts={Act.TEXT: r"(?:text me|send me a text)", Act.CALL: r"(?:call me|give me a call)", Act.TELL: rf"tell {_WHOM}"},
    promises=("{} meeting a week.", "{} meetings a week."),
    conditions=("If I miss {} meeting, {}.", "If I miss {} meetings in a row, {}."),
    then=", then ",
    waits=("the next day ", "{} days later "),
    steps={Act.TEXT: "text me", Act.CALL: "call me", Act.TELL: "tell {}"},
)
_SPANISH = _Tongue(
    numbers={"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7},
    promise=rf"(?:(?:voy|ir[eé]) a )?{_NUMBER}(?: reuni[oó]n(?:es)?| grupos?)? (?:por|a la|cada) semana",
    condition=rf"si (?:falto|no voy) a {_NUMBER}(?: reuni[oó]n(?:es)?| grupos?)?(?: seguid[oa]s)?,? (?P<steps>.+)",
    separator=r",? (?:y )?(?:luego|(?<!d[ií]as )(?<!d[ií]a )despu[eé]s(?! de)),? |, y |, | y ",
    wait=r"a los \w+ d[ií]as|despu[eé]s de \w+ d[ií]as?|\w+ d[ií]as? despu[eé]s|al d[ií]a siguiente",
    next_day=("al día siguiente", "al dia siguiente"),
    acts={
        Act.TEXT: r"(?:escr[ií]beme|m[aá]ndame un (?:mensaje|texto))",
        Act.CALL: r"(?:ll[aá]mame)",
        Act.TELL: rf"(?:avisa|av[ií]sale|dile) a {_WHOM}",
    },
    promises=("{} reunión por semana.", "{} reuniones por semana."),
    conditions=("Si falto a {} reunión, {}.", "Si falto a {} reuniones seguidas, {}."),
    then=", luego ",
    waits=("al día siguiente ", "a los {} días "),
    steps={Act.TEXT: "escríbeme", Act.CALL: "llámame", Act.TELL: "avisa a {}"},
)


def _promise(said: str, tongue: _Tongue) -> Promise | None:
    found = _whole(tongue.promise, said)
    number = _number(found["number"], tongue, most=MOST_MEETINGS) if found else None
    return Promise(number) if number else None


def _condition(said: str, tongue: _Tongue) -> Condition | None:
    found = _whole(tongue.condition, said)
    missed = _number(found["number"], tongue, most=MOST_MISSED) if found else None
    if found is None or not missed:
        return None
    parts = re.split(tongue.separator, found["steps"], flags=re.IGNORECASE)
    steps = [_step(part, is_first=not place, tongue=tongue) for place, part in enumerate(parts)]
    understood = tuple(step for step in steps if step is not None)
    return Condition(missed, understood) if len(understood) == len(steps) <= MOST_STEPS else None


def _step(part: str, *, is_first: bool, tongue: _Tongue) -> SaidStep | None:
    for act, pattern in tongue.acts.items():
        found = _whole(rf"(?:(?P<before>{tongue.wait}),? )?{pattern}(?:,? (?P<after>{tongue.wait}))?", part)
        if found:
            said = found.groupdict()
            days = _days([said[side] for side in ("before", "after") if said[side]], is_first=is_first, tongue=tongue)
            return None if days is None else SaidStep(act, days, said.get("whom"))
    return None


def _days(waits: list[str], *, is_first: bool, tongue: _Tongue) -> int | None:
    if not waits:
        return 0 if is_first else UNSAID_DAYS
    if len(waits) > 1:
        return None
    if waits[0].lower() in tongue.next_day:
        return 1
    numbers = (_number(word, tongue, most=MOST_DAYS) for word in waits[0].split())
    return next((number for number in numbers if number), None)


def _said(step: SaidStep, *, is_first: bool, tongue: _Tongue) -> str:
    act = tongue.steps[step.act].format(step.whom)
    if is_first and not step.after_days:
        return act
    return tongue.waits[step.after_days > 1].format(step.after_days) + act


def _number(word: str, tongue: _Tongue, *, most: int) -> int | None:
    number = int(word) if word.isascii() and word.isdigit() else tongue.numbers.get(word.lower())
    return number if number is not None and 1 <= number <= most else None


def _whole(pattern: str, said: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, said, re.IGNORECASE)
