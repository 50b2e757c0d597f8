"""The part of a sentence that says how often, and on which days: "every other Tuesday", "el último viernes"."""

from dataclasses import replace

from aftercare.meetings import said_dates
from aftercare.meetings.repeats import LAST, MONTH_DAYS, NTHS, Repeat, Unit, in_order
from aftercare.meetings.said_dates import Sentence
from aftercare.meetings.said_words import Token

#: Which of the weekdays, which weekdays; or which days of a month.
Items = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def read(sentence: Sentence) -> Repeat | None:
    """Read how a meeting repeats; None if the next words say something else."""
    begun = sentence.at
    sentence.skip("on")
    if sentence.kinds("of", "weekdays", "to"):
        sentence.take()
    is_every = sentence.skip("every")
    sentence.skip("the")
    repeat = _every(sentence) if is_every else _days(sentence)
    if repeat is None:
        sentence.at = begun
    return repeat


def _every(sentence: Sentence) -> Repeat | None:
    """Read what follows "every": so many days, weeks, months or years; weekdays; or weeks of the month."""
    if sentence.kinds("month") or (said_dates.is_day(sentence) and not sentence.kinds("day")):
        return _of_year(sentence, 1)
    if sentence.kinds("ordinal") and not _is_interval(sentence):
        return _of_any_month(sentence)
    every = sentence.take().value if sentence.kinds("number|ordinal", "unit|weekdays") else 1
    if sentence.kinds("unit"):
        return _by_unit(sentence, every, sentence.take().value)
    return Repeat(every, weekdays=weekdays(sentence)) if sentence.kinds("weekdays") else None


def _is_interval(sentence: Sentence) -> bool:
    """Tell "every second Tuesday", which is every other, from "every second Tuesday of the month"."""
    if not sentence.kinds("ordinal", "unit|weekdays") or sentence.peek().value < 0:
        return False
    if sentence.kinds("ordinal", "unit"):
        return True
    after = sentence.peek(2).kind
    return sentence.peek().value == 2 and after not in {"of", "and"}


def _by_unit(sentence: Sentence, every: int, unit: Unit) -> Repeat | None:
    if unit == "day":
        return Repeat(every, "day")
    if unit == "week":
        sentence.skip("on", "the")
        return Repeat(every, weekdays=weekdays(sentence)) if sentence.kinds("weekdays") else Repeat(every)
    if unit == "month":
        sentence.skip("on", "the")
        return _of_month(sentence, every, _items(sentence))
    sentence.skip("on", "of", "the")
    return _of_year(sentence, every)


def _of_year(sentence: Sentence, every: int) -> Repeat:
    """Read the day of the year: "March 8", "el último día de febrero", "the fourth Thursday of November"."""
    if sentence.kinds("month", "number|ordinal"):
        month = sentence.take().value
        return Repeat(every, "year", month=month, month_days=(said_dates.month_day(sentence),))
    named = sentence.take().value if sentence.kinds("month") else None
    sentence.skip("comma", "on", "the")
    if not sentence.kinds("number|ordinal"):
        sentence.refuse("unknown")
    items = _items(sentence)
    if named:
        return _in_month(every, named, items)
    sentence.skip("of", "every")
    if not sentence.kinds("month"):
        sentence.refuse("unknown")
    return _in_month(every, sentence.take().value, items)


def _in_month(every: int, month: int, items: Items) -> Repeat:
    nths, weekdays, numbers = items
    if numbers:
        return Repeat(every, "year", month=month, month_days=in_order(numbers))
    return Repeat(every, "year", weekdays, nths[0], also=nths[1:], month=month)


def _of_any_month(sentence: Sentence) -> Repeat:
    """Read days of every month, or weekdays of one: "the fourth Thursday of November", "of every year" may follow."""
    items = _items(sentence)
    ahead = replace(sentence)
    is_of = ahead.skip("of")
    ahead.skip("every")
    if not (items[1] and is_of and ahead.kinds("month")):
        return _of_month(sentence, 1, items)
    month = ahead.take().value
    sentence.at = ahead.at
    return _in_month(_years(sentence), month, items)


def _years(sentence: Sentence) -> int:
    ahead = replace(sentence)
    ahead.skip("comma", "of")
    is_every = ahead.skip("every", "the")
    every = ahead.take().value if ahead.kinds("number", "unit") else 1
    if not is_every or not ahead.kinds("unit") or ahead.take().value != "year":
        return 1
    sentence.at = ahead.at
    return int(every)


def _days(sentence: Sentence) -> Repeat | None:
    """Read days that stand alone: "Tuesdays", "Monday to Friday", "the first Monday of the month", "el día 15"."""
    if sentence.kinds("weekdays"):
        return Repeat(weekdays=weekdays(sentence))
    is_day_first = sentence.kinds("unit", "number|ordinal") and sentence.peek().value == "day"
    is_number = sentence.kinds("number", "of") and _is_months(replace(sentence, at=sentence.at + 1))
    return _of_any_month(sentence) if is_day_first or is_number or sentence.kinds("ordinal") else None


def weekdays(sentence: Sentence) -> tuple[int, ...]:
    """Read a list of weekdays, or from one to another."""
    days = set(sentence.take().value)
    if sentence.kinds("to", "weekdays"):
        sentence.take()
        first, last = min(days), sentence.take().value[0]
        return tuple(sorted((first + n) % 7 for n in range((last - first) % 7 + 1)))
    while _is_more(sentence, "weekdays"):
        sentence.skip("comma", "and", "the")
        days |= set(sentence.take().value)
    return tuple(sorted(days))


def _is_more(sentence: Sentence, kind: str) -> bool:
    """Tell whether a list goes on."""
    ahead = replace(sentence)
    is_list = ahead.skip("comma", "and")
    ahead.skip("the")
    return is_list and ahead.kinds(kind)


def _of_month(sentence: Sentence, every: int, items: Items) -> Repeat:
    """Say days of the month, by weekday or by number; "of every other month" may follow."""
    nths, weekdays, numbers = items
    months = _months(sentence) if _is_months(sentence) else every
    if numbers:
        return Repeat(months, "month", month_days=in_order(numbers))
    return Repeat(months, "month", weekdays, nths[0], also=nths[1:])


def _is_months(sentence: Sentence) -> bool:
    ahead = replace(sentence)
    is_of = ahead.skip("of")
    ahead.skip("the", "every", "number")
    return is_of and ahead.kinds("unit") and ahead.peek().value == "month"


def _months(sentence: Sentence) -> int:
    sentence.skip("of", "the", "every")
    every = sentence.take().value if sentence.kinds("number") else 1
    sentence.take()
    return int(every)


def _items(sentence: Sentence) -> Items:
    """Read "the first and third Tuesday and the first and third Thursday", or "the 15th and the last day"."""
    begun = sentence.peek()
    numbers = _numbers(sentence)
    if not sentence.kinds("weekdays"):
        return (), (), _month_days(sentence, begun, numbers)
    nths = _nths(sentence, numbers)
    if len(sentence.peek().value) > 1:
        # "The last weekday" is one day, and no five of them.
        sentence.refuse("unknown")
    days = set(weekdays(sentence))
    while _is_more(sentence, "ordinal"):
        sentence.skip("comma", "and", "the")
        again = sentence.peek()
        if _nths(sentence, _numbers(sentence)) != nths or not sentence.kinds("weekdays"):
            sentence.refuse("mixed", again)
        days |= set(weekdays(sentence))
    return nths, tuple(sorted(days)), ()


def _numbers(sentence: Sentence) -> list[Token]:
    """Read a list of numbers: "1st and 15th", "día 1, 15 y el último día"."""
    found: list[Token] = []
    kinds = "ordinal|number"
    if sentence.kinds("unit", kinds):
        sentence.take()
    while not found or _is_more(sentence, "ordinal") or (_is_more(sentence, "number") and found[-1].kind == "number"):
        sentence.skip("comma", "and", "the")
        if not sentence.kinds(kinds):
            sentence.refuse("unknown")
        found.append(sentence.take())
        if sentence.kinds("unit") and sentence.peek().value == "day":
            found[-1] = found[-1]._replace(kind="numbered_day")
            sentence.take()
    return found


def _nths(sentence: Sentence, numbers: list[Token]) -> tuple[int, ...]:
    for token in numbers:
        if token.value not in NTHS or token.kind == "numbered_day":
            sentence.refuse("unknown", token)
    return in_order(token.value for token in numbers)


def _month_days(sentence: Sentence, begun: Token, numbers: list[Token]) -> tuple[int, ...]:
    for token in numbers:
        if token.value not in MONTH_DAYS:
            sentence.refuse("day", token)
        if token.value == LAST and token.kind != "numbered_day":
            sentence.refuse("unknown", sentence.peek() if sentence.peek().word else begun)
    return tuple(token.value for token in numbers)
