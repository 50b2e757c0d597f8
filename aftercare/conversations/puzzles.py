"""What is no word of ours: a tap on a text, a picture, or what we do not understand. We own up to it, and not often."""

from aftercare.conversations import errands
from aftercare.conversations.talk import Reply, Talk
from aftercare.core import throttle
from aftercare.messaging import inbound_texts

HOUR = 3600
NOT_UNDERSTOOD_AN_HOUR = 3


def other(talk: Talk) -> Reply | None:
    """Own up to not understanding; after two in a row somebody of staff is asked to read them."""
    if talk.word.in_crisis:
        return None
    if talk.inbound.body.strip() and inbound_texts.same_in_a_row(talk.inbound) == 2:
        errands.ask_to_read(talk)
    if talk.inbound.media_count and _may_say("picture", talk, times=1):
        return Reply("picture")
    return Reply("unknown") if _may_say("not-understood", talk, times=NOT_UNDERSTOOD_AN_HOUR) else None


def tapped(talk: Talk) -> Reply | None:
    """Take no tap for a promise: say, once an hour, how to answer what was asked."""
    is_asked = talk.about_a_date is not None and not talk.about_a_date.is_answered
    return Reply("tapped") if is_asked and not talk.word.in_crisis and _may_say("tapped", talk, times=1) else None


def _may_say(what: str, talk: Talk, *, times: int) -> bool:
    key = f"{what}:{talk.inbound.number_hash.hex()}"
    return not throttle.seconds_to_wait(key, times=times, per_seconds=HOUR)
