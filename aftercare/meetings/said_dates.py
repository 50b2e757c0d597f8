"""Dates and times as they are said: "June", "June 30, 2027", "30 de junio", "7 de la tarde", "7 to 8:30 PM"."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any, NoReturn

from dateutil.relativedelta import relativedelta

from aftercare.core.errors import Invalid
from aftercare.meetings.repeats import LAST, MONTH_DAYS, Unit
from aftercare.meetings.said_refusals import SENTENCES
from aftercare.meetings.said_words import Token

NOWHERE = Token("nothing", None, "")


@dataclass
class Sentence:
    """A sentence that is read word by word; nothing is skipped unseen."""

    tokens: Sequence[Token]
    today: date
    speaks: str
    as_written: Callable[[str], str]
    at: int = field(default=0)

    def peek(self, ahead: int = 0) -> Token:
        """Give a word that is still to come."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else NOWHERE

    def kinds(self, *kinds: str) -> bool:
        """Tell whether the next words are of these kinds, each named as "one|another"."""
        return all(self.peek(n).kind in kind.split("|") for n, kind in enumerate(kinds))

    def take(self) -> Token:
        """Read a word."""
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *kinds: str) -> bool:
        """Read over words of these kinds; say whether there was one."""
        begun = self.at
        while self.peek().kind in kinds:
            self.at += 1
        return self.at > begun

    def refuse(self, why: str, token: Token | None = None) -> NoReturn:
        """Say what cannot be understood, and why."""
        word = (token or self.peek()).word
        raise refusal(why if word or why == "nothing" else "nothing", self.as_written(word), self.speaks)


def refusal(why: str, word: str, speaks: str) -> Invalid:
    """Say what cannot be understood in the language of whoever said it."""
    sentence = SENTENCES[speaks][why].format(word)
    return Invalid(sentence, fields={"words": sentence}, code="words")


@dataclass(frozen=True)
class Clock:
    """A time of the day as it was said; `half` is "" where nobody can tell whether it is AM or PM."""

    hour: int
    minute: int
    half: str
    token: Token

    def with_half(self, half: str) -> "Clock":
        """Take the half of the day from what was said elsewhere, where this says none."""
        return self if self.half else Clock(self.hour, self.minute, half, self.token)


def clock_of(sentence: Sentence) -> Clock:
    """Read a time of the day."""
    token = sentence.take()
    hour, minute, half = token.value if token.kind == "clock" else (token.value, 0, "")
    if token.kind == "number" and (hour > 12 or hour == 0):
        half = "24"
    if not half and sentence.kinds("half"):
        half = sentence.take().value
    if minute > 59 or hour > (23 if half == "24" else 12) or (half in {"am", "pm"} and hour == 0):
        sentence.refuse("clock", token)
    return Clock(hour, minute, half, token)


def time_of(clock: Clock, sentence: Sentence) -> time:
    """Give the time of the day; refuse one that may be AM or PM."""
    if not clock.half:
        sentence.refuse("half", clock.token)
    hour = clock.hour if clock.half == "24" else clock.hour % 12 + (12 if clock.half == "pm" else 0)
    return time(hour, clock.minute)


def is_day(sentence: Sentence) -> bool:
    """Tell whether the next words are a date."""
    begin = ("the",) if sentence.kinds("the") else ()
    figures = [*begin, "day"], [*begin, "number|ordinal", "month"], [*begin, "number|ordinal", "of", "month"]
    is_month_first = sentence.kinds("month", "number|ordinal") and sentence.peek(1).value <= 31
    return is_month_first or any(sentence.kinds(*kinds) for kinds in figures)


def is_soon(sentence: Sentence) -> bool:
    """Tell whether the next words are a day that is counted from today: "tomorrow", "next Tuesday"."""
    ahead = replace(sentence)
    ahead.skip("the")
    return sentence.kinds("soon") or (ahead.kinds("next", "weekdays") and len(ahead.peek(1).value) == 1)


def soon(sentence: Sentence) -> date:
    """Read a day that is counted from today; "next Tuesday" is the first one after it."""
    if sentence.kinds("soon"):
        return sentence.today + timedelta(days=sentence.take().value)
    sentence.skip("the", "next")
    [weekday] = sentence.take().value
    return sentence.today + timedelta(days=(weekday - sentence.today.weekday() - 1) % 7 + 1)


def last_day(first: date, number: int, unit: Unit) -> date:
    """Give the last day of so many days, weeks, months or years from the first."""
    lengths = {"day": relativedelta(days=1), "week": relativedelta(weeks=1), "month": relativedelta(months=1)}
    return first + number * lengths.get(unit, relativedelta(years=1)) - timedelta(days=1)


def day_of(sentence: Sentence) -> date:
    """Read a date; without a year it is the next such day."""
    sentence.skip("the")
    if sentence.kinds("day"):
        token = sentence.take()
        return _made(sentence, token, *token.value)
    begun = sentence.peek()
    if sentence.kinds("month"):
        month, number = sentence.take().value, sentence.take().value
    else:
        number = sentence.take().value
        sentence.skip("of")
        if not sentence.kinds("month"):
            sentence.refuse("unknown")
        month = sentence.take().value
    if year := year_of(sentence):
        return _made(sentence, begun, year, month, number)
    found = _made(sentence, begun, 2000, month, number)
    years = (sentence.today.year + n for n in range(9))
    return next(day for year in years if (day := _on(year, found)) and day >= sentence.today)


def month_end(sentence: Sentence) -> date:
    """Read a month, and give its last day; without a year it is the next that is not over."""
    sentence.skip("the", "end", "of")
    if sentence.kinds("unit") and sentence.peek().value == "year":
        sentence.take()
        return date(sentence.today.year, 12, 31)
    if not sentence.kinds("month"):
        sentence.refuse("unknown")
    month = sentence.take().value
    year = year_of(sentence)
    if not year:
        year = sentence.today.year + (month < sentence.today.month)
    return date(year, month, calendar.monthrange(year, month)[1])


def year_of(sentence: Sentence) -> int | None:
    """Read a year, if the next words are one."""
    ahead = 1 if sentence.kinds("comma|of") else 0
    token = sentence.peek(ahead)
    if token.kind != "number" or not 1970 <= token.value <= 2900:
        return None
    sentence.at += ahead + 1
    return int(token.value)


def month_day(sentence: Sentence) -> int:
    """Read a day of the month: "15th", "15", "the last day"."""
    sentence.skip("the")
    token: Any = sentence.take()
    if token.value not in MONTH_DAYS:
        sentence.refuse("day", token)
    if sentence.kinds("unit") and sentence.peek().value == "day":
        sentence.take()
    elif token.value == LAST:
        sentence.refuse("unknown")
    return int(token.value)


def _made(sentence: Sentence, token: Token, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        sentence.refuse("day", token)


def _on(year: int, day: date) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None
