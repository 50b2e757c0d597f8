import uuid

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import answer_links, rsvps
from aftercare.meetings.models import Meeting
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.signing_in import sign_in


@pytest.fixture
def clinic(client, monday):
    return make_organisation()


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic, capacity=1))


def answer_url(date):
    return f"/m/{date.meeting_id}/dates/{date.id}/answer"


def status(date, person):
    db.session.rollback()
    row = rsvps.find_answer(date.organisation_id, date.id, person.id)
    return row.status if row else "none"


def test_anybody_sees_a_meeting_without_buttons(client, date):
    page = client.get(f"/m/{date.meeting_id}")

    assert page.status_code == 200
    assert "Tools for the Week" in page.text
    assert "Every Tuesday at 6:00 PM" in page.text
    assert 'name="answer"' not in page.text


JOIN = {"join_url": "https://canary.example/7", "join_phone": "+17205550123", "join_notes": "canary words"}


def told_of_joining(page):
    return [word for word in ("canary.example", "7205550123", "canary words") if word in page.text]


@pytest.mark.parametrize(("is_open", "told"), [(None, 0), (False, 0), (True, 3)])
def test_how_to_join_a_group_is_told_to_strangers_only_if_it_is_open(client, clinic, is_open, told):
    group = make_meeting(clinic, attendance="online", is_open=is_open, **JOIN)
    make_occurrence(group)

    page, feed = client.get(f"/m/{group.id}"), client.get(f"/m/{group.id}.ics")
    whole, guide = client.get(f"/o/{clinic.slug}/meetings.ics"), client.get(f"/o/{clinic.slug}/meetings.json")

    assert [len(told_of_joining(each)) for each in (page, feed, whole, guide)] == [told] * 4


def test_people_of_the_organisation_see_how_to_join_its_groups_and_no_others(client, clinic):
    group = make_meeting(clinic, attendance="online", **JOIN)
    make_occurrence(group)

    assert len(told_of_joining(sign_in(client, make_person(clinic)).get(f"/m/{group.id}"))) == 3
    assert told_of_joining(sign_in(client, make_person()).get(f"/m/{group.id}")) == []


def test_the_address_of_a_meetings_calendar_is_ours_whatever_the_request_says(client, date):
    page = client.get(f"/m/{date.meeting_id}", headers={"Host": "evil.example"})

    assert page.status_code == 200
    assert "evil.example" not in page.text


def test_an_unknown_meeting_is_not_found(client, clinic):
    assert client.get(f"/m/{uuid.uuid4()}").status_code == 404


def test_a_patient_answers_on_the_page_without_javascript(client, clinic, date):
    ana = make_person(clinic)

    answer = sign_in(client, ana).post(answer_url(date), data={"answer": "yes"})

    assert answer.status_code == 303
    assert status(date, ana) == "going"
    assert "be there.</p>" in client.get(f"/m/{date.meeting_id}").text


def test_with_htmx_only_the_buttons_come_back(client, clinic, date):
    ana = make_person(clinic)

    answer = sign_in(client, ana).post(answer_url(date), data={"answer": "yes"}, headers={"HX-Request": "true"})

    assert answer.text.lstrip().startswith("<form")


def test_who_finds_it_full_is_told_their_place_in_line(client, clinic, date):
    make_rsvp(date, make_person(clinic))
    ana = make_person(clinic)

    page = sign_in(client, ana).post(answer_url(date), data={"answer": "yes"}, follow_redirects=True)

    assert "number 1 on the wait list" in page.text


def test_nobody_answers_without_signing_in(client, date):
    assert client.post(answer_url(date), data={"answer": "yes"}).status_code == 401
    assert rsvps.answers(date) == []


def test_a_patient_of_another_organisation_cannot_take_a_free_seat(client, clinic, date):
    outsider = make_person(make_organisation())

    assert sign_in(client, outsider).post(answer_url(date), data={"answer": "yes"}).status_code == 404
    assert rsvps.answers(date) == []


def test_nonsense_is_answered_with_a_sentence(client, clinic, date):
    answer = sign_in(client, make_person(clinic)).post(answer_url(date), data={"answer": "perhaps"})

    assert answer.status_code == 422
    assert "yes, no or maybe" in answer.text


def link_to(date, person):
    with transaction():
        return "/r/" + answer_links.create(date.organisation_id, date.id, person.id)


def test_opening_a_one_tap_link_changes_nothing_and_its_button_answers(client, clinic, date):
    ana = make_person(clinic)
    url = link_to(date, ana)

    assert client.get(url).status_code == 200
    assert status(date, ana) == "none"
    assert client.post(url, data={"answer": "yes"}).status_code == 200
    assert status(date, ana) == "going"


def test_a_one_tap_link_names_neither_person_nor_meeting(client, clinic, date):
    ana = make_person(clinic, name="Zenobia Quill")

    page = client.get(link_to(date, ana)).text

    assert "Zenobia" not in page
    assert "Tools for the Week" not in page


def test_a_one_tap_link_is_over_when_its_date_is(client, clinic, date, hold):
    url = link_to(date, make_person(clinic))
    hold(date.ends_at)

    assert client.get(url).status_code == 410


def test_a_wrong_one_tap_link_is_not_found(client, clinic):
    assert client.get("/r/nothing-of-the-kind").status_code == 404


def typed(**given):
    return {
        "name": "Tools", "kind": "programme", "start_date": "2026-11-03", "start_time": "18:00", "minutes": "60",
        "zone": "America/Denver", "repeat": "week", "every": "1", "weekdays": "1", "ends": "never",
        "attend": "in_person", "capacity": "2", "open": "yes", "language": "en", "nth": "1", "nth_weekday": "0",
    } | given  # fmt: skip


def test_a_counsellor_publishes_and_everybody_finds_it(client, clinic):
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post("/staff/meetings", data=typed(), follow_redirects=True)

    [meeting] = db.session.scalars(select(Meeting))
    assert (meeting.name, meeting.capacity, meeting.rule) == ("Tools", 2, "FREQ=WEEKLY;BYDAY=TU")
    assert meeting.is_open is True
    assert "Every Tuesday at 6:00 PM" in page.text


def test_the_preview_shows_the_next_dates_and_saves_nothing(client, clinic):
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post("/staff/meetings/new/preview", data=typed(repeat="month_nth", nth="-1", nth_weekday="4"))

    assert "The last Friday" in page.text
    assert "Fri, Nov 27, 6:00 PM" in page.text
    assert db.session.scalars(select(Meeting)).all() == []


@pytest.mark.parametrize(
    ("where", "is_missed"),
    [
        ({}, True), ({"place_name": " ", "attend": "hybrid"}, True), ({"attend": "online"}, False),
        ({"place_name": "Hall"}, False), ({"address": "5 Oak St, Denver, CO 80202"}, False),
    ],
)  # fmt: skip
def test_the_preview_warns_of_a_group_whose_place_was_forgotten_but_it_can_be_published(
    client, clinic, where, is_missed
):
    sign_in(client, make_person(clinic, role="counsellor"))
    given = typed(place_name="", address="") | where

    page = client.post("/staff/meetings/new/preview", data=given)
    client.post("/staff/meetings", data=given)

    assert (page.status_code, "No place is said" in page.text) == (200, is_missed)
    assert len(db.session.scalars(select(Meeting)).all()) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"start_date": "soon"}, "Enter a date"),
        ({"start_time": "25:00"}, "Enter a time"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"minutes": "0"}, "Enter a length"),
        ({"start_date": "2026-10-01", "repeat": "once"}, 'href="#start_date"'),
        ({"weekdays": "9"}, "Choose from the list"),
        ({"facilitators": "x"}, "Choose from the list"),
        ({"ends": "count", "count": ""}, "how many times"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(client, clinic, given, said):
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post("/staff/meetings", data=typed(description="We talk.") | given)

    assert page.status_code == 422
    assert said in page.text
    assert "We talk." in page.text
    assert db.session.scalars(select(Meeting)).all() == []


def test_a_patient_cannot_publish(client, clinic):
    sign_in(client, make_person(clinic))

    assert client.get("/staff/meetings/new").status_code == 403
    assert client.post("/staff/meetings", data=typed()).status_code == 403
