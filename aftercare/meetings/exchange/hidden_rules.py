"""Sentences in a note that say when a weekly meeting is not weekly: found, shown, never obeyed (meeting-guide.md 2)."""

import re

from aftercare.meetings.repeats import LAST, Repeat, write_rule

DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weeks?"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bados?|domingos?"
)
NTH = (
    r"1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|last|every\s+other|alternate|even|odd"
    r"|primer[oa]?s?|segund[oa]s?|tercer[oa]?s?|cuart[oa]s?|[úu]ltim[oa]s?"
)
ONLY_SOME = re.compile(rf"\b(?:{NTH})\b[^.\n]{{0,30}}?\b(?:{DAYS})\b", re.IGNORECASE)
NOT_THEN = re.compile(
    r"\b(?:no\s+meetings?\s+(?:on|in|the|during|last|this|if)|except\s+(?:on|the|for)|starts?\s+(?:on\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|not\s+meeting|no\s+hay\s+(?:reuni[óo]n|junta)|excepto)\b",
    re.IGNORECASE,
)
# What the group does on such a day beside its meeting changes nothing about the meeting.
BESIDE = re.compile(
    r"business|birthday|potluck|speaker|spkr|discussion|topic|steps?|chips?|anniversar|tradition|servicio|negocios|celebrat|eating|group\s+conscience",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?]\s+|\n+")


def find_rule(text: str | None) -> str | None:
    """Give the first sentence of a note that seems to change when the meeting is held."""
    if not text or not (ONLY_SOME.search(text) or NOT_THEN.search(text)):
        return None
    for said in SENTENCE_END.split(text):
        if NOT_THEN.search(said) or (ONLY_SOME.search(said) and not BESIDE.search(said)):
            return said.strip()
    return None


NUMBERS = {
    1: r"1st|first|primer[oa]?s?|1er|1\.?[ªº]",
    2: r"2nd|second|segund[oa]s?|2\.?[ªº]",
    3: r"3rd|third|tercer[oa]?s?|3er|3\.?[ªº]",
    4: r"4th|fourth|cuart[oa]s?|4\.?[ªº]",
    5: r"5th|fifth|quint[oa]s?|5\.?[ªº]",
    LAST: r"last|[úu]ltim[oa]s?",
}
DAY_WORDS = (
    r"mondays?|lunes", r"tuesdays?|martes", r"wednesdays?|mi[ée]rcoles", r"thursdays?|jueves", r"fridays?|viernes",
    r"saturdays?|s[áa]bados?", r"sundays?|domingos?",
)  # fmt: skip
# What makes of a day that is named the only one on which people meet.
ONLY = re.compile(
    r"\b(?:only|meets?|meeting\s+(?:occurs|is\s+held)|held|s[óo]lo|solamente|se\s+re[úu]ne)\b", re.IGNORECASE
)
# With any of these nobody can say from the sentence alone which dates are meant.
UNSURE = re.compile(
    r"\b(?:or|o|typically|usually|if|except|every\s+other|alternate|even|odd|no|not|sin|excepto|weeks?|semanas?"
    r"|business|online|zoom|open|closed|newcomers?|welcome|at\s+\d|to\s+\d|a\s+las)\b",
    re.IGNORECASE,
)
FEW_WORDS = 4


def read_rule(said: str, weekdays: tuple[int, ...]) -> str | None:
    """Law: give the rule that a sentence tells of a meeting on one weekday; None where it leaves any doubt."""
    if len(weekdays) != 1 or UNSURE.search(said) or not (ONLY.search(said) or len(said.split()) <= FEW_WORDS):
        return None
    named = {day for day, words in enumerate(DAY_WORDS) if re.search(rf"\b(?:{words})\b", said, re.IGNORECASE)}
    nths = [nth for nth, words in NUMBERS.items() if re.search(rf"(?<!\w)(?:{words})(?!\w)", said, re.IGNORECASE)]
    if not nths or not named <= set(weekdays):
        return None
    return write_rule(Repeat(unit="month", weekdays=weekdays, nth=nths[0], also=tuple(nths[1:])))
