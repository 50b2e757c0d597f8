"""Let dates of a meeting stand otherwise, all together: seats, answers, texts and calendars follow (product.md 2)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings import aftermath, changes, members, notices, rsvps, series_notices
from aftercare.meetings.models import Occurrence, Rsvp
from aftercare.meetings.series_notices import BACK, News
from aftercare.meetings.waitlist import ACTIVE
from aftercare.messaging import outbox, posted
from aftercare.people import accounts, organisations


@dataclass(frozen=True)
class Footing:
    """How a date stands, or is to stand: its meeting, slot, time on the wall and in UTC, seats, and what closed it."""

    meeting_id: uuid.UUID
    slot: datetime | None
    start: datetime
    starts_at: datetime
    ends_at: datetime
    status: str
    capacity: int | None
    closes: int | None
    closure_id: uuid.UUID | None = None

    @property
    def is_on(self) -> bool:
        """Tell whether the date takes place."""
        return self.status != "cancelled"


@dataclass(frozen=True)
class Step:
    """One date, how it stood, and how it is to stand; `is_placed`: its meeting is in another place then."""

    occurrence: Occurrence
    was: Footing
    to: Footing
    is_placed: bool = False

    @property
    def news(self) -> str | None:
        """Say what those concerned must hear of, if anything: its time changes, or whether it takes place."""
        if self.was.is_on != self.to.is_on:
            return series_notices.BACK if self.to.is_on else series_notices.OFF
        is_moved = (self.was.starts_at, self.was.ends_at) != (self.to.starts_at, self.to.ends_at)
        return series_notices.MOVED if self.to.is_on and is_moved else None

    @property
    def told(self) -> str | None:
        """Say what people read of: its news, or else that it is in another place, which asks nothing anew.

        Of a date that is on again because it is elsewhere now, where it is matters most.
        """
        is_only_placed = self.to.is_on and self.is_placed and self.news != series_notices.MOVED
        return series_notices.PLACED if is_only_placed else self.news


@dataclass(frozen=True)
class Settled:
    """What came of it: the dates whose time or existence changed, whom they concern, and what people are told."""

    steps: Sequence[Step]
    people: int
    news: Sequence[outbox.Draft]
    told: int


def footing(occurrence: Occurrence) -> Footing:
    """Say how a date stands."""
    return Footing(
        occurrence.meeting_id, occurrence.slot_local, occurrence.start_local, occurrence.starts_at, occurrence.ends_at,
        occurrence.status, occurrence.capacity, occurrence.closes_minutes_before, occurrence.closure_id,
    )  # fmt: skip


def settle(
    organisation_id: uuid.UUID,
    steps: Sequence[Step],
    *,
    now: datetime,
    is_said_otherwise: bool = False,
    unaware: Collection[uuid.UUID] = (),
) -> Settled:
    """Let locked dates stand otherwise; `is_said_otherwise`: what texts say of each of them has changed as well.

    Who is `unaware` still believes what is to be from now on, and is told nothing.
    """
    news = [step for step in steps if step.news]
    unknown = {step.occurrence.id for step in steps if _was_never_known(step)}
    ties = _ties(organisation_id, [step.occurrence.id for step in steps])
    for step in steps:
        _stand(step, now, is_raised=is_said_otherwise or step.news is not None)
    db.session.flush()
    _take_back(organisation_id, steps if is_said_otherwise else news)
    for step in news:
        _answer_again(step, now)
    _say_again(organisation_id, news, now)
    told_of = [step for step in steps if step.told and not (step.told == BACK and step.occurrence.id in unknown)]
    concerned = {step.occurrence.id: _affected(ties, step) for step in told_of}
    drafts = series_notices.written([_told(step, concerned, unaware) for step in told_of], now=now)
    told = outbox.post_all(organisations.get_organisation(organisation_id), drafts)
    _offer_seats(organisation_id, [step for step in steps if step.to.is_on and step.to.capacity != step.was.capacity])
    accounts.touch_calendars(organisation_id, {person for those in ties.values() for person in those})
    organisations.touch_public_calendar(organisation_id)
    return Settled(news, len(set().union(*concerned.values())), drafts, told)


def _was_never_known(step: Step) -> bool:
    """Tell whether a date was written out while it was closed: nobody has heard that it was off."""
    return not step.was.is_on and step.was.closure_id is not None and not step.occurrence.sequence


def _stand(step: Step, now: datetime, *, is_raised: bool) -> None:
    occurrence, to = step.occurrence, step.to
    if step.told:
        occurrence.hear_by = aftermath.hear_by(occurrence, min(step.was.starts_at, to.starts_at), now)
    if not to.is_on and step.was.is_on:
        rsvps.void_all(occurrence, now)
    occurrence.meeting_id, occurrence.slot_local, occurrence.start_local = to.meeting_id, to.slot, to.start
    occurrence.starts_at, occurrence.ends_at, occurrence.status = to.starts_at, to.ends_at, to.status
    occurrence.capacity, occurrence.closes_minutes_before = to.capacity, to.closes
    occurrence.closure_id = to.closure_id
    # Calendar apps ignore a change that does not raise SEQUENCE.
    occurrence.sequence += 1 if is_raised else 0
    occurrence.placed_in = occurrence.sequence if step.is_placed else occurrence.placed_in
    occurrence.updated_at = now


def _take_back(organisation_id: uuid.UUID, steps: Sequence[Step]) -> None:
    """Take back what asks about dates that are otherwise now; of those that are only said otherwise, the reminders."""
    changed = [step.occurrence.id for step in steps if step.news]
    said = [step.occurrence.id for step in steps if not step.news]
    for kinds, dates in ((("reminder",), said), (notices.ABOUT_THE_DATE, changed)):
        if dates:
            outbox.cancel(organisation_id, about=dates, kinds=kinds, reason="meeting changed")


def _answer_again(step: Step, now: datetime) -> None:
    """A date that is on again has its answers back; whoever is to come at another time is asked anew."""
    if step.to.is_on and not step.was.is_on:
        rsvps.come_back(step.occurrence, now)
    if step.to.is_on:
        changes.ask_anew(step.occurrence, now)


def _say_again(organisation_id: uuid.UUID, steps: Sequence[Step], now: datetime) -> None:
    """Tell anew what waits and offers a date that has changed."""
    ids = [step.occurrence.id for step in steps]
    waiting = posted.awaited(organisation_id, ids, kind=notices.OFFERS_THE_NEXT)
    for step in steps:
        if step.occurrence.id in waiting:
            notices.say_again(step.occurrence, now=now)


def _offer_seats(organisation_id: uuid.UUID, steps: Sequence[Step]) -> None:
    ids = [step.occurrence.id for step in steps]
    if not ids:
        return
    wanted = select(Rsvp.occurrence_id).where(
        Rsvp.organisation_id == organisation_id, Rsvp.occurrence_id.in_(ids), Rsvp.status == "waitlisted"
    )
    for occurrence_id in sorted(set(db.session.scalars(wanted))):
        rsvps.offer_free_seats(organisation_id, occurrence_id)


def _ties(organisation_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """Say whom each date concerns and what they answered, in two queries however many dates."""
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = {each: {} for each in ids}
    for occurrence_id, person_id, _, _ in db.session.execute(members.members_at(organisation_id, ids)):
        found[occurrence_id][person_id] = "none"
    answered = select(Rsvp.occurrence_id, Rsvp.person_id, Rsvp.status, Rsvp.voided_from).where(
        Rsvp.organisation_id == organisation_id, Rsvp.occurrence_id.in_(ids)
    )
    for occurrence_id, person_id, status, voided_from in db.session.execute(answered):
        found[occurrence_id][person_id] = voided_from or status
    return found


def _told(step: Step, concerned: Mapping[uuid.UUID, list[uuid.UUID]], unaware: Collection[uuid.UUID]) -> News:
    people = [person for person in concerned[step.occurrence.id] if person not in unaware]
    return News(step.occurrence, step.told or "", step.was.starts_at, people)


def _affected(ties: Mapping[uuid.UUID, Mapping[uuid.UUID, str]], step: Step) -> list[uuid.UUID]:
    """Give whom a date concerns, but for those who said that they do not come."""
    return [person for person, answer in ties[step.occurrence.id].items() if answer == "none" or answer in ACTIVE]
