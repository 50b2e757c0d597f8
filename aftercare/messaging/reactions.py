"""Taps on a text, and signs in place of words (law). A phone that sends no taps spells them: `Liked “See you Tue.”`."""

import re

from aftercare.messaging.vocabulary import Verb

_QUOTED = r"\s*[“\"«„].+[”\"»“]?"
_SAID = "|".join(
    (
        "liked|loved|disliked|laughed at|emphasi[sz]ed|questioned",
        "removed an? (?:like|heart|dislike|laugh|exclamation|question mark)s? from",
        r"(?:reacted|reaccion[oó]) \S+ (?:to|a)|reacted with \S+ to|removed \S+ from",
        "le gust[oóaá]|me gusta|le encant[oóaá]|me encanta|no le gust[oóaá]|no me gusta|le disgust[oó]",
        "se (?:ri[oó]|r[ií]e) (?:de|con)|puso [eé]nfasis en|enfatiz[oó]|cuestion[oó]|pregunt[oó] por",
        'quit[oó] (?:un|una) [^“"«„]{1,30} (?:de|a)',
    )
)
# A picture letter, then a quotation: Google Messages.
_BY_SIGN = r"[^\w\s“\"«„]{1,12}\s*(?:to|a)"
_TAP = re.compile(rf"(?:{_SAID}|{_BY_SIGN}){_QUOTED}", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_YES = frozenset("👍👌✅✔☑🆗🙋")
_STOP = frozenset("🛑⛔")
_NO = frozenset("👎❌✖🚫🙅✗✘")
# Skin tones, the joiner, presentation marks, and who is pictured change nothing of what is meant.
_DRESS = re.compile(r"[\U0001f3fb-\U0001f3ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff♀♂\s.!]")


def is_tap(text: str) -> bool:
    """Tell whether a text is a phone's way to say that somebody tapped on one of ours."""
    return _TAP.match(_UNSEEN.sub("", text).strip()) is not None


def by_sign(text: str) -> Verb | None:
    """Read a thumb or a check mark that stands for the whole text as yes or no, and a stop sign; None for others."""
    signs = set(_DRESS.sub("", text))
    if signs and signs <= _YES:
        return Verb.YES
    if signs and signs <= _STOP:
        return Verb.STOP
    return Verb.NO if signs and signs <= _NO else None
