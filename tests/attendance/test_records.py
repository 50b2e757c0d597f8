from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from aftercare.attendance import check_in
from aftercare.attendance.models import Attendance
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.people.models import Person
from tests.attendance.deeds import SIX, START, acts, at_once, enter, record, tick, wrong_for
from tests.factories import make_attendance, make_meeting, make_occurrence, make_person, saved


def test_a_reason_is_not_readable_in_the_database(tuesday, ana, sam):
    tick(tuesday, ana, sam, mark="excused", reason="Court date")

    sealed = db.session.execute(text("SELECT reason_sealed FROM attendance_events")).scalar_one()
    assert b"Court" not in bytes(sealed)


def test_the_credit_date_is_the_day_on_the_wall_of_the_place(clinic, tuesday):
    far = make_person(clinic, zone="Asia/Tokyo")

    enter(far, check_in.code_of(tuesday))

    assert record(tuesday, far).credit_date == date(2026, 11, 3)


@pytest.mark.parametrize("given", [{"attendance": "online"}, {"attendance": "hybrid"}])
def test_online_the_credit_date_is_the_day_of_the_patient(clinic, given):
    online = make_occurrence(make_meeting(clinic, **given), starts=SIX)
    far = make_person(clinic, zone="Asia/Tokyo")

    enter(far, check_in.code_of(online), is_online=True)

    assert record(online, far).credit_date == date(2026, 11, 4)


def test_the_credit_date_stays_when_zones_and_dates_change_afterwards(clinic, tuesday, ana, sam, hold):
    enter(ana, check_in.code_of(tuesday))
    with transaction():
        db.session.get_one(Person, (clinic.id, ana.id)).zone = "Asia/Tokyo"
        db.session.get_one(Meeting, (clinic.id, tuesday.meeting_id)).zone = "Pacific/Kiritimati"
        row = db.session.get_one(Occurrence, (clinic.id, tuesday.id))
        row.start_local, row.starts_at = row.start_local + timedelta(days=1), row.starts_at + timedelta(hours=8)
        row.ends_at += timedelta(hours=8)
    hold(START + timedelta(hours=8, minutes=30))

    enter(ana, check_in.code_of(tuesday))
    tick(tuesday, ana, sam)

    assert record(tuesday, ana).credit_date == date(2026, 11, 3)


def test_the_database_has_no_roll_for_a_fellowship_meeting(clinic):
    meeting = make_meeting(clinic, kind="fellowship")

    for kind in ("programme", "fellowship"):
        with pytest.raises(IntegrityError):
            make_occurrence(meeting, starts=SIX, kind=kind)


def test_the_database_has_no_attendance_without_a_date(clinic, ana):
    listing = make_meeting(clinic, kind="fellowship")

    with pytest.raises(IntegrityError):
        saved(
            Attendance(
                organisation_id=clinic.id, occurs_on=SIX.date(), occurrence_id=listing.id, person_id=ana.id,
                state="attended", credit_date=SIX.date(), arrived_at=START, way="self", assurance=0,
            )
        )  # fmt: skip


def test_the_database_refuses_a_second_record(tuesday, ana):
    make_attendance(tuesday, ana)

    with pytest.raises(IntegrityError):
        make_attendance(tuesday, ana)


def test_tries_made_at_once_are_all_counted(app, tuesday, ana):
    wrong = wrong_for(tuesday)

    outcomes = at_once(app, ana, 12, lambda person: check_in.by_code(person, wrong))

    assert outcomes == ["too_many_tries"] * 7 + ["wrong_code"] * 5


def test_two_ways_at_once_make_one_record(app, tuesday, ana, sam):
    code = check_in.code_of(tuesday)
    occurrence_id, by = tuesday.id, sam.id
    ways = [
        lambda person: check_in.by_code(person, code),
        lambda person: check_in.by_code(person, code, way="text"),
        lambda person: check_in.by_staff(person.organisation_id, occurrence_id, person.id, by=by),
    ]

    outcomes = at_once(app, ana, 9, *ways)

    db.session.rollback()
    assert outcomes == ["done"] * 9
    assert len(db.session.scalars(select(Attendance)).all()) == 1
    assert record(tuesday, ana).assurance == 3
    assert len(acts(ana)) == 9
