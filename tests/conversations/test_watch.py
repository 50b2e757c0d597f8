from datetime import timedelta

import pytest

from aftercare.conversations import watch
from aftercare.core.db import database_now, db, transaction
from aftercare.messaging import beats, blocks, senders
from aftercare.messaging.models import WorkerBeat
from aftercare.messaging.retries import Failure
from aftercare.recovery.models import UNATTENDED, OutreachTask
from tests.factories import make_organisation, make_person
from tests.messaging.posting import SENDER, post_text
from tests.messaging.test_recall import plan

FIVE = beats.SILENT_AFTER


@pytest.fixture
def ana(app, monday):
    """Give somebody with a text that is due."""
    person = make_person()
    post_text(person)
    return person


def look():
    db.session.rollback()
    watch.look(SENDER)
    db.session.rollback()


def tasks(kind="worker_silent"):
    wanted = db.select(OutreachTask).where(OutreachTask.kind == kind).order_by(OutreachTask.id)
    return [(task.organisation_id, task.closed_at is None, task.is_urgent) for task in db.session.scalars(wanted)]


def heard(name, ago, *, started=timedelta(hours=1), stopped=False):
    """Let a worker have been heard of so long ago."""
    with transaction():
        now = database_now()
        row = db.session.get(WorkerBeat, name) or WorkerBeat(name=name)
        row.started_at, row.beat_at = now - started, now - ago
        row.stopped_at = row.beat_at if stopped else None
        db.session.add(row)


def pause(now, *, code=20003):
    with transaction():
        until = now + timedelta(minutes=30)
        senders.pause(SENDER, until, failure=Failure.CONFIGURATION, code=code, now=now)


def test_admins_are_told_once_that_all_workers_are_silent_while_texts_are_due(ana):
    heard("one", FIVE)

    look()
    look()

    assert tasks() == [(ana.organisation_id, True, True)]


def test_a_worker_that_never_was_is_silent_too(ana):
    look()
    look()

    assert tasks() == [(ana.organisation_id, True, True)]


def test_a_silence_in_which_nothing_is_due_concerns_nobody(app, monday):
    make_organisation()
    heard("one", FIVE)

    look()

    assert tasks() == []


def test_a_worker_that_lives_raises_no_alarm(ana):
    heard("one", timedelta(minutes=4))

    look()

    assert tasks() == []


def test_the_alarm_ends_when_a_worker_is_heard_of(ana):
    heard("one", FIVE)
    look()

    heard("one", timedelta(0))
    look()

    assert tasks() == [(ana.organisation_id, False, True)]


def test_another_silence_is_told_anew(ana):
    heard("one", 3 * FIVE)
    look()
    heard("one", timedelta(0))
    look()
    heard("one", FIVE)

    look()

    assert [is_open for _, is_open, _ in tasks()] == [False, True]


def test_a_worker_that_stopped_without_saying_so_is_told_of_while_others_live(ana):
    heard("one", FIVE)
    heard("two", timedelta(0))

    look()
    look()

    assert tasks() == [(ana.organisation_id, True, True)]


def test_the_alarm_about_one_worker_ends_when_another_has_started_since(ana):
    heard("one", FIVE)
    heard("two", timedelta(0))
    look()

    heard("three", timedelta(0), started=timedelta(minutes=1))
    look()

    assert tasks() == [(ana.organisation_id, False, True)]


def test_workers_that_stopped_politely_and_were_replaced_raise_no_alarm(ana):
    heard("one", FIVE, stopped=True)
    heard("two", timedelta(0))

    look()

    assert tasks() == []


def test_whose_texts_wait_for_a_paused_sender_are_told_why_once(ana, monday):
    make_organisation()
    heard("one", timedelta(0))
    pause(monday)

    look()
    look()

    assert tasks("sender_paused") == [(ana.organisation_id, True, True)]
    task = db.session.scalars(db.select(OutreachTask)).one()
    assert (task.facts["failure"], task.facts["code"]) == ("configuration", 20003)


def test_a_pause_that_lasts_is_one_alarm_however_often_a_text_is_tried(ana, monday, hold):
    pause(monday)
    look()
    later = monday + timedelta(minutes=30)
    hold(later)
    pause(later)

    look()

    assert len(tasks("sender_paused")) == 1


def test_the_alarm_about_a_sender_ends_when_texts_flow_again(ana, monday):
    pause(monday)
    look()
    with transaction():
        senders.resume(SENDER, now=monday + timedelta(hours=1))

    look()

    assert tasks("sender_paused") == [(ana.organisation_id, False, True)]


def test_all_are_told_once_that_carriers_block_our_texts_until_it_is_over(app):
    people = [make_person() for _ in range(blocks.MANY)]
    texts = [post_text(each, state="undelivered", reason="blocked", claimed_at=database_now()) for each in people]

    look()
    look()

    told = {(person.organisation_id, True, True) for person in people}
    assert (len(tasks("texts_filtered")), set(tasks("texts_filtered"))) == (blocks.MANY, told)
    with transaction():
        db.session.merge(texts[0]).state = "delivered"
    look()
    assert {is_open for _, is_open, _ in tasks("texts_filtered")} == {False}


def test_looking_for_open_alarms_reads_an_index(app):
    wanted = db.select(OutreachTask.id).where(UNATTENDED, OutreachTask.kind == "sender_paused")

    assert "ix_outreach_tasks_unattended" in plan(wanted)
