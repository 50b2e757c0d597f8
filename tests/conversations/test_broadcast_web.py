import re

import pytest
from sqlalchemy import select

from aftercare.core.db import db
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_member, make_organisation, make_person
from tests.signing_in import sign_in

WORDS = "The door is at the back today."


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def meeting(clinic):
    meeting = make_meeting(clinic)
    for language in ("en", "en", "es"):
        make_member(meeting, make_person(clinic, language=language))
    make_member(meeting, make_person(clinic, agrees_to_texts=False))
    return meeting


@pytest.fixture
def desk(client, clinic):
    return sign_in(client, make_person(clinic, role="counsellor"))


def url(meeting):
    return f"/staff/meetings/{meeting.id}/message"


def fields(page):
    return dict(re.findall(r'<input type="hidden" name="(form|seen)" value="([^"]+)"', page.text))


def bodies():
    db.session.rollback()
    return sorted(each.body for each in db.session.scalars(select(Message)))


def look(desk, meeting, **given):
    opened = fields(desk.get(url(meeting)))
    typed = {"audience": "members", "words_en": WORDS, "words_es": ""} | given
    return typed, desk.post(url(meeting), data=opened | typed | {"do": "look"})


def test_what_is_seen_is_what_goes_out(desk, meeting):
    typed, page = look(desk, meeting)

    assert "2 people get this text" in page.text
    assert f"Elm St: {WORDS} STOP to end texts." in page.text
    assert "1 person: nothing is written in their language" in page.text
    assert "1 person: no agreement to texts" in page.text
    assert bodies() == []

    sent = desk.post(url(meeting), data=fields(page) | typed | {"do": "send"}, follow_redirects=True)

    assert "2 people get your message." in sent.text
    assert bodies() == [f"Elm St: {WORDS} STOP to end texts."] * 2


def test_what_was_not_seen_is_not_sent(desk, meeting):
    typed, page = look(desk, meeting)

    for changed in ({"words_en": "Bring a coat."}, {"audience": "going"}, {"seen": ""}):
        desk.post(url(meeting), data=fields(page) | typed | {"do": "send"} | changed)

    assert bodies() == []
    again = desk.post(url(meeting), data=fields(page) | typed | {"do": "send", "words_en": "Bring a coat."})
    assert "Elm St: Bring a coat. STOP to end texts." in again.text


def test_pressed_twice_it_goes_once(desk, meeting):
    typed, page = look(desk, meeting)

    answers = [desk.post(url(meeting), data=fields(page) | typed | {"do": "send"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(bodies()) == 2


def test_what_cannot_go_is_said_beside_the_words_which_stay(desk, meeting):
    _, page = look(desk, meeting, words_en="Therapy is at 6", words_es="Nos vemos")

    assert page.status_code == 422
    assert 'href="#words_en"' in page.text
    assert "Say it without “therapy”" in page.text
    assert "Therapy is at 6" in page.text
    assert "Nos vemos" in page.text
    assert 'value="send"' not in page.text


def test_too_many_messages_are_refused_with_a_sentence_and_the_words_stay(desk, meeting):
    pages = []
    for _ in range(3):
        typed, page = look(desk, meeting)
        pages.append(desk.post(url(meeting), data=fields(page) | typed | {"do": "send"}))

    assert [page.status_code for page in pages] == [303, 303, 429]
    assert "Send the next one tomorrow." in pages[2].text
    assert WORDS in pages[2].text
    assert len(bodies()) == 4


def test_where_nobody_would_get_it_there_is_no_button(desk, clinic):
    _, page = look(desk, make_meeting(clinic))

    assert "No text goes out." in page.text
    assert 'value="send"' not in page.text


def test_the_dates_of_a_group_lead_there(desk, meeting):
    assert f'href="{url(meeting)}"' in desk.get(f"/staff/meetings/{meeting.id}/dates").text


@pytest.mark.parametrize(("role", "status"), [("patient", 403), ("outsider", 404)])
def test_only_staff_of_the_organisation_write_to_its_groups(client, clinic, meeting, role, status):
    person = make_person(clinic) if role == "patient" else make_person(make_organisation(), role="counsellor")
    sign_in(client, person)

    asked = [client.get(url(meeting)), client.post(url(meeting), data={"do": "send", "words_en": WORDS})]

    assert [page.status_code for page in asked] == [status, status]
    assert bodies() == []


def test_a_meeting_of_others_cannot_be_written_to(desk, clinic):
    listing = make_meeting(clinic, kind="fellowship")

    page = desk.get(url(listing))

    assert page.status_code == 409
    assert "Others lead this meeting." in page.text


def test_a_form_that_is_none_sends_nothing(desk, meeting):
    assert desk.post(url(meeting), data={"form": "x", "audience": "members", "words_en": WORDS}).status_code == 409
    assert bodies() == []
