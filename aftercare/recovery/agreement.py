"""What a patient allowed to be done when they miss meetings: their own sentences, carried out step by step (issue 5).

Nothing is done that a sentence in force does not allow today. Steps go in the order of the sentence, each once in a row
of missed dates, each only so many days after the one before; a row ends with the next meeting. A new version starts
afresh: what was missed before it was agreed to counts for nothing. Whether a person may be told is asked of the ledger
of consents besides.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from aftercare.recovery.streaks import Pause, is_paused


class Act(StrEnum):
    """What may be done: text the patient, call them, or tell a person whom they named."""

    TEXT = "text"
    CALL = "call"
    TELL = "tell"


@dataclass(frozen=True)
class Step:
    """One act, so many days after the step before it (the first: after the date that was missed)."""

    act: Act
    after_days: int = 0
    tells: UUID | None = None

    def __post_init__(self) -> None:
        if (self.act == Act.TELL) is not (self.tells is not None):
            raise ValueError("A person is named where somebody is told, and nowhere else.")
        if self.after_days < 0:
            raise ValueError("A step cannot come before the one before it.")


@dataclass(frozen=True)
class Sentence:
    """One sentence, in the patient's own words, and what it means: so many missed in a row, then these steps."""

    id: UUID
    words: str
    missed: int
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if self.missed < 1 or not self.steps:
            raise ValueError("A sentence says how many missed meetings lead to what.")
        if any(step.after_days < 1 for step in self.steps[1:]):
            raise ValueError("Between two steps somebody has a day at least to answer.")


@dataclass(frozen=True)
class Agreement:
    """One version of what was agreed: the sentences, the meetings a week that were promised, from when to when."""

    version: int
    agreed_on: date
    sentences: tuple[Sentence, ...]
    meetings_a_week: int | None = None
    revoked_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it may be acted on: from the day it was agreed to, and not on the day it was revoked."""
        return self.agreed_on <= day and (self.revoked_on is None or day < self.revoked_on)


@dataclass(frozen=True)
class Done:
    """A step that was done: the version and the sentence that allowed it, its place there, and the day."""

    version: int
    sentence_id: UUID
    place: int
    on: date


@dataclass(frozen=True)
class Allowed:
    """A step that may be done now, and the sentence that allows it."""

    act: Act
    tells: UUID | None
    version: int
    sentence_id: UUID
    place: int


def in_force(versions: Collection[Agreement], *, today: date) -> Agreement | None:
    """Give the version that holds today: the newest, or none if that is revoked. No older one comes back to life."""
    agreed = [version for version in versions if version.agreed_on <= today]
    newest = max(agreed, key=lambda version: version.version, default=None)
    return newest if newest is not None and newest.holds_on(today) else None


def next_step(
    agreement: Agreement | None,
    missed: Collection[date],
    steps_done: Collection[Done],
    *,
    today: date,
    pauses: Collection[Pause] = (),
    is_silent: bool = False,
) -> Allowed | None:
    """Give the step that may be done today, or None.

    `missed`: the day of each date missed for certain since the last meeting. `is_silent`: staff were just in touch.
    """
    if agreement is None or not agreement.holds_on(today) or is_silent or is_paused(today, pauses):
        return None
    row = sorted(day for day in missed if agreement.agreed_on <= day <= today and not is_paused(day, pauses))
    return next(_allowed(agreement, row, steps_done, today), None)


def _allowed(agreement: Agreement, row: list[date], steps_done: Collection[Done], today: date) -> Iterator[Allowed]:
    for sentence in agreement.sentences:
        if len(row) < sentence.missed:
            continue
        done_on = {
            done.place: done.on
            for done in steps_done
            if (done.version, done.sentence_id) == (agreement.version, sentence.id) and done.on >= row[0]
        }
        place = next(place for place in range(len(done_on) + 1) if place not in done_on)
        if place < len(sentence.steps):
            step = sentence.steps[place]
            before = done_on[place - 1] if place else row[sentence.missed - 1]
            if before + timedelta(days=step.after_days) <= today:
                yield Allowed(step.act, step.tells, agreement.version, sentence.id, place)
