import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from aftercare.core.db import db
from aftercare.meetings import drafts, form_filled
from aftercare.meetings.models import Meeting
from aftercare.meetings.repeats import Repeat
from tests.factories import make_facilitator, make_member, make_organisation, make_person
from tests.meetings.serial import FIRST, TUESDAYS, dates, edit, on, publish, say_yes, texts
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def staff(client, clinic):
    return sign_in(client, make_person(clinic, role="counsellor"))


def fresh(meeting):
    db.session.rollback()
    return db.session.get_one(Meeting, (meeting.organisation_id, meeting.id))


def url(meeting, page="edit"):
    return f"/staff/meetings/{meeting.id}/{page}"


def typed(meeting, **given):
    """Type what the filled form says, but for what is given."""
    return form_filled.filled(drafts.of(fresh(meeting))) | {"scope": "all", "from": ""} | given


def test_the_editor_is_filled_with_the_meeting_as_it_is(staff, clinic):
    meeting = publish(clinic, place_name="Room 4", place_detail="Upstairs", capacity=7, closes_minutes_before=45)

    page = staff.get(url(meeting)).text

    for value in ("Tools", "2026-11-03", "18:00", "Room 4", "Upstairs", "7", "45", "10"):
        assert f'value="{value}"' in page
    assert 'name="scope"' in page


def test_what_changes_and_what_people_read_is_shown_before_it_happens(staff, clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    make_member(meeting, ana)

    page = staff.post(url(meeting, "edit/preview"), data=typed(meeting, start_time="19:00")).text

    assert "10 dates get a new time." in page
    assert "It concerns 1 person." in page
    assert "Tue Nov 3, 6:00 PM is now Tue Nov 3, 7:00 PM. Also 9 later." in page
    assert texts() == []
    assert {row.start_local.hour for row in dates(meeting)} == {18}


def test_what_was_not_seen_is_not_sent(staff, clinic):
    meeting = publish(clinic)
    make_member(meeting, make_person(clinic))
    wanted = typed(meeting, start_time="19:00")

    look = staff.post(url(meeting), data=wanted)
    [seen] = re.findall(r'name="seen" value="([^"]+)"', look.text)
    other = staff.post(url(meeting), data=wanted | {"start_time": "20:00", "seen": seen})
    assert (look.status_code, other.status_code, texts()) == (200, 200, [])

    assert staff.post(url(meeting), data=wanted | {"seen": seen}).status_code == 303
    assert len(texts()) == 1
    assert {row.start_local.hour for row in dates(meeting)} == {19}


def test_what_has_changed_since_it_was_seen_is_shown_once_more(staff, clinic):
    meeting = publish(clinic)
    wanted = typed(meeting, start_time="19:00")
    [seen] = re.findall(r'name="seen" value="([^"]+)"', staff.post(url(meeting), data=wanted).text)
    make_member(meeting, make_person(clinic))

    assert staff.post(url(meeting), data=wanted | {"seen": seen}).status_code == 200

    assert (texts(), {row.start_local.hour for row in dates(meeting)}) == ([], {18})


def test_what_tells_nobody_needs_no_second_look(staff, clinic):
    meeting = publish(clinic)

    answer = staff.post(url(meeting), data=typed(meeting, name="Skills"), follow_redirects=True)

    assert "The meeting is changed. Nobody gets a text." in answer.text
    assert fresh(meeting).name == "Skills"


def test_from_one_day_on_the_new_meeting_is_shown(staff, clinic):
    meeting = publish(clinic)
    wanted = typed(meeting, start_time="19:00", scope="following", **{"from": "2026-11-24"})
    [seen] = re.findall(r'name="seen" value="([^"]+)"', staff.post(url(meeting), data=wanted).text)

    done = staff.post(url(meeting), data=wanted | {"seen": seen})

    [heir] = [row for row in db.session.query(Meeting).all() if row.id != meeting.id]
    assert done.location.endswith(f"/staff/meetings/{heir.id}/dates")
    assert (len(on(meeting)), len(on(heir))) == (3, 7)
    assert f'href="/m/{heir.id}"' in staff.get(f"/m/{meeting.id}").text


def test_the_page_of_a_meeting_that_ended_leads_to_the_one_that_goes_on(staff, clinic, hold):
    meeting = publish(clinic)
    hold(dates(meeting)[2].ends_at)
    heir = edit(meeting, since=date(2026, 11, 24), name="Skills").meeting

    assert staff.get(f"/m/{meeting.id}").location.endswith(f"/m/{heir.id}")


def test_dates_show_their_clock_change(staff, clinic):
    meeting = publish(clinic, repeat=Repeat(weekdays=(6,)), first=datetime(2026, 11, 8, 3, 30))
    wanted = typed(meeting, start_time="02:30", scope="following", **{"from": "2027-03-01"})

    page = staff.post(url(meeting, "edit/preview"), data=wanted).text

    assert "The clocks go forward just then." in page


def test_what_the_form_does_not_show_stays(staff, clinic):
    meeting = publish(clinic, types=("O", "D"), languages=("fr", "es"), repeat=replace(TUESDAYS, every=2))
    leader = make_person(clinic, role="admin")
    make_facilitator(meeting, leader)
    before = drafts.of(fresh(meeting))
    shown = staff.get(url(meeting)).text

    staff.post(url(meeting), data=typed(meeting, name="Skills"))

    assert drafts.of(fresh(meeting)) == replace(before, name="Skills")
    assert 'value="fr"' in shown
    assert str(leader.id) in shown


def test_what_cannot_be_is_said_beside_its_field(staff, clinic):
    meeting = publish(clinic)

    page = staff.post(url(meeting), data=typed(meeting, start_time="soon", capacity="0"))

    assert page.status_code == 422
    assert "Enter a time, like 18:30." in page.text
    assert staff.post(url(meeting), data=typed(meeting, capacity="0")).status_code == 422
    assert staff.post(url(meeting), data=typed(meeting, scope="following")).status_code == 422


def test_a_listing_changes_at_once(staff, clinic):
    meeting = publish(clinic, kind="fellowship", fellowship="aca", repeat=TUESDAYS)

    page = staff.get(url(meeting)).text
    answer = staff.post(url(meeting), data=typed(meeting, start_time="07:00"))

    assert 'name="scope"' not in page
    assert (answer.status_code, fresh(meeting).start_local, fresh(meeting).fellowship) == (
        303, FIRST.replace(hour=7), "aca",
    )  # fmt: skip


def test_a_meeting_ends_after_a_look(staff, clinic):
    meeting = publish(clinic)
    say_yes(dates(meeting)[9], make_person(clinic))
    wanted = {"from": "2026-11-24"}

    look = staff.post(url(meeting, "end"), data=wanted | {"do": "look"})
    [seen] = re.findall(r'name="seen" value="([^"]+)"', look.text)
    assert "7 dates:" in look.text
    assert len(on(meeting)) == 10
    done = staff.post(url(meeting, "end"), data=wanted | {"do": "do", "seen": seen}, follow_redirects=True)

    assert "The meeting ends. 1 person is told." in done.text
    assert len(on(meeting)) == 3
    assert staff.post(url(meeting, "end"), data={"from": "2026-11-01", "do": "look"}).status_code == 422


def test_the_pages_of_a_meeting_lead_to_its_editor(staff, clinic):
    meeting = publish(clinic)

    for page in (f"/m/{meeting.id}", f"/staff/meetings/{meeting.id}/dates"):
        assert f'href="{url(meeting)}"' in staff.get(page).text
    assert f'href="{url(meeting, "end")}"' in staff.get(url(meeting)).text


@pytest.mark.parametrize(("role", "status"), [("patient", 403), ("outsider", 404)])
@pytest.mark.parametrize("page", ["edit", "end"])
def test_only_staff_of_the_organisation_change_a_meeting(client, clinic, role, status, page):
    meeting = publish(clinic)
    person = make_person(clinic) if role == "patient" else make_person(make_organisation(), role="counsellor")
    sign_in(client, person)

    assert client.get(url(meeting, page)).status_code == status
    assert client.post(url(meeting, page), data=typed(meeting, name="Skills")).status_code == status
    assert fresh(meeting).name == "Tools"


def test_the_look_ahead_asks_no_more_for_a_bigger_table(staff, clinic, statements):
    meeting = publish(clinic)
    wanted = typed(meeting, start_time="19:00")
    counted = []
    for _ in range(3):
        publish(clinic)
        counted.append(statements(lambda: staff.post(url(meeting, "edit/preview"), data=wanted)))

    assert counted[2] <= counted[1]


def test_the_history_says_what_was_changed_and_undoes_it(staff, clinic):
    meeting = publish(clinic, types=("D",))
    staff.post(url(meeting), data=typed(meeting, name="Skills", capacity="9", types=["B"]))
    wanted = typed(meeting, weekdays=["2"])
    [seen] = re.findall(r'name="seen" value="([^"]+)"', staff.post(url(meeting), data=wanted).text)
    staff.post(url(meeting), data=wanted | {"seen": seen})

    page = staff.get(url(meeting, "history")).text

    for said in ("Name that people see: Tools", "Name that people see: Skills", "Other words that describe it"):
        assert said in page
    assert re.search("Before: Every Tuesday.*After: Every Wednesday", page, re.DOTALL)
    [where, *_] = re.findall(r'href="([^"]+/undoing)"', page)
    [seen] = re.findall(r'name="seen" value="([^"]+)"', staff.get(where).text)
    staff.post(where, data={"do": "do", "seen": seen})
    assert fresh(meeting).rule == "FREQ=WEEKLY;BYDAY=TU;COUNT=10"
