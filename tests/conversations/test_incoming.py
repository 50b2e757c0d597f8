from datetime import timedelta
from threading import Barrier, Thread

import pytest

from aftercare.consent import ledger
from aftercare.conversations import incoming
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging import inbox
from aftercare.messaging.models import InboundText, Message
from aftercare.people.models import Organisation
from aftercare.recovery import progress
from aftercare.recovery.models import OutreachTask
from tests.carrier_wire import NUMBER
from tests.conversations.texting import ask
from tests.factories import make_meeting, make_occurrence, make_person
from tests.messaging.posting import only_message, post_text


def test_a_text_that_could_not_be_read_is_read_again(app, monday):
    ana = make_person()
    with transaction():
        kept = inbox.take_in("SM9", sender=ana.phone, to=NUMBER, body="HELP")
        assert kept is not None
    (unread,) = inbox.find_unread()

    for _ in range(2):
        with transaction():
            incoming.read_again(unread)

    assert inbox.find_unread() == []
    assert only_message().kind == "help"


def read_hours_later(monday, hold, ana, body, *, meanwhile=lambda: None):
    """Keep a text that nobody can read, and let the worker read it five hours later."""
    with transaction():
        inbox.take_in("SM9", sender=ana.phone, to=NUMBER, body=body)
    hold(monday + timedelta(hours=2))
    with transaction():
        meanwhile()
    hold(monday + timedelta(hours=5))
    (unread,) = inbox.find_unread()
    with transaction():
        incoming.read_again(unread)
    assert inbox.find_unread() == []


def test_what_could_not_be_read_is_read_in_the_order_it_came_and_the_oldest_waits_if_it_is_too_much(app, monday, hold):
    kept = []
    for minute, body in enumerate(("hello", "Y", "STOP")):
        hold(monday + timedelta(minutes=minute))
        with transaction():
            text = inbox.take_in(f"SM{minute}", sender="+13035550100", to=NUMBER, body=body)
            assert text is not None
            kept.append(text.id)

    assert inbox.find_unread() == kept
    assert inbox.find_unread(limit=2) == kept[1:]


def test_a_stop_holds_however_late_it_is_read(app, monday, hold):
    ana = make_person()
    post_text(ana, due_at=monday + timedelta(days=1))

    read_hours_later(monday, hold, ana, "STOP")

    assert not ledger.allows_texts(ana)
    assert only_message().state == "cancelled"


def test_a_stop_that_is_read_late_does_not_undo_a_newer_agreement(app, monday, hold):
    ana = make_person()

    read_hours_later(monday, hold, ana, "STOP", meanwhile=lambda: ledger.grant_texts(ana, way="text"))

    assert ledger.allows_texts(ana)


def test_a_cry_for_help_that_is_read_late_is_not_answered_but_staff_are_asked_to_call(app, monday, hold):
    ana = make_person()

    read_hours_later(monday, hold, ana, "I want to kill myself")

    task = db.session.scalars(db.select(OutreachTask)).one()
    assert (task.kind, task.person_id, count(Message)) == ("crisis", ana.id, 0)


@pytest.mark.parametrize("body", ["HELP", "Y", "START", "hello"])
def test_what_only_puzzles_is_not_answered_late(app, monday, hold, body):
    read_hours_later(monday, hold, make_person(), body)

    assert count(Message) == 0


def take_in(sid, sender, body, **given):
    with transaction():
        incoming.take_in(sid, sender=sender.phone, to=NUMBER, body=body, **given)


def status(date, person):
    db.session.rollback()
    row = rsvps.find_answer(date.organisation_id, date.id, person.id)
    return row.status if row else "none"


def test_a_text_that_comes_twice_is_done_once(app, monday, hold):
    ana = make_person()
    date = make_occurrence(make_meeting(organisation_of(ana)))
    ask(ana, date)
    take_in("SM1", ana, "Y")
    hold(monday + timedelta(minutes=1))
    take_in("SM2", ana, "GOAL 4")
    hold(monday + timedelta(minutes=2))

    take_in("SM1", ana, "N")
    take_in("SM2", ana, "GOAL 1")

    assert status(date, ana) == "going"
    assert progress.goal_of(ana) == 4
    assert count(InboundText) == 2


def test_what_was_sent_last_holds_though_it_came_first(app, monday, hold):
    ana = make_person()
    date = make_occurrence(make_meeting(organisation_of(ana)))
    ask(ana, date)
    hold(monday + timedelta(minutes=10))
    take_in("SM2", ana, "N", sent_at=monday + timedelta(minutes=5))
    take_in("SM1", ana, "Y", sent_at=monday + timedelta(minutes=2))

    assert status(date, ana) == "declined"
    assert [m.once for m in messages() if m.kind in ("thanks", "no_thanks")] == ["answer:SM2"]


def test_an_answer_that_was_overtaken_while_it_could_not_be_read_changes_nothing(app, monday, hold):
    ana = make_person()
    date = make_occurrence(make_meeting(organisation_of(ana)))
    ask(ana, date)
    hold(monday + timedelta(minutes=1))
    with transaction():
        inbox.take_in("SM1", sender=ana.phone, to=NUMBER, body="Y")
    hold(monday + timedelta(minutes=2))
    take_in("SM2", ana, "CANT my car broke down")
    (unread,) = inbox.find_unread()
    with transaction():
        incoming.read_again(unread)

    assert status(date, ana) == "declined"
    assert [m.kind for m in messages() if m.once == "answer:SM1"] == []


def test_of_two_answers_that_are_read_at_once_the_later_one_holds(app, monday):
    ana = make_person()
    date = make_occurrence(make_meeting(organisation_of(ana)))
    ask(ana, date)
    number, both = ana.phone, Barrier(2)

    def read(sid, body, seconds):
        with app.app_context():
            both.wait()
            with transaction():
                sent_at = monday + timedelta(seconds=seconds)
                incoming.take_in(sid, sender=number, to=NUMBER, body=body, sent_at=sent_at)

    db.session.rollback()
    readers = [Thread(target=read, args=each) for each in (("SM1", "Y", 1), ("SM2", "N", 2))]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert status(date, ana) in ("declined", "cancelled")
    assert inbox.find_unread() == []


def test_a_later_answer_about_another_date_overtakes_nothing(app, monday, hold):
    ana = make_person()
    meeting = make_meeting(organisation_of(ana))
    tuesday, thursday = (
        make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=day, hour=18)) for day in (3, 5)
    )
    ask(ana, tuesday)
    hold(monday + timedelta(minutes=5))
    ask(ana, thursday)
    hold(monday + timedelta(minutes=10))
    take_in("SM2", ana, "N", sent_at=monday + timedelta(minutes=8))
    take_in("SM1", ana, "Y", sent_at=monday + timedelta(minutes=2))

    assert (status(tuesday, ana), status(thursday, ana)) == ("going", "declined")


def test_an_answer_is_to_what_was_asked_before_it_was_sent(app, monday, hold):
    ana = make_person()
    meeting = make_meeting(organisation_of(ana))
    tuesday, thursday = (
        make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=day, hour=18)) for day in (3, 5)
    )
    ask(ana, tuesday)
    hold(monday + timedelta(minutes=5))
    ask(ana, thursday)

    take_in("SM1", ana, "Y", sent_at=monday + timedelta(minutes=2))

    assert (status(tuesday, ana), status(thursday, ana)) == ("going", "none")


@pytest.mark.parametrize("days", [-2, 2])
def test_a_time_far_from_the_arrival_is_not_believed(app, monday, days):
    take_in("SM1", make_person(), "hello", sent_at=monday + timedelta(days=days))

    kept = db.session.scalars(db.select(InboundText)).one()
    assert (kept.sent_at, kept.said_at) == (None, monday)


def test_unread_texts_are_read_in_the_order_they_were_sent(app, monday):
    ana, kept = make_person(), []
    with transaction():
        for sid, minutes in (("SM1", 3), ("SM2", 1), ("SM3", 2)):
            sent_at = monday - timedelta(minutes=minutes)
            text = inbox.take_in(sid, sender=ana.phone, to=NUMBER, body="hello", sent_at=sent_at)
            assert text is not None
            kept.append(text.id)

    assert inbox.find_unread() == [kept[0], kept[2], kept[1]]


ODD = [
    *["\x00", "Y\x00", "\ud800", "Y \udfff", "\u202eSTOP\u202c", "\u200fنعم\u200f", "👍" * 400, "Y" + " 👩‍👩‍👧‍👦" * 50],
    *["a" * 1600, "Y " * 800, "\u200b", "\ufeffY", "ﷺ" * 100, "é" * 1600, "\n" * 1600, "Liked “\x00”"],
]


@pytest.mark.parametrize("body", ODD)
def test_whatever_a_phone_can_send_is_kept_and_read(app, monday, body):
    ana = make_person()
    take_in("SM1", ana, body)

    kept = db.session.scalars(db.select(InboundText)).one()
    assert kept.verb is not None
    assert kept.body == body.encode("utf-8", "replace").decode()


def test_a_wish_between_marks_of_direction_is_heard(app, monday):
    ana = make_person()
    take_in("SM1", ana, "\u202e\u200fSTOP\u200f\u202c")

    assert not ledger.allows_texts(ana)


def organisation_of(person):
    return db.session.get(Organisation, person.organisation_id)


def messages():
    db.session.rollback()
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def count(model):
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model))
