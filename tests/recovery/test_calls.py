from datetime import datetime, timedelta

import pytest

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.people import accounts
from aftercare.recovery import calls, outreach
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp
from tests.recovery.told import listed, someone, text_about


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def tomorrow(clinic):
    """Give a date on Tuesday at half past seven in the morning."""
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 7, 30))


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
