"""Who may like a call: facts in, signals out, each with the facts that fired it (product.md section 6).

Only what is certain fires. A date of which nothing is known is never a date missed, and wherever it would take a claim
away that nobody came, it does. That somebody stopped texts is no fact here at all.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from aftercare.attendance.standing import CREDITED, Standing
from aftercare.recovery.momentum import momentum_of
from aftercare.recovery.streaks import Pause, is_paused

IN_A_ROW = 2
REMINDERS = 3
FAILURES = 2
QUIET_DAYS, LONG_QUIET_DAYS = 14, 30
DAYS_AFTER_DISCHARGE = 5
SILENT_AFTER_CONTACT = timedelta(hours=72)


class Kind(StrEnum):
    """What a signal says, the most urgent first."""

    CRISIS = "crisis"
    CALL = "call"
    AFTER_DISCHARGE = "after_discharge"
    TWO_MISSED = "two_missed"
    UNANSWERED = "unanswered"
    QUIET_30 = "quiet_30"
    QUIET_14 = "quiet_14"
    HALF = "half"
    CONTACT_DETAILS = "contact_details"


#: Nothing silences these: somebody asked.
AT_ONCE = (Kind.CRISIS, Kind.CALL)
#: These say nothing of how somebody does: they asked, or their number is wrong.
NOT_DISENGAGED = (*AT_ONCE, Kind.CONTACT_DETAILS)


class Reminder(StrEnum):
    """What became of the reminder of a date: none arrived, one arrived and stayed unanswered, or they answered."""

    NONE = "none"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Expected:
    """A date at which somebody was expected and which took place, or may have. Any answer at all is one, STOP too."""

    occurrence_id: UUID
    day: date
    standing: Standing
    reminder: Reminder = Reminder.NONE


@dataclass(frozen=True)
class Failure:
    """A text to the present number that can never arrive; or one not taken on because its person stopped texts."""

    message_id: UUID
    at: datetime
    is_stopped: bool = False


@dataclass(frozen=True)
class Ask:
    """That somebody asked for a call, or wrote words of crisis, and nobody has answered yet."""

    id: UUID
    at: datetime
    is_crisis: bool = False


@dataclass(frozen=True)
class Facts:
    """All that signals depend on, in any order. `today` and all days are the patient's.

    `attended`: every day with a meeting, expected or not. `contacts`: when staff were in touch. `delivered_at`: when a
    text last arrived.
    """

    now: datetime
    today: date
    enrolled_on: date
    discharged_on: date | None = None
    attended: Collection[date] = ()
    expected: Collection[Expected] = ()
    failures: Collection[Failure] = ()
    delivered_at: datetime | None = None
    asks: Collection[Ask] = ()
    pauses: Collection[Pause] = ()
    contacts: Collection[datetime] = ()


@dataclass(frozen=True)
class Fact:
    """One fact behind a signal: its name, and the day, the moment, the thing or the number that it is about."""

    name: str
    on: date | None = None
    at: datetime | None = None
    about: UUID | None = None
    number: int | None = None


@dataclass(frozen=True)
class Signal:
    """A reason to be in touch with somebody, and the facts that it rests on."""

    kind: Kind
    facts: tuple[Fact, ...]


def signals_of(facts: Facts) -> tuple[Signal, ...]:
    """List the signals of somebody, the most urgent first. In silence only what they asked for is heard."""
    heard = (*_asked(facts), *(() if is_silent(facts) else _noticed(facts)))
    return tuple(sorted(heard, key=lambda signal: list(Kind).index(signal.kind)))


def is_silent(facts: Facts) -> bool:
    """Say whether nothing is noticed now: in a pause, and for 72 h after staff were in touch."""
    lately = facts.now - SILENT_AFTER_CONTACT
    return is_paused(facts.today, facts.pauses) or any(lately < contact <= facts.now for contact in facts.contacts)


def _asked(facts: Facts) -> Iterator[Signal]:
    for kind, is_crisis in ((Kind.CRISIS, True), (Kind.CALL, False)):
        asks = sorted((ask for ask in facts.asks if ask.is_crisis is is_crisis), key=lambda ask: (ask.at, ask.id))
        if asks:
            yield Signal(kind, tuple(Fact("asked", at=ask.at, about=ask.id) for ask in asks))


def _noticed(facts: Facts) -> Iterator[Signal]:
    missed = _missed(facts)
    yield from _after_discharge(facts)
    yield from _two_missed(missed)
    yield from _unanswered(facts, missed)
    yield from _quiet(facts)
    yield from _half(facts)
    yield from _contact_details(facts)


def _two_missed(missed: list[Expected]) -> Iterator[Signal]:
    if len(missed) >= IN_A_ROW:
        yield Signal(Kind.TWO_MISSED, _named("missed", missed[-IN_A_ROW:]))


def _unanswered(facts: Facts, missed: list[Expected]) -> Iterator[Signal]:
    answered = max((each.day for each in facts.expected if each.reminder == Reminder.ANSWERED), default=date.min)
    silent = [each for each in missed if each.reminder == Reminder.UNANSWERED and each.day > answered]
    if len(silent) >= REMINDERS:
        yield Signal(Kind.UNANSWERED, _named("reminded_and_missed", silent[-REMINDERS:]))


def _quiet(facts: Facts) -> Iterator[Signal]:
    """Count whole days: who comes every other week is not missed in the morning of their meeting."""
    attended = _last_attended(facts) or date.min
    since = max([facts.enrolled_on, *_maybe_attended(facts)])
    days = _asking_days(since, facts.today - timedelta(days=1), facts.pauses)
    known = [
        Fact("last_attended", on=attended) if attended >= facts.enrolled_on else Fact("enrolled", on=facts.enrolled_on)
    ]
    if since > max(attended, facts.enrolled_on):
        known.append(Fact("not_known", on=since))
    for kind, least in ((Kind.QUIET_30, LONG_QUIET_DAYS), (Kind.QUIET_14, QUIET_DAYS)):
        if days >= least:
            yield Signal(kind, (*known, Fact("days", number=days)))


def _half(facts: Facts) -> Iterator[Signal]:
    found = momentum_of(
        _attended(facts),
        unknown=_unknown(facts),
        pauses=facts.pauses,
        enrolled_on=facts.enrolled_on,
        today=facts.today,
    )
    if found is not None and found.is_half:
        numbers = {"last_4_weeks": found.recent, "at_most": found.recent_at_most, "before": found.before}
        yield Signal(Kind.HALF, tuple(Fact(name, number=number) for name, number in numbers.items()))


def _after_discharge(facts: Facts) -> Iterator[Signal]:
    left = facts.discharged_on
    if left is None or any(day >= left for day in _maybe_attended(facts)):
        return
    if _asking_days(left, facts.today, facts.pauses) >= DAYS_AFTER_DISCHARGE:
        yield Signal(Kind.AFTER_DISCHARGE, (Fact("discharged", on=left),))


def _contact_details(facts: Facts) -> Iterator[Signal]:
    hard = [
        failure
        for failure in sorted(facts.failures, key=lambda failure: (failure.at, failure.message_id))
        if not failure.is_stopped and (facts.delivered_at is None or failure.at > facts.delivered_at)
    ]
    if len(hard) >= FAILURES:
        named = (Fact("not_delivered", at=each.at, about=each.message_id) for each in hard[-FAILURES:])
        yield Signal(Kind.CONTACT_DETAILS, tuple(named))


def _missed(facts: Facts) -> list[Expected]:
    """List what was missed for certain since the last day with a meeting, the oldest first; nothing of a pause."""
    since = _last_attended(facts) or date.min
    missed = [
        each
        for each in facts.expected
        if each.standing == Standing.NO_SHOW and each.day > since and not is_paused(each.day, facts.pauses)
    ]
    return sorted(missed, key=lambda each: (each.day, each.occurrence_id))


def _attended(facts: Facts) -> list[date]:
    """List the days with a meeting; a date that was credited counts though its day is not named beside it."""
    of_expected = {each.day for each in facts.expected if each.standing in CREDITED}
    return [*facts.attended, *(of_expected - set(facts.attended))]


def _last_attended(facts: Facts) -> date | None:
    return max((day for day in _attended(facts) if day <= facts.today), default=None)


def _unknown(facts: Facts) -> list[date]:
    return [each.day for each in facts.expected if each.standing == Standing.UNKNOWN]


def _maybe_attended(facts: Facts) -> list[date]:
    return [day for day in (*_attended(facts), *_unknown(facts)) if day <= facts.today]


def _asking_days(after: date, last: date, pauses: Collection[Pause]) -> int:
    """Count the days after one and up to another that asked for something."""
    days = (after + timedelta(days=number) for number in range(1, (last - after).days + 1))
    return sum(not is_paused(day, pauses) for day in days)


def _named(name: str, dates: Collection[Expected]) -> tuple[Fact, ...]:
    return tuple(Fact(name, on=each.day, about=each.occurrence_id) for each in dates)
