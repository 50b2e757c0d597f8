from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import changes, dates, history, undoing
from aftercare.messaging.models import Message
from aftercare.people import accounts
from aftercare.recovery import calls, late_news, outreach
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp
from tests.meetings import serial
from tests.meetings.serial import edit, publish
from tests.messaging.posting import post_text


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def tomorrow(clinic):
    """Give a date on Tuesday at half past seven in the morning."""
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 7, 30))


def someone(clinic, date, name="Ana", **given):
    person = make_person(clinic, name=name, **given)
    make_rsvp(date, person)
    return person


def text_about(person, date, state="delivered", **given):
    about = {"occurrence_id": date.id, "occurs_on": date.occurs_on, "useful_until": date.starts_at}
    return post_text(
        person, once=f"reminder:48:{date.id}:{date.sequence}:{person.id}", state=state, **about | given
    )  # fmt: skip


def listed(date):
    db.session.rollback()
    return {call.name: call.reason.value for call in calls.of(date.organisation_id, date.id)}


def test_everybody_expected_whom_no_text_reached_is_listed_with_the_reason(clinic, tomorrow):
    text_about(someone(clinic, tomorrow, "Ana"), tomorrow)
    text_about(someone(clinic, tomorrow, "Ben"), tomorrow, "undelivered")
    text_about(someone(clinic, tomorrow, "Cal"), tomorrow, "sent", left_at=clock.now())
    text_about(someone(clinic, tomorrow, "Hal"), tomorrow, "sent", left_at=clock.now() - timedelta(hours=2))
    text_about(
        someone(clinic, tomorrow, "Ida"),
        tomorrow,
        "accepted",
        left_at=clock.now() - timedelta(hours=2),
        channel="email",
    )
    someone(clinic, tomorrow, "Dee", phone=None, agrees_to_texts=False)
    someone(clinic, tomorrow, "Eve", agrees_to_texts=False)
    stopped, frozen = someone(clinic, tomorrow, "Fay"), someone(clinic, tomorrow, "Gus")
    with transaction():
        ledger.withdraw_texts(stopped, way="web")
        accounts.freeze_phone(frozen)

    assert listed(tomorrow) == {
        "Ben": "failed", "Cal": "on_its_way", "Dee": "no_phone", "Eve": "no_consent", "Fay": "stopped", "Gus": "frozen",
        "Hal": "unconfirmed", "Ida": "on_its_way",
    }  # fmt: skip


def test_members_who_have_not_answered_are_expected_and_who_declined_is_not(clinic):
    meeting = make_meeting(clinic)
    date = make_occurrence(meeting, starts=datetime(2026, 11, 3, 18))
    make_member(meeting, make_person(clinic, name="Ana"))
    declined, left = make_person(clinic, name="Ben"), make_person(clinic, name="Cal", left_at=clock.now())
    make_rsvp(date, declined, status="declined")
    make_rsvp(date, left)

    assert listed(date) == {"Ana": "not_sent"}


def test_whoever_replied_by_text_needs_no_call(clinic, tomorrow):
    ana = make_person(clinic)
    make_rsvp(tomorrow, ana, confirmed_at=clock.now(), confirmed_via="sms")

    assert listed(tomorrow) == {}


def test_what_was_said_of_another_time_does_not_count(clinic, tomorrow):
    text_about(someone(clinic, tomorrow), tomorrow, useful_until=tomorrow.starts_at + timedelta(days=1))

    assert listed(tomorrow) == {"Ana": "not_sent"}


def test_a_call_is_logged_once_and_a_second_try_may_reach_them(clinic, tomorrow):
    ana, sam = someone(clinic, tomorrow), make_person(clinic, role="counsellor")

    def log(outcome):
        with transaction():
            calls.log(clinic.id, tomorrow.id, ana.id, outcome=outcome, by=sam.id)
        db.session.rollback()
        (call,) = calls.of(clinic.id, tomorrow.id)
        return call.outcome, call.is_needed

    assert log("no_answer") == ("no_answer", True)
    assert log("no_answer") == ("no_answer", True)
    assert log("reached") == ("reached", False)
    assert ana.id in outreach.who_was_reached(clinic.id, since=clock.now() - timedelta(hours=1))


def test_only_who_is_on_the_list_is_logged_and_only_so(clinic, tomorrow):
    ana, sam, other = someone(clinic, tomorrow), make_person(clinic, role="counsellor"), make_person(clinic)

    with pytest.raises(Invalid), transaction():
        calls.log(clinic.id, tomorrow.id, ana.id, outcome="done", by=sam.id)
    with pytest.raises(NotFound), transaction():
        calls.log(clinic.id, tomorrow.id, other.id, outcome="reached", by=sam.id)
    with pytest.raises(NotFound):
        calls.of(make_organisation().id, tomorrow.id)


def test_the_list_takes_as_many_questions_for_many_dates_and_people(clinic, statements):
    meeting = make_meeting(clinic)

    def dates(count, people):
        made = [make_occurrence(meeting, starts=datetime(2026, 11, 3 + len(made_before) + n, 18)) for n in range(count)]
        made_before.extend(made)
        for date in made:
            for _ in range(people):
                text_about(someone(clinic, date), date, "failed")
        db.session.rollback()
        return [db.session.merge(date) for date in made]

    made_before: list = []
    one, many = dates(1, 1), dates(3, 4)
    key = meeting.organisation_id
    assert [date.starts_at.day for date in (*one, *many)] == [4, 5, 6, 7]

    assert statements(lambda: calls.of_dates(key, one)) == statements(lambda: calls.of_dates(key, many))


def night_before(hold):
    hold(datetime(2026, 11, 3, 5, 0, tzinfo=clock.now().tzinfo))


def ask():
    db.session.rollback()
    for key in late_news.due():
        with transaction():
            late_news.ask(*key)
    db.session.rollback()


def tasks(clinic):
    db.session.rollback()
    return [(task.kind, task.is_urgent, task.facts["occurrence_id"]) for task in outreach.open_tasks(clinic.id)]


def test_a_date_cancelled_at_night_for_the_early_morning_is_told_by_a_call(clinic, tomorrow, hold):
    someone(clinic, tomorrow)
    night_before(hold)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)

    ask()
    ask()

    assert tasks(clinic) == [("late_news", True, str(tomorrow.id))]
    assert listed(tomorrow) == {"Ana": "too_late"}


def test_a_date_moved_at_night_is_told_by_a_call_and_by_the_text_of_the_morning(clinic, tomorrow, hold):
    ana = someone(clinic, tomorrow)
    night_before(hold)
    with transaction():
        changes.move_occurrence(clinic.id, tomorrow.id, to=datetime(2026, 11, 3, 18), by=None)

    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]
    assert listed(tomorrow) == {"Ana": "too_late"}
    text = db.session.scalars(db.select(Message).where(Message.person_id == ana.id)).one()
    assert (text.kind, text.state) == ("moved", "pending")
    assert text.due_at == datetime(2026, 11, 3, 16, 0, tzinfo=text.due_at.tzinfo)


def put_in(clinic, date, name):
    with transaction():
        dates.change_place(clinic.id, date.id, name=name, address="", by=None)


def test_another_place_said_at_night_is_told_by_a_call_whatever_the_reminder_said(clinic, tomorrow, hold):
    text_about(someone(clinic, tomorrow), tomorrow)
    night_before(hold)
    assert listed(tomorrow) == {}
    put_in(clinic, tomorrow, "Library")

    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]
    assert listed(tomorrow) == {"Ana": "too_late"}


def test_another_place_that_was_told_in_time_asks_nobody_to_call_until_it_changes_again(clinic, tomorrow, hold):
    ana, sam = someone(clinic, tomorrow), make_person(clinic, role="counsellor")
    put_in(clinic, tomorrow, "Library")
    with transaction():
        db.session.execute(update(Message).values(state="delivered"))
    ask()
    assert (listed(tomorrow), tasks(clinic)) == ({}, [])

    night_before(hold)
    put_in(clinic, tomorrow, "School")
    ask()
    assert listed(tomorrow) == {"Ana": "too_late"}
    with transaction():
        calls.log(clinic.id, tomorrow.id, ana.id, outcome="reached", by=sam.id)
    put_in(clinic, tomorrow, "Town Hall")
    db.session.rollback()
    assert [call.is_needed for call in calls.of(clinic.id, tomorrow.id)] == [True]


def test_a_place_that_is_taken_back_before_anybody_heard_leaves_the_reminder_true(clinic, tomorrow):
    text_about(someone(clinic, tomorrow), tomorrow)
    put_in(clinic, tomorrow, "Library")
    assert listed(tomorrow) == {"Ana": "leaves_later"}
    with transaction():
        [change] = history.undoable(clinic.id, tomorrow.meeting_id)
        undoing.undo(clinic.id, change.id, by=None)

    assert listed(tomorrow) == {}
    assert late_news.due() == []


def test_a_series_in_another_place_is_news_of_each_of_its_dates(clinic, hold):
    meeting = publish(clinic, first=datetime(2026, 11, 3, 7, 30), place_name="Hall")
    tomorrow = first_of(meeting)
    text_about(someone(clinic, tomorrow), tomorrow)
    night_before(hold)
    edit(meeting, place_name="Library")

    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]


def first_of(meeting):
    return serial.dates(meeting)[0]


def test_news_that_has_time_asks_nobody_to_call(clinic, tomorrow, hold, monday):
    someone(clinic, tomorrow)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
    ask()
    assert tasks(clinic) == []

    with transaction():
        db.session.execute(update(Message).values(state="undelivered"))
    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]


def test_staff_are_asked_when_a_text_with_news_stays_unconfirmed_for_over_an_hour(clinic, tomorrow, hold):
    someone(clinic, tomorrow)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
        left_at = tomorrow.starts_at - timedelta(minutes=50)
        db.session.execute(update(Message).values(state="sent", left_at=left_at))
    hold(tomorrow.starts_at - timedelta(minutes=40))
    ask()
    assert (listed(tomorrow), tasks(clinic)) == ({"Ana": "just_sent"}, [])

    with transaction():
        db.session.execute(update(Message).values(left_at=left_at - timedelta(hours=1)))
    ask()

    assert (listed(tomorrow), [kind for kind, _, _ in tasks(clinic)]) == ({"Ana": "unconfirmed"}, ["late_news"])


def test_the_task_is_over_when_all_have_heard_or_the_moment_has_passed(clinic, tomorrow, hold):
    ana, sam = someone(clinic, tomorrow), make_person(clinic, role="counsellor")
    night_before(hold)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
    ask()

    assert close() == [False]
    with transaction():
        calls.log(clinic.id, tomorrow.id, ana.id, outcome="reached", by=sam.id)
    assert close() == [True]
    assert tasks(clinic) == []


def test_a_task_that_nobody_did_closes_when_it_is_too_late(clinic, tomorrow, hold):
    someone(clinic, tomorrow)
    night_before(hold)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
    ask()
    hold(tomorrow.starts_at)

    assert close() == [True]


def close():
    db.session.rollback()
    with transaction():
        return [late_news.close_if_over(*key) for key in late_news.asked()]


def test_moved_twice_the_earliest_start_that_somebody_may_believe_in_counts(clinic, tomorrow):
    early = tomorrow.starts_at
    for hour in (18, 20):
        with transaction():
            changes.move_occurrence(clinic.id, tomorrow.id, to=datetime(2026, 11, 3, hour), by=None)

    db.session.rollback()
    assert db.session.merge(tomorrow).hear_by == early
