"""What is wrong with words that staff typed, said so that they know what to do."""

from collections.abc import Iterable

from flask_babel import gettext as _

from aftercare.messaging.free_words import Fault

_MOST_SAID = 3
_LONGEST_DETAIL = 60


def sentence(faults: Iterable[Fault]) -> str:
    """Say the first few of these faults; nothing if there are none."""
    return " ".join(list(dict.fromkeys(map(said, faults)))[:_MOST_SAID])


def said(fault: Fault) -> str:
    """Say one fault, and what to do about it."""
    part = fault.detail[:_LONGEST_DETAIL]
    return (_of_template(part) | _of_words(part))[fault.code]


def _of_template(part: str) -> dict[str, str]:
    return {
        "empty": _("Write the text."),
        "braces": _("Close each { with a }, like {when:day}."),
        "brackets": _("Close each [ with a ], and put no [ inside another."),
        "idle_brackets": _("Take the brackets off %(part)s: nothing in it can be missing.", part=part),
        "strange_field": _("Write %(part)s as it stands in the list of what you can fill in.", part=part),
        "unknown_field": _("Take out %(part)s: this text does not know it. Choose from the list.", part=part),
        "may_be_missing": _("Put %(part)s in [ ], with what belongs to it: it is not always known.", part=part),
        "missing_field": _("Put in %(part)s: without it nobody knows what the text is about.", part=part),
        "missing_day": _("Write %(part)s, so that the text tells the day and the time.", part=part),
        "must_say": _("Keep the words “%(part)s”: people must be told.", part=part),
        "too_long": _("Make it shorter: it may be this many parts at its longest: %(part)s.", part=part),
    }


def _of_words(part: str) -> dict[str, str]:
    return {
        "letter": _("Write it without “%(part)s”: a text cannot hold this letter in its small alphabet.", part=part),
        "link": _("Take out “%(part)s”: texts hold no links and no addresses.", part=part),
        "forbidden": _("Say it without “%(part)s”: whoever sees the phone could guess what it is about.", part=part),
        "name": _("Take out “%(part)s”: it is somebody's name.", part=part),
        "carrier_word": _(
            "Do not ask for “%(part)s” as an answer: the phone company takes it for itself. Ask for Y or N.", part=part
        ),
        "not_understood": _("Ask for a word that we understand, like Y, N, CALL or HELP, not “%(part)s”.", part=part),
        "read_as_stop": _(
            "Whoever sends this text back by mistake would end their texts. Write it like: STOP to end texts."
        ),
        "read_as_crisis": _("Whoever sends this text back would raise an alarm. Say it in other words."),
    }
