"""Check-ups: a questionnaire that a patient answers item by item, in as many sittings as they like (product.md 6)."""

import json
import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.people.models import Person
from aftercare.recovery import instruments
from aftercare.recovery.models import Checkup, Instrument

OPEN_FOR = timedelta(days=7)


def open_checkup(person: Person, instrument: Instrument, *, by: uuid.UUID | None = None) -> Checkup:
    """Begin a check-up; raise Conflict while another is open."""
    if find_open(person) is not None:
        raise Conflict("They have a check-up that is not finished yet.", code="open")
    now = clock.now()
    checkup = Checkup(
        organisation_id=person.organisation_id,
        person_id=person.id,
        instrument_id=instrument.id,
        asked_at=now,
        closes_at=now + OPEN_FOR,
    )
    db.session.add(checkup)
    db.session.flush()
    _record("checkup.asked", checkup, by=by)
    return checkup


def find_open(person: Person) -> Checkup | None:
    """Find the check-up that somebody has not finished, and still may."""
    wanted = select(Checkup).where(
        Checkup.organisation_id == person.organisation_id,
        Checkup.person_id == person.id,
        Checkup.finished_at.is_(None),
        Checkup.closes_at > clock.now(),
    )
    return db.session.scalars(wanted.order_by(Checkup.asked_at.desc(), Checkup.id.desc()).limit(1)).first()


def is_open(checkup: Checkup) -> bool:
    """Tell whether a check-up can still be answered."""
    return checkup.finished_at is None and checkup.closes_at > clock.now()


def of(person: Person) -> Sequence[Checkup]:
    """Give all check-ups of somebody, the latest first."""
    wanted = select(Checkup).where(Checkup.organisation_id == person.organisation_id, Checkup.person_id == person.id)
    return db.session.scalars(wanted.order_by(Checkup.asked_at.desc(), Checkup.id.desc())).all()


def answers(checkup: Checkup) -> list[int]:
    """Give what was answered so far, item by item."""
    return [int(each) for each in json.loads(checkup.answers)] if checkup.answers_sealed else []


def answer(checkup: Checkup, number: int) -> bool:
    """Take the answer to the next item; say whether that was the last. Raises Invalid outside the scale."""
    instrument = instruments.get_instrument(checkup.organisation_id, checkup.instrument_id)
    if not instrument.low <= number <= instrument.high:
        raise Invalid("That number is not one of the answers.", code="scale")
    if checkup.finished_at is not None:
        raise Conflict("This check-up is finished.", code="finished")
    given = [*answers(checkup), number]
    checkup.answers = json.dumps(given)
    if len(given) < len(instrument.items):
        return False
    checkup.finished_at = clock.now()
    _record("checkup.finished", checkup, by=checkup.person_id)
    return True


def total(checkup: Checkup) -> int | None:
    """Add up the answers; None unless every item has one: part of a sum says nothing (product.md 6)."""
    return sum(answers(checkup)) if checkup.finished_at else None


def _record(act: str, checkup: Checkup, *, by: uuid.UUID | None) -> None:
    trail.record(
        act, organisation_id=checkup.organisation_id, about="checkup", about_id=checkup.id,
        person_id=checkup.person_id, actor_id=by,
    )  # fmt: skip
