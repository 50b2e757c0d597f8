"""90 meetings in 90 days: a pace, not a test (product.md section 5). Nobody passes it, and nobody does not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MEETINGS = 90
DAYS = 90


class Pace(StrEnum):
    """How the meetings so far compare to one a day."""

    DONE = "done"
    AHEAD = "ahead"
    EVEN = "even"
    OWN = "own"
    OVER = "over"


@dataclass(frozen=True)
class Ninety:
    """Where somebody stands: meetings done, days gone (today is one of them), meetings still to go, and the pace."""

    done: int
    days_gone: int
    to_go: int
    days_left: int
    pace: Pace


def ninety_of(begun_on: date, attended: Collection[date], *, today: date) -> Ninety:
    """Say where somebody stands in the 90 days that begin on a day; two meetings on one day are two."""
    last_day = min(today, begun_on + timedelta(days=DAYS - 1))
    done = sum(begun_on <= day <= last_day for day in attended)
    gone = max(0, (today - begun_on).days + 1)
    return Ninety(
        done=done,
        days_gone=min(gone, DAYS),
        to_go=max(0, MEETINGS - done),
        days_left=max(0, DAYS - gone),
        pace=_pace(done, gone),
    )


def in_words(found: Ninety, language: str) -> str:
    """Say where somebody stands in one or two sentences, without a zero and without a judgement."""
    words = _WORDS["es" if language.lower().startswith("es") else "en"]
    if not found.done:
        return words["over" if found.pace == Pace.OVER else "new"]
    many = "" if found.done > 1 else "_one"
    told = words[f"told{many}"].format(done=found.done)
    return f"{told} {words[found.pace].format(to_go=found.to_go)}"


def _pace(done: int, gone: int) -> Pace:
    if done >= MEETINGS:
        return Pace.DONE
    if gone > DAYS:
        return Pace.OVER
    if done > gone:
        return Pace.AHEAD
    # Today is not over: whoever came on every day before it is where one a day would be.
    return Pace.EVEN if done >= gone - 1 else Pace.OWN


_WORDS = {
    "en": {
        "new": "Your 90 days are here. Start with any meeting you like.",
        "told": "You came to {done} meetings.",
        "told_one": "You came to 1 meeting.",
        "done": "That makes 90. Well done.",
        "ahead": "You are ahead of one a day. {to_go} to go.",
        "even": "That is one a day. {to_go} to go.",
        "own": "You go at your own pace. {to_go} to go.",
        "over": "Your 90 days are over. You can start again any day.",
    },
    "es": {
        "new": "Aquí están tus 90 días. Empieza con la reunión que quieras.",
        "told": "Fuiste a {done} reuniones.",
        "told_one": "Fuiste a 1 reunión.",
        "done": "Ya son 90. Bien hecho.",
        "ahead": "Vas a más de una por día. Quedan {to_go}.",
        "even": "Es una por día. Quedan {to_go}.",
        "own": "Vas a tu propio paso. Quedan {to_go}.",
        "over": "Tus 90 días terminaron. Puedes empezar de nuevo cualquier día.",
    },
}
