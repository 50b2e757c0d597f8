from datetime import UTC, datetime

from aftercare.core import turns
from aftercare.core.db import transaction

SLOT = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)


def take(job, slot=SLOT):
    with transaction():
        return turns.take(job, slot)


def test_one_worker_takes_a_turn_and_the_next_finds_it_taken(app):
    assert [take("plan"), take("plan")] == [True, False]


def test_each_job_and_each_slot_has_its_own_turn(app):
    assert [take("plan"), take("send"), take("plan", SLOT.replace(hour=18))] == [True, True, True]


def test_an_old_turn_that_was_swept_can_be_taken_anew(app):
    take("plan")
    with transaction():
        turns.sweep(SLOT.replace(hour=18))

    assert take("plan")
