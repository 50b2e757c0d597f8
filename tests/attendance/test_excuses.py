from datetime import timedelta

import pytest

from aftercare.attendance import check_in
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from tests.attendance.deeds import SIX, START, acts, enter, record, refusal, tick
from tests.factories import make_meeting, make_occurrence, make_rsvp


def do(deed, *values):
    db.session.rollback()
    with transaction():
        return deed(*values)


def test_an_excuse_of_ones_own_is_kept_without_its_reason_and_is_worth_the_least(tuesday, ana, hold):
    hold(START - timedelta(days=1))

    do(check_in.excuse, ana, tuesday.id)

    row = record(tuesday, ana)
    assert (row.state, row.way, row.assurance, row.reason_sealed) == ("excused", "self", 0, None)


def test_proof_of_being_there_outweighs_an_excuse(tuesday, ana, sam):
    make_rsvp(tuesday, ana)
    do(check_in.excuse, ana, tuesday.id)

    enter(ana, check_in.code_of(tuesday))

    assert (record(tuesday, ana).state, record(tuesday, ana).way) == ("attended", "code")


def test_what_staff_wrote_is_not_changed_by_an_excuse(tuesday, ana, sam):
    tick(tuesday, ana, sam)

    do(check_in.excuse, ana, tuesday.id)

    assert (record(tuesday, ana).state, record(tuesday, ana).way) == ("attended", "roll")


def test_an_excuse_is_taken_back_and_its_trace_stays(tuesday, ana):
    do(check_in.excuse, ana, tuesday.id)

    assert do(check_in.take_back_excuse, ana, tuesday.id)

    assert record(tuesday, ana) is None
    assert acts(ana) == [("excused", "self"), ("undone", "self")]
    assert not do(check_in.take_back_excuse, ana, tuesday.id)


def test_what_staff_excused_is_not_taken_back(tuesday, ana, sam):
    tick(tuesday, ana, sam, mark="excused", reason="Called us.")

    assert not do(check_in.take_back_excuse, ana, tuesday.id)
    assert record(tuesday, ana).state == "excused"


@pytest.mark.parametrize("deed", [check_in.excuse, check_in.take_back_excuse])
def test_of_a_cancelled_date_there_is_nothing_to_excuse(clinic, ana, deed):
    cancelled = make_occurrence(make_meeting(clinic), starts=SIX, status="cancelled")

    assert refusal(Conflict, do, deed, ana, cancelled.id) == "cancelled"


def test_an_excuse_does_not_say_that_the_date_was_held(tuesday, ana):
    do(check_in.excuse, ana, tuesday.id)

    db.session.rollback()
    assert db.session.merge(tuesday).status == "scheduled"
