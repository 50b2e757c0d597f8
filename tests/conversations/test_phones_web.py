from datetime import datetime, time, timedelta

import pytest

from aftercare.app import create_app
from aftercare.conversations import phones
from aftercare.core import clock
from aftercare.core.db import begin_reading, db, transaction
from aftercare.jobs import Worker
from aftercare.messaging import numbers
from aftercare.messaging.gateway import OutgoingText
from aftercare.messaging.models import InboundText, Message
from aftercare.messaging.simulator import SimulatedCarrier
from aftercare.people import accounts, number_changes
from tests.conftest import Browser, query_count, settings_for
from tests.conversations.texting import ask
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def demo(app, tmp_path):
    """Give the application of the demo, with its movable clock, on the database of the test."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    (tmp_path / "clock").write_text("0")
    demo = create_app(settings_for(url, is_demo=True, demo_clock=tmp_path / "clock"))
    demo.config["WTF_CSRF_ENABLED"] = False
    demo.test_client_class = Browser
    with demo.app_context():
        begin_reading()
        yield demo
        db.session.remove()
        db.engine.dispose()
    clock.follow(None)


@pytest.fixture
def browser(demo):
    return demo.test_client()


@pytest.fixture
def clinic(demo):
    return make_organisation()


def carry(demo, person, body):
    text = OutgoingText(message_id=person.id, to=person.phone, body=body, status_callback="", valid_seconds=60)
    db.session.rollback()
    SimulatedCarrier(demo).send(text)


def test_there_are_no_phones_outside_the_demo(app, client):
    ana = make_person()

    assert client.get("/phones").status_code == 404
    assert client.post(f"/phones/{ana.id}", data={"body": "Y"}).status_code == 404
    assert client.post("/phones/clock", data={"move": "day"}).status_code == 404


def test_there_are_no_phones_in_a_demo_that_really_texts(app):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    real = {"sms": "twilio", "twilio_account_sid": "AC" + "1" * 32, "twilio_auth_tokens": ("t" * 32,)}
    texting = create_app(settings_for(url, is_demo=True, twilio_from="+15005550006", **real))

    assert texting.test_client().get("/phones").status_code == 404


def test_the_phones_of_patients_lie_side_by_side_with_their_texts(demo, browser, clinic):
    ana, ben = make_person(clinic, name="Ana Reyes", language="es"), make_person(clinic, name="Ben Ito")
    make_person(clinic, role="counsellor", name="Sam Ortiz")
    make_person(clinic, name="Cy Nophone", phone=None, agrees_to_texts=False)
    carry(demo, ana, "Recordatorio: mar 3 nov")

    page = browser.get("/phones").text

    assert [name for name in ("Ana Reyes", "Ben Ito", "Sam Ortiz", "Cy Nophone") if name in page] == [
        "Ana Reyes",
        "Ben Ito",
    ]
    assert "Recordatorio: mar 3 nov" in page
    assert ana.phone not in page
    assert ben.phone not in page


def test_a_text_sent_from_a_phone_is_taken_in_as_from_the_carrier(browser, clinic):
    date, ana = make_occurrence(make_meeting(clinic)), make_person(clinic)
    make_rsvp(date, ana)
    ask(ana, date)

    answer = browser.post(f"/phones/{ana.id}", data={"quick": "Y"})

    assert (answer.status_code, answer.location) == (303, f"/phones#phone-{ana.id}")
    db.session.rollback()
    inbound = db.session.query(InboundText).one()
    assert (inbound.verb, inbound.person_id, inbound.number) == ("yes", ana.id, ana.phone)
    assert db.session.query(Message).filter_by(once=f"answer:{inbound.sid}").one().kind == "thanks"


def test_what_somebody_wrote_stands_in_their_thread_in_order(demo, browser, clinic):
    ana = make_person(clinic)
    carry(demo, ana, "first of ours")
    browser.post(f"/phones/{ana.id}", data={"body": "then <b>mine</b>"})
    carry(demo, ana, "last of ours")

    page = browser.get("/phones").text

    assert "<b>mine" not in page
    places = [page.index(words) for words in ("first of ours", "then &lt;b&gt;mine", "last of ours")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("body", "sentence"), [("   ", "Write a text first."), ("x" * 1601, "Write at most 1,600 characters.")]
)
def test_an_empty_or_endless_text_is_not_sent(browser, clinic, body, sentence):
    ana = make_person(clinic)

    answer = browser.post(f"/phones/{ana.id}", data={"body": body})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert db.session.query(InboundText).count() == 0


def test_only_phones_on_the_page_can_be_answered_from(browser, clinic):
    counsellor = make_person(clinic, role="counsellor")

    assert browser.post(f"/phones/{counsellor.id}", data={"body": "Y"}).status_code == 404
    assert db.session.query(InboundText).count() == 0


@pytest.mark.parametrize(("move", "seconds"), [("hour", 3600), ("day", 86400)])
def test_the_clock_moves_on(browser, clinic, move, seconds):
    before = clock.now()

    assert browser.post("/phones/clock", data={"move": move}).status_code == 303
    assert timedelta(0) <= clock.now() - before - timedelta(seconds=seconds) < timedelta(seconds=60)


def test_the_clock_moves_to_half_an_hour_before_the_next_group(browser, clinic):
    meeting = make_meeting(clinic)
    begun, soon, later = (
        make_occurrence(meeting, starts=(clock.now() + timedelta(minutes=minutes)).replace(tzinfo=None, microsecond=0))
        for minutes in (-60 * 7 + 5, 60 * 17, 60 * 40)
    )

    browser.post("/phones/clock", data={"move": "group"})

    coming = min(date.starts_at for date in (begun, soon, later) if date.starts_at > clock.now())
    assert timedelta(minutes=29) < coming - clock.now() <= timedelta(minutes=30)


def test_the_clock_makes_no_move_that_is_not_offered(browser, clinic):
    before = clock.now()

    assert browser.post("/phones/clock", data={"move": "group"}).status_code == 422
    assert browser.post("/phones/clock", data={"move": "back"}).status_code == 422
    assert clock.now() - before < timedelta(minutes=1)


def test_the_page_speaks_spanish(browser, clinic):
    make_person(clinic)

    page = browser.get("/phones?lang=es").text

    assert 'lang="es"' in page


def test_more_phones_cost_no_more_questions(demo, browser, clinic):
    def costs():
        browser.get("/phones")
        count = query_count(demo)
        browser.get("/phones")
        return count()

    make_person(clinic)
    one = costs()
    for _ in range(4):
        make_person(clinic)

    assert costs() == one


def test_a_demo_of_thousands_shows_the_first_few_phones(browser, clinic):
    for _ in range(phones.MOST + 3):
        make_person(clinic)

    assert browser.get("/phones").text.count('class="phone"') == phones.MOST + 1


def test_a_new_phone_that_nobody_has_can_send_and_get_texts(demo, browser, clinic):
    ana = make_person(clinic, name="Ana Reyes")
    db.session.rollback()
    with transaction():
        code = number_changes.make_staff_code(accounts.get_person(clinic.id, ana.id), by=ana.id)

    browser.post(f"/phones/{phones.SPARE_ID}", data={"body": code})

    db.session.rollback()
    assert accounts.get_person(clinic.id, ana.id).phone == phones.SPARE
    page = browser.get("/phones").text
    assert page.count('class="phone"') == 1
    assert "A new phone" not in page


def test_a_phone_does_not_show_what_was_said_before_it_was_theirs(demo, browser, clinic):
    ana, old = make_person(clinic), "+13035550166"
    luis = make_person(clinic, name="Luis Ortega", phone=old)
    carry(demo, luis, "words for Luis")
    db.session.rollback()
    with transaction():
        numbers.release(accounts.get_person(clinic.id, luis.id), way="staff", by=luis.id)
    with transaction():
        numbers.take(accounts.get_person(clinic.id, ana.id), old, way="web")
    carry(demo, accounts.get_person(clinic.id, ana.id), "words for Ana")

    page = browser.get("/phones").text

    assert "words for Luis" not in page
    assert "words for Ana" in page


def test_a_reminder_reaches_the_phone_and_its_answer_comes_back(demo, browser, clinic):
    tomorrow_noon = datetime.combine(clock.today(clinic.zone) + timedelta(days=1), time(12))
    date, ana = make_occurrence(make_meeting(clinic), starts=tomorrow_noon), make_person(clinic)
    make_rsvp(date, ana, created_at=clock.now() - timedelta(days=7))
    clock.push((date.starts_at - timedelta(minutes=100) - clock.now()).total_seconds())
    work = Worker(demo)

    db.session.rollback()
    assert work.run_once()
    assert "Reminder:" in browser.get("/phones").text
    browser.post(f"/phones/{ana.id}", data={"quick": "Y"})
    db.session.rollback()
    assert work.run_once()

    assert "Thank you. See you" in browser.get("/phones").text
