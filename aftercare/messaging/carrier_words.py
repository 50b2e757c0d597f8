"""Which words the carrier answers by itself (law: twilio-and-rules.md 5): what it answers, we do not answer again.

With Advanced Opt-Out it says so in `OptOutType`. Without, Twilio answers these single words on long codes and toll-free
numbers; on short codes of one's own it answers none. YES is one of them only for a number that it blocks.
"""

import re
from enum import StrEnum


class Answered(StrEnum):
    """What the carrier took a word for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_WORDS = {
    Answered.STOP: frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"}),
    Answered.START: frozenset({"start", "unstop"}),
    Answered.HELP: frozenset({"help", "info"}),
}
_YES = "yes"
_TOLL_FREE = re.compile(r"\+?18(?:00|33|44|55|66|77|88)\d{7}")
_SHORT_CODE = re.compile(r"\d{5,6}")
# On toll-free numbers the network answers STOP, START and UNSTOP; it knows no other words.
_BY_NETWORK = frozenset({"stop", "start", "unstop"})


def answered(
    body: str, *, sent_to: str, opt_out_type: str | None, is_blocked: bool, answers_words: bool
) -> Answered | None:
    """Say what the carrier has answered a text as; None if it leaves the answer to us.

    `is_blocked`: it lets nothing of ours through to the number. `answers_words`: it takes its own words for itself.
    """
    if opt_out_type is not None and opt_out_type in Answered.__members__:
        return Answered(opt_out_type)
    word = body.strip().casefold()
    if not answers_words or _SHORT_CODE.fullmatch(sent_to):
        return None
    if _TOLL_FREE.fullmatch(sent_to) and word not in _BY_NETWORK | _WORDS[Answered.HELP]:
        return None
    if word == _YES:
        return Answered.START if is_blocked else None
    return next((kind for kind, words in _WORDS.items() if word in words), None)
