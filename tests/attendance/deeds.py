"""What the tests of attendance do and look at, each deed in a transaction of its own."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from aftercare.attendance import check_in, records
from aftercare.attendance.models import AttendanceEvent
from aftercare.audit.models import AuditEvent
from aftercare.core import ids
from aftercare.core.db import db, transaction
from aftercare.core.errors import Refused
from aftercare.meetings.models import Occurrence
from aftercare.people import accounts

#: Tuesday, November 3, 2026, six in the evening in Denver.
SIX = datetime(2026, 11, 3, 18, 0)
START = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)


def tick(occurrence, person, by, **given):
    db.session.rollback()
    with transaction():
        return check_in.by_staff(occurrence.organisation_id, occurrence.id, person.id, by=by.id, **given)


def undo(occurrence, person, by, **given):
    db.session.rollback()
    with transaction():
        return check_in.undo(occurrence.organisation_id, occurrence.id, person.id, by=by.id, **given)


def enter(person, code, **given):
    db.session.rollback()
    with transaction():
        return check_in.by_code(person, code, **given)


def say_here(person):
    db.session.rollback()
    with transaction():
        return check_in.by_self(person)


def refusal(kind, deed, *values, **given):
    with pytest.raises(kind) as caught:
        deed(*values, **given)
    return caught.value.code


def record(occurrence, person):
    db.session.rollback()
    return records.find(occurrence, person.id)


def acts(person):
    db.session.rollback()
    wanted = select(AttendanceEvent.act, AttendanceEvent.way).where(AttendanceEvent.person_id == person.id)
    return [tuple(row) for row in db.session.execute(wanted.order_by(AttendanceEvent.id))]


def wrong_for(*occurrences):
    codes = {check_in.code_of(occurrence) for occurrence in occurrences}
    return next(code for code in ("0000", "0001", "0002", "0003") if code not in codes)


def noted(act):
    db.session.rollback()
    return [
        row.actor_id
        for row in db.session.scalars(select(AuditEvent).where(AuditEvent.act == act).order_by(AuditEvent.number))
    ]


def status(occurrence):
    db.session.rollback()
    return db.session.get_one(Occurrence, (occurrence.organisation_id, occurrence.id)).status


def twin_of(occurrence):
    """Find an id whose room code is the same."""
    code = check_in.code_of(occurrence)
    guesses = (Occurrence(organisation_id=occurrence.organisation_id, id=ids.new()) for _ in range(10**6))
    return next(guess.id for guess in guesses if check_in.code_of(guess) == code)


def at_once(app, person, times, *deeds):
    """Let several threads do one of the deeds for a person at the same moment; give how each ended, sorted."""
    outcomes, gate = [], Barrier(times)
    key = (person.organisation_id, person.id)

    def one(number):
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    deeds[number % len(deeds)](accounts.get_person(*key))
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(refused.code or "")
            finally:
                db.session.remove()

    threads = [Thread(target=one, args=(number,)) for number in range(times)]
    db.session.rollback()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
