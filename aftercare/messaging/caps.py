"""How many texts somebody gets in a day and in a week, and which go first (law: messaging.md, "Rules").

A day is a local one; a week is any seven days in a row. A date of which somebody has heard nothing yet goes before
everything else that is capped; docs/decisions/0007-how-many-texts.md says why.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = 7
#: These say what somebody must know, or has just asked for: they count, and nothing holds them back.
NEWS = frozenset(
    {
        "moved",
        "placed",
        "restored",
        "extra",
        "cancelled",
        "cancelled_next",
        "closure",
        "reopened",
        "offer",
        "offer_gone",
    }
    | {"opt_in", "welcome"}
)
#: They are sent like answers, because they must not wait for the morning; they count all the same.
NEWS_LIKE_ANSWERS = frozenset({"offer", "welcome"})
REMINDS = "reminder"
#: Whoever got one of these about a date has heard of it.
TELLS = frozenset({REMINDS, "moved", "placed", "restored", "extra"})


@dataclass(frozen=True)
class Caps:
    """How many texts somebody gets at most in a day and in seven days; 0 for as many as there are."""

    a_day: int = 1
    a_week: int = 3

    def __bool__(self) -> bool:
        return bool(self.a_day or self.a_week)


@dataclass(frozen=True)
class Span:
    """The days on which a text may go."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


def is_capped(kind: str, *, is_answer: bool) -> bool:
    """Tell whether a text may be held back: not an answer in a conversation, and not news."""
    return not is_answer and kind not in NEWS


def counts(kind: str, *, is_answer: bool) -> bool:
    """Tell whether a text that left uses up a day: all but answers in a conversation."""
    return not is_answer or kind in NEWS_LIKE_ANSWERS


def has_room(day: date, used: Mapping[date, int], caps: Caps) -> bool:
    """Tell whether one more text may go on a day, by that day and by every seven days that hold it."""
    if caps.a_day and used.get(day, 0) >= caps.a_day:
        return False
    return not caps.a_week or all(_in_week_to(end, used) < caps.a_week for end in _ends_of_weeks(day, used))


def day_for(span: Span, used: Mapping[date, int], caps: Caps, *, firsts: Sequence[Span], is_first: bool) -> date | None:
    """Say on which day of its span a text goes; None if on none.

    `firsts` are the other dates that somebody has heard nothing of yet. A text that is itself a first takes its turn
    among them, by deadline; any other goes only where as many of them as without it still go.
    """
    if is_first:
        return _placed([span, *firsts], used, caps)[0]
    without = _how_many(firsts, used, caps)
    for day in span:
        if has_room(day, used, caps) and _how_many(firsts, Counter(used) + Counter([day]), caps) >= without:
            return day
    return None


def _how_many(spans: Sequence[Span], used: Mapping[date, int], caps: Caps) -> int:
    return sum(day is not None for day in _placed(spans, used, caps))


def _placed(spans: Sequence[Span], used: Mapping[date, int], caps: Caps) -> list[date | None]:
    """Give each span the first day with room, the most urgent span first."""
    taken = Counter(used)
    placed: list[date | None] = [None] * len(spans)
    for number in sorted(range(len(spans)), key=lambda each: (spans[each].last, spans[each].first, each)):
        day = next((day for day in spans[number] if has_room(day, taken, caps)), None)
        if day is not None:
            placed[number] = day
            taken[day] += 1
    return placed


def _ends_of_weeks(day: date, used: Mapping[date, int]) -> Iterator[date]:
    """Give the last days of the seven days that hold a day, as far as texts go on."""
    latest = max((*used, day))
    for number in range(min(WEEK, (latest - day).days + 1) if latest > day else 1):
        yield day + timedelta(days=number)


def _in_week_to(end: date, used: Mapping[date, int]) -> int:
    begins = end - timedelta(days=WEEK)
    return sum(number for day, number in used.items() if begins < day <= end)
