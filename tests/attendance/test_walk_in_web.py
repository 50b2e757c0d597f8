import html
import re
from datetime import timedelta

import pytest

from aftercare.attendance import records
from tests.attendance.deeds import SIX, START, noted, record
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.signing_in import sign_in


@pytest.fixture
def desk(client, sam):
    return sign_in(client, sam)


def url(occurrence, *rest):
    return "/".join([f"/staff/dates/{occurrence.id}/roll", *map(str, rest)])


def test_the_roll_leads_to_walk_ins_once_the_door_is_open(desk, tuesday, sam, client, hold):
    assert f'href="{url(tuesday, "walk-in")}"' in desk.get(url(tuesday)).text
    hold(START - timedelta(minutes=31))

    assert "walk-in" not in sign_in(client, sam).get(url(tuesday)).text


def test_a_walk_in_is_found_by_name_and_marked_here_by_one_tap(desk, clinic, tuesday, sam):
    luis = make_person(clinic, name="Luis García")
    make_person(clinic, name="Dee Walker")

    page = desk.post(url(tuesday, "walk-in"), data={"name": "garcia"})
    assert "Luis García" in page.text
    assert "Dee Walker" not in page.text
    assert f'action="{url(tuesday, luis.id)}"' in page.text
    answer = desk.post(url(tuesday, luis.id), data={"mark": "attended"})

    assert answer.location == url(tuesday) + f"#roll-{luis.id}"
    assert (record(tuesday, luis).state, record(tuesday, luis).recorded_by) == ("attended", sam.id)
    assert "Luis García" in desk.get(url(tuesday)).text
    assert noted("walk_ins.searched") == [sam.id]


def test_who_is_on_the_roll_is_led_to_their_row(desk, tuesday, ana):
    make_rsvp(tuesday, ana)

    page = desk.post(url(tuesday, "walk-in"), data={"name": ana.name})

    assert f'href="{url(tuesday)}#roll-{ana.id}"' in page.text
    assert 'value="attended"' not in page.text


def test_a_search_for_nothing_says_what_to_type_and_nobody_found_says_so(desk, tuesday):
    empty, nobody = (desk.post(url(tuesday, "walk-in"), data={"name": name}) for name in (" ", "zzzz"))

    assert (empty.status_code, "Type part of the name." in empty.text) == (422, True)
    assert (nobody.status_code, "Nobody by that name" in nobody.text) == (200, True)


def test_a_walk_in_of_days_ago_needs_a_reason(desk, clinic, ana):
    old = make_occurrence(make_meeting(clinic), starts=SIX - timedelta(days=7))

    page = desk.post(url(old, "walk-in"), data={"name": ana.name})
    assert 'name="reason"' in page.text
    desk.post(url(old, ana.id), data={"mark": "attended"})
    assert record(old, ana) is None


def test_the_way_to_a_new_person_comes_back_to_the_roll_and_marks_nobody(desk, clinic, tuesday):
    page = desk.get(url(tuesday, "walk-in"))
    (new_url,) = map(html.unescape, re.findall(r'href="(/staff/people/new[^"]*)"', page.text))
    assert f'value="{tuesday.meeting_id}" selected' in desk.get(new_url).text

    form = {"name": "New Person", "phone": "", "language": "en", "goal": "1", "group": str(tuesday.meeting_id)}
    answer = desk.post(new_url, data=form)

    assert answer.location == url(tuesday)
    assert "New Person" in desk.get(url(tuesday)).text
    assert records.arrivals(tuesday) == 0


def test_a_counsellor_of_another_organisation_finds_no_walk_in_page_and_nobody_of_ours(client, tuesday, ana):
    others = make_organisation()
    elsewhere = make_occurrence(make_meeting(others), starts=SIX)
    stranger = sign_in(client, make_person(others, role="counsellor"))

    seen, searched = stranger.get(url(tuesday, "walk-in")), stranger.post(url(tuesday, "walk-in"), data={"name": "ana"})
    theirs = stranger.post(url(elsewhere, "walk-in"), data={"name": "ana"})

    assert (seen.status_code, searched.status_code, theirs.status_code) == (404, 404, 200)
    assert "Nobody by that name" in theirs.text


def test_a_patient_looks_nobody_up(client, tuesday, ana):
    patient = sign_in(client, ana)

    assert patient.get(url(tuesday, "walk-in")).status_code == 403
    assert patient.post(url(tuesday, "walk-in"), data={"name": "ana"}).status_code == 403
