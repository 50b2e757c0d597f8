"""Answers: somebody comes, or not, or waits for a seat. Every change of seats locks the date first, then counts."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import notices, schedule, waitlist
from aftercare.meetings.models import Occurrence, Rsvp
from aftercare.meetings.waitlist import Event, Outcome, Seat, Status
from aftercare.messaging import outbox
from aftercare.people import accounts, organisations

VIAS = ("sms", "link", "web", "staff")
WISHES = {"yes": Event.YES, "no": Event.NO, "maybe": Event.MAYBE}


def answer(
    organisation_id: uuid.UUID,
    occurrence_id: uuid.UUID,
    person_id: uuid.UUID,
    wish: str,
    *,
    via: str,
    by: uuid.UUID | None = None,
) -> Outcome:
    """Take a person's yes, no or maybe for a date (product.md 3), and offer on what seat it frees."""
    if wish not in WISHES or via not in VIAS:
        raise Invalid("Answer yes, no or maybe.", fields={"status": "Answer yes, no or maybe."})
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    person = accounts.require_patient(organisation_id, person_id)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled.", code="cancelled")
    rows = _rows(occurrence)
    outcome = _decide(occurrence, rows, rows.get(person.id), person.id, WISHES[wish], now)
    rsvp = _store(occurrence, rows, outcome, now)
    _note_answer(rsvp, outcome, WISHES[wish], via, now)
    if outcome.is_changed:
        trail.record(
            "rsvp.answered", organisation_id=organisation_id, about="occurrence", about_id=occurrence_id,
            person_id=person_id, actor_id=by or person_id, status=outcome.status.value, via=via,
        )  # fmt: skip
        accounts.touch_calendars(organisation_id, [person_id])
    _offer(occurrence, rows, now)
    return outcome


def offer_free_seats(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> int:
    """Take back offers that ran out, and offer every free seat to whoever is next; say how many offers were made."""
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    rows = _rows(occurrence)
    run_out = waitlist.offers_run_out(_seats(rows), now)
    for seat in run_out:
        outcome = _decide(occurrence, rows, rows[seat.person_id], seat.person_id, Event.EXPIRY, now)
        _store(occurrence, rows, outcome, now)
        outbox.cancel(
            organisation_id, about=occurrence_id, person_id=seat.person_id, kinds=("offer",), reason="expired"
        )
    accounts.touch_calendars(organisation_id, [seat.person_id for seat in run_out])
    return _offer(occurrence, rows, now)


def dates_with_a_line(*, limit: int = 500) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Find coming dates on which somebody waits, or has an offer that ran out: (organisation, date)."""
    now = clock.now()
    is_due = (Rsvp.status == "waitlisted") | ((Rsvp.status == "offered") & (Rsvp.offered_until <= now))
    wanted = (
        select(Rsvp.organisation_id, Rsvp.occurrence_id)
        .join(
            Occurrence,
            (Occurrence.organisation_id == Rsvp.organisation_id) & (Occurrence.id == Rsvp.occurrence_id),
        )
        .where(Rsvp.status.in_(("waitlisted", "offered")), is_due, Occurrence.starts_at > now)
        .where(Occurrence.status != "cancelled")
        .distinct()
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def void_all(occurrence: Occurrence, now: datetime) -> list[Rsvp]:
    """Void every active answer of a date that was cancelled; give those who were going, waiting or thinking of it."""
    rows = _rows(occurrence)
    voided = [row for row in rows.values() if row.status in waitlist.ACTIVE]
    for row in voided:
        was = _seat(row)
        outcome = _decide(occurrence, rows, row, row.person_id, Event.MEETING_CANCELLED, now)
        _store(occurrence, rows, outcome, now)
        row.voided_from, row.position, row.is_demoted = was.status.value, was.position, was.demoted
    return voided


def come_back(occurrence: Occurrence, now: datetime) -> list[Rsvp]:
    """Give back the answers of a date that takes place after all, with as many seats as it has; offer what is free."""
    rows = _rows(occurrence)
    void = sorted((row for row in rows.values() if row.voided_from), key=lambda row: (row.created_at, row.person_id))
    before = [replace(_seat(row), status=Status(row.voided_from or "")) for row in void]
    for row in void:
        row.voided_from = None
    for seat in waitlist.come_back(before, occurrence.capacity):
        _write_seat(rows[seat.person_id], seat, now)
    db.session.flush()
    _offer(occurrence, rows, now)
    return void


def ask_anew(occurrence: Occurrence, people: Collection[uuid.UUID]) -> None:
    """Keep the answers of these people, but unconfirmed: they are asked once more."""
    for row in active_answers(occurrence):
        if row.person_id in people:
            row.confirmed_at = row.confirmed_via = row.answered_at = None
    db.session.flush()


def active_answers(occurrence: Occurrence) -> list[Rsvp]:
    """Give the answers of everybody who is going, waiting, offered a seat, or thinking of it."""
    return [row for row in _rows(occurrence).values() if row.status in waitlist.ACTIVE]


def answers(occurrence: Occurrence) -> list[Rsvp]:
    """Give every answer for a date."""
    return list(_rows(occurrence).values())


def has_seat(occurrence: Occurrence) -> bool:
    """Tell whether a seat of a date is neither taken nor offered."""
    if occurrence.capacity is None:
        return True
    return waitlist.seats_taken(_seats(_rows(occurrence))) < occurrence.capacity


def counts(organisation_id: uuid.UUID, occurrence_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Count the answers of several dates by state, in one query."""
    wanted = (
        select(Rsvp.occurrence_id, Rsvp.status, func.count())
        .where(Rsvp.organisation_id == organisation_id, Rsvp.occurrence_id.in_(occurrence_ids))
        .group_by(Rsvp.occurrence_id, Rsvp.status)
    )
    found: dict[uuid.UUID, dict[str, int]] = {}
    for occurrence_id, status, number in db.session.execute(wanted):
        found.setdefault(occurrence_id, {})[status] = number
    return found


def find_answer(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, person_id: uuid.UUID) -> Rsvp | None:
    """Give a person's answer for a date, or None."""
    return db.session.get(Rsvp, (organisation_id, occurrence_id, person_id))


def all_answers(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Select[Rsvp]:
    """Spell the answers for a date, to be read page by page."""
    return select(Rsvp).where(Rsvp.organisation_id == organisation_id, Rsvp.occurrence_id == occurrence_id)


def line(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> list[uuid.UUID]:
    """Give those who wait for a seat, first come first."""
    waiting = all_answers(organisation_id, occurrence_id).where(Rsvp.status == "waitlisted")
    return list(db.session.scalars(waiting.with_only_columns(Rsvp.person_id).order_by(Rsvp.position, Rsvp.person_id)))


def _rows(occurrence: Occurrence) -> dict[uuid.UUID, Rsvp]:
    wanted = all_answers(occurrence.organisation_id, occurrence.id)
    found = db.session.scalars(wanted, execution_options={"populate_existing": True})
    return {row.person_id: row for row in found}


def _seats(rows: dict[uuid.UUID, Rsvp]) -> list[Seat]:
    return [_seat(row) for row in rows.values()]


def _seat(row: Rsvp) -> Seat:
    return Seat(row.person_id, Status(row.status), row.position, row.offered_until, row.is_demoted)


def _decide(
    occurrence: Occurrence,
    rows: dict[uuid.UUID, Rsvp],
    row: Rsvp | None,
    person_id: uuid.UUID,
    event: Event,
    now: datetime,
) -> Outcome:
    closes = occurrence.closes_minutes_before
    return waitlist.answer(
        _seat(row) if row else Seat(person_id),
        event,
        seats=_seats(rows),
        capacity=occurrence.capacity,
        now=now,
        starts_at=occurrence.starts_at,
        closes_before=None if closes is None else timedelta(minutes=closes),
    )


def _store(occurrence: Occurrence, rows: dict[uuid.UUID, Rsvp], outcome: Outcome, now: datetime) -> Rsvp | None:
    row = rows.get(outcome.seat.person_id)
    if row is None and outcome.status == Status.NONE:
        return None
    if row is None:
        row = Rsvp(
            organisation_id=occurrence.organisation_id,
            occurrence_id=occurrence.id,
            occurs_on=occurrence.occurs_on,
            person_id=outcome.seat.person_id,
            status=outcome.status.value,
        )
        rows[row.person_id] = row
        db.session.add(row)
    if outcome.is_changed:
        _write_seat(row, outcome.seat, now)
        row.is_late_cancel = outcome.late_cancel
    db.session.flush()
    return row


def _write_seat(row: Rsvp, seat: Seat, now: datetime) -> None:
    row.status, row.position = seat.status.value, seat.position
    row.offered_until, row.is_demoted = seat.offered_until, seat.demoted
    row.updated_at = now
    row.confirmed_at = row.confirmed_via = None


def _note_answer(rsvp: Rsvp | None, outcome: Outcome, event: Event, via: str, now: datetime) -> None:
    """Note that the person spoke: a reminder they answered falls silent, and a yes confirms."""
    if rsvp is None:
        return
    rsvp.answered_at = now
    if event == Event.YES and outcome.status == Status.GOING:
        rsvp.confirmed_at, rsvp.confirmed_via = now, via
    if outcome.status == Status.OFFERED:
        return
    outbox.cancel(
        rsvp.organisation_id, about=rsvp.occurrence_id, person_id=rsvp.person_id, kinds=("offer",), reason="answered"
    )


def _offer(occurrence: Occurrence, rows: dict[uuid.UUID, Rsvp], now: datetime) -> int:
    """Offer free seats to those next in line, and tell them, in the transaction that freed the seats."""
    if occurrence.status == "cancelled" or occurrence.starts_at <= now:
        return 0
    following = [seat.person_id for seat in waitlist.next_in_line(_seats(rows), occurrence.capacity)]
    if not following:
        return 0
    organisation = organisations.get_organisation(occurrence.organisation_id)
    people = accounts.people_named(occurrence.organisation_id, following)
    asleep = {person.id for person in people.values() if outbox.is_quiet(organisation, person, now)}
    offered = waitlist.offers(_seats(rows), occurrence.capacity, now=now, starts_at=occurrence.starts_at, asleep=asleep)
    for seat in offered:
        _write_seat(rows[seat.person_id], seat, now)
    db.session.flush()
    made = [notices.Offer(people[seat.person_id], seat.offered_until or occurrence.starts_at) for seat in offered]
    notices.tell_offers(occurrence, made, now=now)
    accounts.touch_calendars(occurrence.organisation_id, [seat.person_id for seat in offered])
    return len(offered)
