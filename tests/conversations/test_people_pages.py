import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import numbers
from aftercare.messaging.models import Message
from aftercare.people import accounts, number_changes
from aftercare.people.models import NumberChange
from tests.conversations.texting import kinds, pending, text
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text
from tests.signing_in import sign_in

NEW = "+13035550177"
EVERY_DOOR = [
    (),
    ("number",),
    ("number", "release"),
    ("code",),
    ("state",),
    ("texts", "withdrawal"),
    ("texts", "agreement"),
]


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def counsellor(clinic):
    return make_person(clinic, role="counsellor", name="Sam Ortiz")


@pytest.fixture
def desk(client, counsellor):
    return sign_in(client, counsellor)


@pytest.fixture
def ana(clinic, monday, hold):
    ana = make_person(clinic, name="Ana Rivera")
    hold(monday + timedelta(minutes=1))
    return ana


def url(person, *more):
    return "/".join(["/staff/people", str(person.id), *more])


def again(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def seen(act):
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.act == act).order_by(AuditEvent.number)))


def test_staff_find_people_by_part_of_the_name(desk, ana, clinic):
    make_person(clinic, name="Luis Ortega")
    make_person(make_organisation(), name="Ana of Others")

    page = desk.post("/staff/people", data={"name": "ana"})

    assert f'href="{url(ana)}"' in page.text
    assert "Luis Ortega" not in page.text
    assert "Ana of Others" not in page.text
    assert [event.facts["count"] for event in seen("people.listed")] == [1]


def test_the_list_shows_who_was_added_last(desk, ana):
    page = desk.get("/staff/people").text

    assert "Ana Rivera" in page
    assert ana.phone not in page


def test_a_search_without_a_name_asks_for_one(desk, ana):
    answer = desk.post("/staff/people", data={"name": " "})

    assert (answer.status_code, "Ana Rivera" in answer.text) == (422, False)


def test_the_page_of_a_person_shows_state_and_history_but_no_number_and_no_words(desk, ana, counsellor):
    post_text(ana, kind="reminder", body="Reminder: secret words", state="delivered")
    with transaction():
        ledger.withdraw_texts(again(ana), way="staff", recorded_by=counsellor.id)

    page = desk.get(url(ana)).text

    assert "Ana Rivera" in page
    assert f"•••{ana.phone[-2:]}" in page
    assert ana.phone[2:] not in page
    assert "secret words" not in page
    for said in ("Reminder", "Arrived", "Agreed to texts", "On the page", "texts-1 (en)", "Wants no more texts"):
        assert said in page
    assert "Sam Ortiz" in page
    assert [event.person_id for event in seen("person.seen")] == [ana.id]


def test_texts_older_than_30_days_are_not_shown(desk, ana):
    post_text(ana, kind="milestone", created_at=clock.now() - timedelta(days=31))

    page = desk.get(url(ana)).text

    assert "Milestone" not in page
    assert "No texts in the last 30 days." in page


@pytest.mark.parametrize("more", EVERY_DOOR)
def test_other_organisations_have_no_such_person(client, clinic, ana, more):
    desk = sign_in(client, make_person(make_organisation(), role="admin"))

    answer = desk.post(url(ana, *more), data={"phone": NEW}) if more else desk.get(url(ana))

    assert answer.status_code == 404
    assert again(ana).phone == ana.phone
    assert ledger.allows_texts(again(ana))


@pytest.mark.parametrize("more", EVERY_DOOR)
def test_patients_see_and_change_nobody(client, clinic, ana, more):
    luis = sign_in(client, make_person(clinic))

    answer = luis.post(url(ana, *more), data={"phone": NEW}) if more else luis.get(url(ana))

    assert answer.status_code == 403
    assert again(ana).phone == ana.phone


def test_a_stranger_is_asked_to_sign_in(client, ana):
    assert client.get(url(ana)).status_code == 401
    assert client.get("/staff/people").status_code == 401


def test_colleagues_have_no_such_page(desk, clinic):
    assert desk.get(url(make_person(clinic, role="manager"))).status_code == 404


def test_staff_write_down_another_number_which_is_not_theirs_until_they_show_it(desk, ana):
    answer = desk.post(url(ana, "number"), data={"phone": "303 555 0177"})

    assert (answer.status_code, answer.location) == (303, url(ana))
    assert (again(ana).phone, again(ana).phone_verified_at) == (NEW, None)
    assert not ledger.allows_texts(again(ana))
    assert "Not shown to be theirs yet" in desk.get(url(ana)).text


@pytest.mark.parametrize(
    ("typed", "said"), [("800 555 1212", "gets no texts"), ("911", "emergencies"), ("", "area code")]
)
def test_a_number_that_gets_no_texts_is_refused_at_its_field(desk, ana, typed, said):
    answer = desk.post(url(ana, "number"), data={"phone": typed})

    assert (answer.status_code, said in answer.text) == (422, True)
    assert again(ana).phone == ana.phone


def test_a_number_that_somebody_here_has_is_refused_without_naming_them(desk, ana, clinic):
    make_person(clinic, name="Luis Ortega", phone=NEW)

    answer = desk.post(url(ana, "number"), data={"phone": NEW})

    assert (answer.status_code, "Somebody here already has this number." in answer.text) == (422, True)
    assert "Luis" not in answer.text


def test_staff_write_down_where_somebody_lives(desk, ana):
    assert "State not known" in desk.get(url(ana)).text

    desk.post(url(ana, "state"), data={"state": "TX"})

    assert again(ana).state == "TX"
    assert "Lives in TX." in desk.get(url(ana)).text
    assert desk.post(url(ana, "state"), data={"state": "XX"}).status_code == 422
    assert again(ana).state == "TX"


def test_staff_take_a_number_off_a_person(desk, ana):
    old = ana.phone

    desk.post(url(ana, "number", "release"))

    assert again(ana).phone == ""
    assert kinds(old, "NEXT") == ["unknown_sender"]
    assert [event.actor_id is not None for event in seen("number.released")] == [True]


def test_the_code_is_shown_once_and_works(desk, ana):
    answer = desk.post(url(ana, "code"))
    found = re.search(r"(\d{4})<br>(\d{4})", answer.text)
    assert found is not None
    code = "".join(found.groups())

    assert answer.headers["Cache-Control"] == "no-store"
    assert code not in desk.get(url(ana)).text.replace(" ", "")
    assert number_changes.find_by_staff_code(code) is not None
    assert kinds(NEW, code) == ["opt_in"]
    assert again(ana).phone == NEW


def test_who_tells_staff_to_stop_gets_one_text_more_and_then_none(desk, ana, counsellor):
    waiting = post_text(ana, due_at=clock.now() + timedelta(hours=1)).id

    desk.post(url(ana, "texts", "withdrawal"))
    desk.post(url(ana, "texts", "withdrawal"))

    assert db.session.scalars(select(Message.state).where(Message.id == waiting)).one() == "cancelled"
    assert [(message.kind, message.number) for message in pending()] == [("stop", ana.phone)]
    newest = ledger.find_newest(again(ana))
    assert newest is not None
    assert (newest.act, newest.way, newest.recorded_by) == ("withdraw", "staff", counsellor.id)
    assert len(ledger.history(again(ana))) == 2


def test_a_number_that_is_dead_is_not_told_that_texts_are_off(desk, ana):
    with transaction():
        numbers.freeze([again(ana)], way="carrier")

    desk.post(url(ana, "texts", "withdrawal"))

    assert pending() == []
    assert next(event.act for event in ledger.history(again(ana))) == "withdraw"


def test_who_agreed_by_word_or_paper_is_asked_to_confirm_by_text(desk, clinic):
    silent = make_person(clinic, agrees_to_texts=False)

    desk.post(url(silent, "texts", "agreement"), data={"way": "paper"})

    assert [(message.kind, message.number) for message in pending()] == [("opt_in", silent.phone)]
    assert next(event.way for event in ledger.history(again(silent))) == "paper"


def test_staff_cannot_bring_texts_back_after_a_stop_by_text(desk, ana, hold, monday):
    text(ana, "STOP")
    hold(monday + timedelta(minutes=2))

    answer = desk.post(url(ana, "texts", "agreement"))

    assert answer.status_code == 303
    page = desk.get(url(ana)).text
    assert "Only START, texted by them, brings texts back." in page
    assert not ledger.allows_texts(again(ana))


@pytest.mark.parametrize("trouble", ["frozen", "none"])
def test_nobody_is_asked_to_agree_on_a_number_that_does_not_work(desk, clinic, trouble):
    silent = make_person(clinic, agrees_to_texts=False)
    with transaction():
        if trouble == "frozen":
            numbers.freeze([again(silent)], way="carrier")
        else:
            numbers.release(again(silent), way="staff", by=silent.id)

    desk.post(url(silent, "texts", "agreement"))

    assert ledger.history(again(silent)) == []
    assert pending() == []


def test_a_frozen_number_is_asked_about(desk, ana):
    with transaction():
        numbers.freeze([again(ana)], way="carrier")

    page = desk.get(url(ana)).text

    assert "Texts to this number did not arrive. Is it still theirs?" in page
    assert "Ended with the number" in page


def test_the_page_costs_as_many_queries_however_much_was_said_and_sent(desk, ana, statements):
    once = statements(lambda: desk.get(url(ana)))
    for _ in range(3):
        post_text(ana)
        with transaction():
            ledger.grant_texts(again(ana), way="staff", recorded_by=ana.id)

    assert statements(lambda: desk.get(url(ana))) <= once + 1


def test_a_new_code_ends_the_older_ones(desk, ana):
    for _ in range(2):
        desk.post(url(ana, "code"))

    live = [change for change in db.session.scalars(select(NumberChange)) if change.used_at is None]
    assert len(live) == 1
