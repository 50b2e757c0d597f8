import threading
from datetime import timedelta

import pytest

from aftercare import jobs
from aftercare.consent import ledger, mail_ledger
from aftercare.conversations import letters
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.meetings import changes, rsvps
from tests.conversations.mailing import again, ana, clinic, link, mail, posting, remind, states, words, work
from tests.factories import make_meeting, make_occurrence, make_person, make_rsvp
from tests.people.sign_in import sign_in_patient

__all__ = ["ana", "clinic", "mail", "posting"]


def test_a_reminder_reaches_who_chose_e_mail_by_letter_and_nobody_else(posting, ana, clinic, mail):
    date = make_occurrence(make_meeting(clinic))
    remind(ana, date)

    work(posting)

    [taken] = mail.taken
    assert (taken.to, taken.letter["Subject"]) == ("ana@example.org", "A note from Elm St")
    assert words(taken).startswith("Reminder: Tue Nov 3, 6:00 PM.")
    assert "Reply" not in words(taken)
    assert "Tools" not in words(taken)
    assert states("reminder") == [("email", "sent")]


def test_the_page_in_a_letter_takes_the_answer(posting, ana, clinic, mail):
    date = make_occurrence(make_meeting(clinic))
    remind(ana, date)
    work(posting)
    with transaction():
        rsvps.answer(clinic.id, date.id, ana.id, "no", via="web")

    posting.test_client().post(link(mail.taken[0], "r"), data={"answer": "yes"})

    db.session.rollback()
    answer = rsvps.find_answer(clinic.id, date.id, ana.id)
    assert answer is not None
    assert answer.status == "going"


def test_planned_reminders_and_news_go_by_letter_too(posting, ana, clinic, mail, hold):
    date = make_occurrence(make_meeting(clinic), starts=clock.now().replace(tzinfo=None, day=3, hour=18))
    make_rsvp(date, ana, created_at=clock.now() - timedelta(days=7))
    work(posting)
    reminded = [words(taken).splitlines()[0] for taken in mail.taken]
    with transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=make_person(clinic, role="counsellor").id)
    work(posting)

    assert reminded == ["Reminder: Tue Nov 3, 6:00 PM."]
    assert words(mail.taken[-1]).startswith("Tue Nov 3, 6:00 PM is off.")


def test_a_letter_is_sent_once_however_often_the_worker_runs(posting, ana, clinic, mail):
    remind(ana, make_occurrence(make_meeting(clinic)))

    work(posting)
    work(posting)

    assert len(mail.taken) == 1


def test_one_click_ends_letters_and_what_waits(posting, ana, clinic, mail):
    remind(ana, make_occurrence(make_meeting(clinic)))
    work(posting)
    remind(ana, make_occurrence(make_meeting(clinic)), kind="moved", was=clock.now().replace(tzinfo=None))

    path = link(mail.taken[0], "mail/stop")
    assert posting.test_client().get(path).status_code == 200
    assert mail_ledger.allows(again(ana))
    answer = posting.test_client().post(path, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not mail_ledger.allows(again(ana))
    assert states("moved") == [("email", "cancelled")]
    work(posting)
    assert len(mail.taken) == 1


def test_after_the_end_nothing_is_posted(posting, ana, clinic, mail):
    with transaction():
        letters.end(ana, way="web")

    assert remind(ana, make_occurrence(make_meeting(clinic))) is None


def test_a_letter_that_waits_does_not_go_to_an_address_that_is_no_longer_theirs(posting, ana, clinic, mail):
    remind(ana, make_occurrence(make_meeting(clinic)))
    with transaction():
        again(ana).email = "new@example.org"

    work(posting)

    assert (mail.taken, states("reminder")) == ([], [("email", "cancelled")])


def test_a_dead_address_is_frozen_and_gets_no_more(posting, ana, clinic, mail):
    mail.next("RCPT", "550 5.1.1 no such user")
    remind(ana, make_occurrence(make_meeting(clinic)))

    work(posting)

    assert states("reminder") == [("email", "failed")]
    assert again(ana).email_frozen_at == clock.now()
    assert remind(again(ana), make_occurrence(make_meeting(clinic)), kind="moved") is None


def test_texts_go_on_while_the_mail_server_is_away(posting, ana, clinic, mail):
    for verb in ("EHLO", "EHLO"):
        mail.next(verb, "drop")
    ben = make_person(clinic)
    date = make_occurrence(make_meeting(clinic))
    remind(ana, date)
    remind(ben, date)

    work(posting)

    assert sorted(states("reminder")) == [("email", "pending"), ("text", "delivered")]


def test_who_asked_for_e_mail_says_by_a_letter_that_the_address_is_theirs(posting, clinic, mail):
    ana = make_person(clinic)
    browser = posting.test_client()
    sign_in_patient(browser, ana)

    page = browser.post("/texts/email", data={"email": "Ana@Example.org"}, follow_redirects=True)
    assert "We wrote to that address" in page.text
    assert (again(ana).email, again(ana).channel) == ("", "text")
    work(posting)
    path = link(mail.taken[0], "mail/confirm")
    assert "instead of texts" in posting.test_client().get(path).text
    posting.test_client().post(path)

    ana = again(ana)
    assert (ana.email, ana.channel, mail_ledger.allows(ana)) == ("Ana@example.org", "email", True)
    work(posting)
    assert words(mail.taken[-1]).startswith("You are set.")


def test_going_back_to_texts_needs_no_new_agreement_to_them(posting, ana, clinic):
    with transaction():
        ledger.grant_texts(ana, way="web")
    browser = posting.test_client()
    sign_in_patient(browser, ana)

    browser.post("/texts/email/end")

    date = make_occurrence(make_meeting(clinic))
    assert remind(again(ana), date).channel == "text"


@pytest.mark.parametrize("path", ["/mail/stop/", "/mail/confirm/"])
@pytest.mark.parametrize("secret", ["x", "AAAA", "%00", "é", "A" * 3000])
def test_a_made_up_address_opens_nothing(posting, path, secret):
    assert posting.test_client().get(path + secret).status_code == 404
    assert posting.test_client().post(path + secret).status_code == 404


def test_the_way_to_end_letters_is_no_way_to_begin_them(posting, ana, clinic, mail):
    remind(ana, make_occurrence(make_meeting(clinic)))
    work(posting)
    secret = link(mail.taken[0], "mail/stop").rpartition("/")[2]

    assert posting.test_client().post(f"/mail/confirm/{secret}").status_code == 404


def test_an_address_that_was_asked_for_two_days_ago_is_asked_again(posting, ana, clinic, mail, hold):
    with transaction():
        letters.ask_to_confirm(ana, "new@example.org")
    work(posting)
    hold(clock.now() + timedelta(days=2, seconds=1))

    assert posting.test_client().post(link(mail.taken[0], "mail/confirm")).status_code == 410
    assert again(ana).email == "ana@example.org"


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "@example.org", "ana@example", "a b@example.org", "a@b.c\r\nBcc: x@y.z", "á@example.org"],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Invalid):
        letters.read_address(typed)


def test_without_a_mail_server_nobody_is_offered_letters(app, client):
    ana = make_person()
    sign_in_patient(client, ana)

    assert client.get("/texts/email").status_code == 404


def test_the_running_worker_sends_letters_beside_texts(posting, ana, clinic, mail):
    remind(ana, make_occurrence(make_meeting(clinic)))
    db.session.rollback()
    stop = threading.Event()
    working = threading.Thread(target=jobs.Worker(posting).run, args=(stop,))
    working.start()
    try:
        for _ in range(2000):
            if mail.taken:
                break
            stop.wait(0.05)
    finally:
        stop.set()
        working.join(120)

    assert len(mail.taken) == 1
    assert states("reminder") == [("email", "sent")]
