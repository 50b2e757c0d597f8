"""Read when a meeting is from a sentence, English or Spanish: "every other Tuesday at 7 PM until June".

What `wording` says is read back as it was meant; what is not understood is refused by a sentence that names the word.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time

from aftercare.core.errors import Invalid
from aftercare.meetings import said_dates, said_holidays, said_rhythms
from aftercare.meetings.repeats import MOST_DATES, Repeat, Unit, write_rule
from aftercare.meetings.said_dates import Clock, Sentence
from aftercare.meetings.said_words import LANGUAGES, Token, folded, tokens
from aftercare.meetings.wording import EVERY_DAY

#: What we say ourselves of the busiest meeting is a quarter of it.
LONGEST = 4000


@dataclass(frozen=True)
class Said:
    """What a sentence says of a meeting; None or nothing where it says nothing.

    `on` is the only date, or with `repeat` the day that it begins. `minutes` follows from "7 to 8:30 PM", `lasts` from
    "for 10 weeks", which run from the first date.
    """

    repeat: Repeat | None = None
    at: time | None = None
    minutes: int | None = None
    on: date | None = None
    holidays: str = ""
    days_off: tuple[date, ...] = ()
    lasts: tuple[int, Unit] | None = None


def read(text: str, *, today: date, language: str = "en") -> Said:
    """Read a sentence in the language that fits it best, else in the reader's; raise Invalid naming the word."""
    speaks = "es" if language.lower().startswith("es") else "en"
    if len(text) > LONGEST:
        raise said_dates.refusal("nothing", "", speaks)
    own_first = sorted(LANGUAGES, key=lambda each: (_strangers(text, each), each != speaks))
    tongue = own_first[0]
    holidays, rest, nowhere = said_holidays.take(text, tongue)
    if nowhere:
        raise said_dates.refusal("holidays", _as_written(text)(nowhere), speaks)
    words = tokens(rest, tongue)
    sentence = Sentence(words, today, speaks, _as_written(text))
    if stranger := next((word for word in words if word.kind == "unknown"), None):
        sentence.refuse("unknown", stranger)
    return _Reading(sentence).whole(holidays)


@dataclass
class _Reading:
    """What was read of a sentence so far."""

    sentence: Sentence
    repeat: Repeat | None = None
    clock: Clock | None = None
    end: Clock | None = None
    half: str = ""
    until: date | None = None
    count: int | None = None
    lasts: tuple[int, Unit] | None = None
    on: date | None = None
    days_off: list[date] = field(default_factory=list)
    weekdays_off: set[int] = field(default_factory=set)
    left_out: Token | None = None

    def whole(self, holidays: str) -> Said:
        """Read all parts, in whatever order they are said."""
        sentence = self.sentence
        parts: tuple[Callable[[], bool], ...] = (
            self._hours, self._end, self._days_off, self._beginning, self._half, self._date, self._rhythm,
            lambda: sentence.skip("for"),
        )  # fmt: skip
        while sentence.skip("comma", "filler") or sentence.peek().kind != "nothing":
            if sentence.peek().kind != "nothing" and not any(part() for part in parts):
                sentence.refuse("unknown")
        if self.repeat is None and self.on is None:
            sentence.refuse("nothing")
        at, minutes = self._times()
        return Said(self._ending(), at, minutes, self.on, holidays, tuple(sorted(set(self.days_off))), self.lasts)

    def _hours(self) -> bool:
        sentence = self.sentence
        ahead = 1 if sentence.kinds("at|from|of") else 0
        said_at = ahead and sentence.kinds("at")
        kind = sentence.peek(ahead).kind
        is_range = kind == "number" and sentence.kinds(*["at|from|of"] * ahead, "number", "to|and|at", "clock")
        if kind != "clock" and not (kind == "number" and (said_at or is_range)):
            return False
        if self.clock:
            sentence.refuse("twice", sentence.peek(ahead))
        sentence.at += ahead
        self.clock = said_dates.clock_of(sentence)
        if sentence.kinds("to|at", "clock|number") or sentence.kinds("until", "clock"):
            sentence.take()
            self.end = said_dates.clock_of(sentence)
        return True

    def _end(self) -> bool:
        sentence = self.sentence
        if sentence.kinds("number", "times"):
            self._only_one_end()
            self.count = sentence.take().value
            sentence.take()
            return True
        if sentence.kinds("for", "clock"):
            # "For 2 hours" is no time of the day.
            sentence.refuse("unknown", sentence.peek(1))
        if sentence.kinds("for", "number", "unit"):
            self._only_one_end()
            sentence.take()
            if not 1 <= sentence.peek().value <= MOST_DATES:
                sentence.refuse("unknown")
            self.lasts = sentence.take().value, sentence.take().value
            return True
        if not sentence.kinds("until|to"):
            return False
        self._only_one_end()
        sentence.take()
        sentence.skip("on")
        self.until = said_dates.day_of(sentence) if said_dates.is_day(sentence) else said_dates.month_end(sentence)
        return True

    def _only_one_end(self) -> None:
        if self.until or self.count or self.lasts:
            self.sentence.refuse("twice")

    def _days_off(self) -> bool:
        sentence = self.sentence
        if not sentence.kinds("not"):
            return False
        sentence.skip("not", "on", "filler", "for", "the")
        if sentence.kinds("weekdays"):
            return self._weekdays_off()
        if not said_dates.is_day(sentence):
            sentence.refuse("unknown")
        self.days_off.append(said_dates.day_of(sentence))
        while sentence.kinds("comma|and") and self._is_day_after():
            sentence.take()
            self.days_off.append(said_dates.day_of(sentence))
        return True

    def _weekdays_off(self) -> bool:
        """Read weekdays that are left out: "except Sundays"; of a date that is left out nobody says its weekday."""
        self.left_out = self.left_out or self.sentence.peek()
        self.weekdays_off |= set(said_rhythms.weekdays(self.sentence))
        ahead = replace(self.sentence)
        ahead.skip("comma", "on")
        if said_dates.is_day(ahead):
            self.sentence.refuse("unknown", ahead.peek())
        return True

    def _is_day_after(self) -> bool:
        ahead = replace(self.sentence, at=self.sentence.at + 1)
        return said_dates.is_day(ahead)

    def _beginning(self) -> bool:
        sentence = self.sentence
        begun = sentence.at
        if not sentence.skip("from"):
            return False
        sentence.skip("on", "at")
        if self.on is None and (said_dates.is_day(sentence) or said_dates.is_soon(sentence)):
            is_soon = said_dates.is_soon(sentence)
            self.on = said_dates.soon(sentence) if is_soon else said_dates.day_of(sentence)
            return True
        sentence.at = begun
        return False

    def _half(self) -> bool:
        if not self.sentence.kinds("half"):
            return False
        self.half = self.sentence.take().value
        return True

    def _date(self) -> bool:
        """Read a single date, with or without its weekday: "Tuesday, March 3"."""
        sentence = self.sentence
        ahead = replace(sentence)
        ahead.skip("on", "the")
        weekdays = ahead.take() if ahead.kinds("weekdays") else None
        ahead.skip("comma", "on")
        if self.on or self.repeat or not said_dates.is_day(ahead):
            return False
        named = ahead.peek()
        self.on = said_dates.day_of(ahead)
        if weekdays and self.on.weekday() not in weekdays.value:
            sentence.refuse("weekday", weekdays if named.kind == "day" else named)
        sentence.at = ahead.at
        return True

    def _rhythm(self) -> bool:
        begun = self.sentence.peek()
        repeat = said_rhythms.read(self.sentence)
        if repeat is None:
            return False
        if self.repeat:
            self.sentence.refuse("twice", begun)
        self.repeat = repeat
        return True

    def _ending(self) -> Repeat | None:
        if self.repeat is None:
            if self.until or self.count or self.lasts or self.days_off or self.left_out:
                self.sentence.refuse("nothing")
            return None
        repeat = replace(self._on_other_weekdays(self.repeat), until=self.until, count=self.count)
        try:
            write_rule(repeat)
        except Invalid as wrong:
            raise Invalid(wrong.sentence, fields={"words": wrong.sentence}, code="words") from wrong
        return repeat

    def _on_other_weekdays(self, repeat: Repeat) -> Repeat:
        """Take the weekdays that are left out from those of every day, or of the week."""
        if self.left_out is None:
            return repeat
        days = EVERY_DAY if (repeat.unit, repeat.every) == ("day", 1) else repeat.weekdays
        if repeat.unit not in {"day", "week"} or not self.weekdays_off < set(days):
            self.sentence.refuse("unknown", self.left_out)
        return Repeat(repeat.every, weekdays=tuple(sorted(set(days) - self.weekdays_off)))

    def _times(self) -> tuple[time | None, int | None]:
        if self.clock is None:
            return None, None
        last = self.end.with_half(self.half) if self.end else None
        clock = self.clock.with_half(self.half).with_half(last.half if last else "")
        at = said_dates.time_of(clock, self.sentence)
        if last is None:
            return at, None
        end = said_dates.time_of(last.with_half(clock.half), self.sentence)
        if not self.clock.half and not self.half and end <= at:
            # "11 to 1 PM" begins in the morning.
            at = at.replace(hour=(at.hour + 12) % 24)
        return at, (_minutes(end) - _minutes(at)) % (24 * 60) or None


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _strangers(text: str, language: str) -> int:
    """Count the words of a sentence that mean nothing in a language."""
    _, rest, _ = said_holidays.take(text, language)
    return sum(token.kind == "unknown" for token in tokens(rest, language))


def _as_written(text: str) -> Callable[[str], str]:
    """Give words back with the accents and capitals that they were written with."""
    written = {folded(word): word for word in text.replace(",", " ").split()}
    return lambda said: " ".join(written.get(word, word) for word in said.split())
