from datetime import timedelta

import pytest

from aftercare.attendance import check_in, roll
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Occurrence
from tests.attendance.deeds import SIX, START, noted, record, tick
from tests.factories import make_attendance, make_meeting, make_occurrence, make_person, make_rsvp
from tests.signing_in import sign_in


@pytest.fixture
def desk(client, sam):
    return sign_in(client, sam)


def url(occurrence, *rest):
    return "/".join([f"/staff/dates/{occurrence.id}/roll", *map(str, rest)])


def test_the_roll_shows_everybody_with_a_button_and_the_code(desk, clinic, tuesday):
    for name in ("Zoe Adams", "Ana Rivera"):
        make_rsvp(tuesday, make_person(clinic, name=name))

    page = desk.get(url(tuesday))

    assert page.status_code == 200
    assert page.text.index("Ana Rivera") < page.text.index("Zoe Adams")
    assert page.text.count('name="mark" value="attended"') == 2
    assert check_in.code_of(tuesday) in page.text


def test_the_roll_says_who_is_on_the_way(desk, tuesday, ana):
    make_rsvp(tuesday, ana, on_the_way_at=START)

    assert "On the way" in desk.get(url(tuesday)).text


def test_looking_at_the_roll_is_noted(desk, tuesday, sam):
    desk.get(url(tuesday))

    assert noted("roll.seen") == [sam.id]


def test_a_tap_records_somebody_without_javascript(desk, tuesday, ana, sam):
    make_rsvp(tuesday, ana)

    answer = desk.post(url(tuesday, ana.id), data={"mark": "attended"})

    assert (answer.status_code, answer.location) == (303, url(tuesday) + f"#roll-{ana.id}")
    assert record(tuesday, ana).recorded_by == sam.id
    assert "Undo" in desk.get(url(tuesday)).text


def test_with_htmx_a_tap_answers_with_the_row_and_the_count(desk, tuesday, ana):
    make_rsvp(tuesday, ana)

    answer = desk.post(url(tuesday, ana.id), data={"mark": "attended"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="roll-{ana.id}"' in answer.text
    assert "<b>1</b> here" in answer.text


def test_a_tap_can_be_taken_back(desk, tuesday, ana):
    make_rsvp(tuesday, ana)
    for mark in ("attended", "none"):
        desk.post(url(tuesday, ana.id), data={"mark": mark})

    assert record(tuesday, ana) is None


def test_taking_back_a_walk_in_leaves_no_row(desk, tuesday, ana, sam):
    tick(tuesday, ana, sam)

    answer = desk.post(url(tuesday, ana.id), data={"mark": "none"}, headers={"HX-Request": "true"})

    assert (answer.status_code, "roll-" in answer.text) == (200, False)
    assert "<b>0</b> here" in answer.text


def test_an_excuse_is_noted_with_its_reason(desk, tuesday, ana):
    desk.post(url(tuesday, ana.id), data={"mark": "excused", "reason": "Court date"})

    assert (record(tuesday, ana).state, record(tuesday, ana).reason) == ("excused", "Court date")


def test_an_excuse_without_a_reason_says_what_is_missing(desk, tuesday, ana):
    desk.post(url(tuesday, ana.id), data={"mark": "excused"})

    assert "Say why they are excused." in desk.get(url(tuesday)).text
    assert record(tuesday, ana) is None


def test_after_three_days_the_page_asks_for_a_reason(desk, clinic, ana, hold):
    old = make_occurrence(make_meeting(clinic), starts=SIX - timedelta(days=7))
    make_rsvp(old, ana)

    page = desk.get(url(old))
    desk.post(url(old, ana.id), data={"mark": "attended", "reason": "On the paper list"})

    assert "needs a reason" in page.text
    assert "hx-post" not in page.text
    assert record(old, ana).reason == "On the paper list"


def test_before_the_door_opens_there_is_nothing_to_tap(desk, tuesday, ana, hold):
    make_rsvp(tuesday, ana)
    hold(START - timedelta(minutes=31))

    page = desk.get(url(tuesday))

    assert 'value="attended"' not in page.text
    assert "It works from" in page.text


def test_the_roll_is_finished_by_a_button(desk, clinic, tuesday):
    make_rsvp(tuesday, make_person(clinic))
    assert "Finish the roll" in desk.get(url(tuesday)).text

    desk.post(url(tuesday, "finishing"))

    page = desk.get(url(tuesday))
    assert "The roll is finished." in page.text
    assert "Not seen" in page.text
    assert "Finish the roll" not in page.text


def test_a_finished_roll_can_be_opened_again(desk, tuesday, sam):
    with transaction():
        roll.finish(tuesday.organisation_id, tuesday.id, by=sam.id)

    desk.post(url(tuesday, "reopening"))

    db.session.rollback()
    assert db.session.get_one(Occurrence, (tuesday.organisation_id, tuesday.id)).roll == "held"


def test_how_somebody_checked_in_is_said(desk, clinic, tuesday, ana):
    make_attendance(tuesday, ana, way="self", assurance=0)

    assert "by their own word" in desk.get(url(tuesday)).text


def test_a_counsellor_of_another_organisation_finds_no_such_date(client, tuesday, ana):
    make_rsvp(tuesday, ana)
    stranger = sign_in(client, make_person(role="counsellor"))

    seen, tapped = stranger.get(url(tuesday)), stranger.post(url(tuesday, ana.id), data={"mark": "attended"})

    assert (seen.status_code, tapped.status_code) == (404, 404)
    assert ana.name not in seen.text + tapped.text
    assert record(tuesday, ana) is None


def test_a_counsellor_of_another_organisation_finishes_nothing(client, tuesday):
    stranger = make_person(role="counsellor")

    assert sign_in(client, stranger).post(url(tuesday, "finishing")).status_code == 404


def test_a_patient_sees_no_roll(client, tuesday, ana):
    make_rsvp(tuesday, ana)

    assert sign_in(client, ana).get(url(tuesday)).status_code == 403
    assert client.post(url(tuesday, ana.id), data={"mark": "attended"}).status_code == 403
    assert record(tuesday, ana) is None


def test_a_stranger_is_asked_to_sign_in(client, tuesday):
    assert client.get(url(tuesday)).status_code == 401
