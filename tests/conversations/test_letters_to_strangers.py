from datetime import timedelta

import pytest

from aftercare.consent import mail_ledger
from aftercare.conversations import agreement, letters, unreachable
from aftercare.core import clock
from aftercare.core.db import transaction
from aftercare.core.errors import Invalid, TooMany
from aftercare.meetings import changes
from tests.conversations.mailing import again, ana, clinic, link, mail, posting, remind, states, words, work
from tests.conversations.texting import tasks, text
from tests.factories import make_meeting, make_occurrence, make_person, make_rsvp

__all__ = ["ana", "clinic", "mail", "posting"]


def ask(person, address):
    with transaction():
        letters.ask_to_confirm(again(person), address)


@pytest.fixture
def ben(clinic):
    """Somebody who gets texts."""
    return make_person(clinic)


def test_only_the_latest_question_can_be_answered(posting, ben, mail):
    ask(ben, "typo@example.org")
    work(posting)
    ask(ben, "right@example.org")
    work(posting)
    to_stranger, to_ben = mail.taken

    assert posting.test_client().post(link(to_stranger, "mail/confirm")).status_code == 410
    assert posting.test_client().post(link(to_ben, "mail/confirm")).status_code == 200
    assert posting.test_client().post(link(to_stranger, "mail/confirm")).status_code == 410
    assert again(ben).email == "right@example.org"


def test_a_question_is_answered_once(posting, ben, mail):
    ask(ben, "right@example.org")
    work(posting)
    browser = posting.test_client()
    browser.post(link(mail.taken[0], "mail/confirm"))
    browser.post(link(mail.taken[0], "mail/stop"))

    assert browser.post(link(mail.taken[0], "mail/confirm")).status_code == 410
    assert not mail_ledger.allows(again(ben))


def test_who_has_left_begins_nothing(posting, ben, mail):
    ask(ben, "right@example.org")
    work(posting)
    with transaction():
        again(ben).left_at = clock.now()

    assert posting.test_client().post(link(mail.taken[0], "mail/confirm")).status_code == 410


def test_a_stranger_ends_nothing_but_letters_to_their_own_address(posting, ben, mail):
    ask(ben, "typo@example.org")
    work(posting)
    ask(ben, "right@example.org")
    work(posting)
    browser = posting.test_client()
    browser.post(link(mail.taken[1], "mail/confirm"))

    browser.post(link(mail.taken[0], "mail/stop"), data={"List-Unsubscribe": "One-Click"})

    assert mail_ledger.allows(again(ben))
    with pytest.raises(Invalid, match="asked not to write"):
        ask(ben, "typo@example.org")


def test_an_address_is_asked_three_times_a_day_at_most_whoever_names_it(ben, ana):
    for person in (ben, ana, ben):
        ask(person, "somebody@example.org")

    with pytest.raises(TooMany):
        ask(ana, "somebody@example.org")


def test_a_question_that_bounces_says_nothing_of_what_works(posting, ben, ana, clinic, mail):
    date = make_occurrence(make_meeting(clinic))
    remind(ben, date)
    with transaction():
        letters.ask_to_confirm(again(ben), "typo@example.org")
        letters.ask_to_confirm(again(ana), "typo@example.net")
    mail.next("RCPT", "550 5.1.1 no such user")
    mail.next("RCPT", "550 5.1.1 no such user")

    work(posting)

    assert states("reminder") == [("text", "delivered")]
    assert (again(ben).email_frozen_at, again(ana).email_frozen_at) == (None, None)
    assert remind(again(ana), date, kind="moved", was=clock.now().replace(tzinfo=None)).channel == "email"


@pytest.mark.parametrize("said", ["554 5.7.1 Relay access denied", "550 5.4.5 daily quota exceeded"])
def test_a_server_that_will_not_carry_for_us_kills_no_address(posting, ana, clinic, mail, said):
    remind(ana, make_occurrence(make_meeting(clinic)))
    mail.next("RCPT", said)

    work(posting)

    assert (again(ana).email_frozen_at, states("reminder")) == (None, [("email", "pending")])


def test_staff_are_asked_about_a_dead_address_once(posting, ana, clinic, mail):
    remind(ana, make_occurrence(make_meeting(clinic)))
    mail.next("RCPT", "550 5.1.1 no such user")
    work(posting)

    for _ in range(2):
        with transaction():
            unreachable.ask_staff(clinic.id)

    assert [task.person_id for task in tasks("contact")] == [ana.id]


def test_a_planned_reminder_goes_the_way_that_was_chosen_meanwhile(posting, ben, clinic, mail, hold):
    date = make_occurrence(make_meeting(clinic), starts=clock.now().replace(tzinfo=None, day=4, hour=18))
    make_rsvp(date, ben, created_at=clock.now() - timedelta(days=7))
    hold(clock.now() - timedelta(hours=14))
    work(posting)
    assert states("reminder")
    assert set(states("reminder")) == {("text", "pending")}
    ask(ben, "right@example.org")
    work(posting)
    posting.test_client().post(link(mail.taken[0], "mail/confirm"))

    hold(clock.now() + timedelta(hours=22, minutes=30))
    work(posting)

    assert "Reminder: Wed Nov 4, 6:00 PM." in [words(taken).splitlines()[0] for taken in mail.taken]


def test_news_that_waits_is_not_lost_by_choosing_e_mail(posting, ben, clinic, mail, hold):
    date = make_occurrence(make_meeting(clinic), starts=clock.now().replace(tzinfo=None, day=3, hour=18))
    make_rsvp(date, ben, created_at=clock.now() - timedelta(days=7))
    hold(clock.now() - timedelta(hours=5))
    ask(ben, "right@example.org")
    work(posting)
    with transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=make_person(clinic, role="counsellor").id)
    posting.test_client().post(link(mail.taken[0], "mail/confirm"))

    hold(clock.now() + timedelta(hours=6))
    work(posting)

    assert states("cancelled_next") == [("text", "delivered")]


@pytest.mark.parametrize(
    "typed", ["a@b@c.org", ".a@x.org", "a..b@x.org", "a:b@x.org", "a@x..org", "a@-x.org", "a@x.org.", "a@x", "ä@x.org"]
)
def test_what_a_mail_server_could_not_take_is_refused_at_once(ben, typed):
    with pytest.raises(Invalid):
        ask(ben, typed)


def test_a_stranger_sees_no_more_than_the_discreet_name(posting, ben, mail):
    ask(ben, "typo@example.org")
    work(posting)

    page = posting.test_client().get(link(mail.taken[0], "mail/confirm")).text

    assert "I agree to get e-mails from Elm St about" in page
    assert "Elm Street Center" not in page


def test_a_stop_by_text_or_told_to_staff_ends_letters_too(posting, ana, clinic):
    sam = make_person(clinic, role="counsellor")
    ben = make_person(clinic, email="ben@example.org", channel="email")
    with transaction():
        mail_ledger.grant(ben, way="email")
    text(ana, "STOP")
    with transaction():
        agreement.stop_for(ben, by=sam.id)

    assert [mail_ledger.allows(again(person)) for person in (ana, ben)] == [False, False]
    assert remind(again(ana), make_occurrence(make_meeting(clinic))) is None
