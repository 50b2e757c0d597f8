"""Sentences in a note that say when a weekly meeting is not weekly: found, shown, never obeyed (meeting-guide.md 2)."""

import re

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
