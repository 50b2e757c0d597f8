from datetime import timedelta

import pytest
from sqlalchemy import event

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import advice, beats, blocks, senders
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Sender
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text
from tests.recovery.test_web import words
from tests.signing_in import sign_in

PAGE = "/staff/texts/queue"
SIMULATOR = Sender("simulator")


@pytest.fixture
def clinic(app):
    return make_organisation()


@pytest.fixture
def desk(client, clinic):
    return sign_in(client, make_person(clinic, role="manager"))


def pause(failure, code):
    with transaction():
        until = clock.now() + timedelta(minutes=30)
        senders.pause(SIMULATOR, until, failure=failure, code=code, now=clock.now())


def test_the_queue_says_how_many_texts_are_due_late_and_failed(desk, clinic):
    ana = make_person(clinic)
    post_text(ana, due_at=clock.now() - timedelta(minutes=12))
    post_text(ana, state="failed", reason="recipient", error_code=21614, claimed_at=clock.now())

    said = words(desk.get(PAGE))

    assert "Due now 1 Late, due for more than 5 minutes 1 The oldest has been due for 12 minutes" in said
    assert "21614 1 The number does not exist or takes no texts." in said


def test_texts_of_another_organisation_are_not_counted(desk, clinic):
    theirs = make_person()
    post_text(theirs, due_at=clock.now() - timedelta(minutes=12))
    post_text(theirs, state="failed", reason="recipient", error_code=21614, claimed_at=clock.now())

    said = words(desk.get(PAGE))

    assert "Due now 0" in said
    assert "No text has failed in 24 hours." in said


@pytest.mark.parametrize(("role", "status"), [("counsellor", 403), ("manager", 200), ("admin", 200)])
def test_the_queue_is_for_managers_and_admins(client, clinic, role, status):
    assert sign_in(client, make_person(clinic, role=role)).get(PAGE).status_code == status


def test_a_paused_sender_says_why_and_what_to_do(desk, clinic):
    pause(Failure.CONFIGURATION, 20003)

    said = words(desk.get(PAGE))

    assert "Texts are held back. Nothing is lost." in said
    assert "The carrier does not accept our account or token." in said
    assert "The carrier's code: 20003." in said.replace("&#39;", "'")


def test_a_silent_installation_says_how_to_start_a_worker(desk, clinic):
    assert "No worker is at work, so no text goes out." in words(desk.get(PAGE))

    with transaction():
        beats.begin("server:7")

    said = words(desk.get(PAGE))
    assert "No worker is at work" not in said
    assert "server:7 At work" in said


def test_a_rise_of_blocked_texts_raises_an_alarm(desk, clinic):
    for _ in range(blocks.MANY):
        post_text(make_person(clinic), state="undelivered", reason="blocked", error_code=30007, claimed_at=clock.now())

    assert "Carriers block many of our texts." in words(desk.get(PAGE))


def test_the_page_asks_again_by_itself_and_by_a_link(desk, clinic):
    page = desk.get(PAGE).text

    assert 'hx-get="/staff/texts/queue" hx-trigger="every 15s"' in page
    assert '<a class="ilink" href="/staff/texts/queue">' in page


def test_looking_at_the_queue_writes_nothing(desk, clinic):
    post_text(make_person(clinic), due_at=clock.now() - timedelta(minutes=12))
    desk.get(PAGE)
    seen = []

    def note(*sent):
        seen.append(sent[2].split()[0])

    event.listen(db.engine, "before_cursor_execute", note)
    desk.get(PAGE)
    event.remove(db.engine, "before_cursor_execute", note)

    assert set(seen) - {"BEGIN"} == {"SELECT"}


@pytest.mark.parametrize("failure", list(Failure))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_class_of_trouble_says_what_to_do(app, failure, language):
    with app.test_request_context(f"/?lang={language}"):
        assert advice.about(failure).endswith(".")
