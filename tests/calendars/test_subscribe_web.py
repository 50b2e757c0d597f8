import re
from datetime import datetime
from html import unescape

import pytest

from aftercare.core.db import db, transaction
from aftercare.http import qr
from aftercare.meetings import changes, schedule
from tests.calendars import content_lines
from tests.calendars.devices import fetch
from tests.factories import make_meeting, make_organisation, make_person
from tests.signing_in import sign_in

LISTING = {"kind": "fellowship", "name": "Early Risers", "start_local": datetime(2019, 1, 1, 7, 30)}


@pytest.fixture
def clinic(app, monday):
    return make_organisation(name="Elm Street")


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def group(clinic):
    meeting = make_meeting(clinic, name="Tools")
    with transaction():
        schedule.extend(meeting)
    return meeting


def test_a_meeting_is_offered_in_every_way_a_calendar_is_taken(client, group):
    page = text_of(client, f"/m/{group.id}/calendar")

    assert f'href="webcal://localhost/m/{group.id}.ics"' in page
    assert f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Flocalhost%2Fm%2F{group.id}.ics" in page
    assert "https://outlook.live.com/calendar/0/addfromweb?url=http" in page
    assert f'href="http://localhost/m/{group.id}.ics" download' in page
    assert f'value="http://localhost/m/{group.id}.ics" readonly' in page
    assert qr.draw(f"webcal://localhost/m/{group.id}.ics").path in page


def test_the_page_of_a_meeting_leads_there(client, group):
    assert f'href="/m/{group.id}/calendar"' in text_of(client, f"/m/{group.id}")


def test_one_date_alone_is_a_file(client, group):
    [first, *_] = re.findall(r'href="(/m/[^"]+/dates/[^"]+\.ics)" download', text_of(client, f"/m/{group.id}/calendar"))

    answer = fetch(client, first)
    [event] = content_lines.events(answer.data)

    assert (event["SUMMARY"], event["DTSTART"]) == ("Tools", "20261104T010000Z")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="meeting-2026-11-03.ics"'
    assert "RRULE" not in event


def test_one_date_of_a_listing_is_a_file_too(client, clinic):
    listing = make_meeting(clinic, **LISTING)

    [event] = content_lines.events(fetch(client, f"/m/{listing.id}/dates/2026-11-10.ics").data)

    assert event["DTSTART"] == "20261110T143000Z"


@pytest.mark.parametrize("day", ["2026-11-04", "never", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_on_which_nothing_is_held_is_not_found(client, group, day):
    assert fetch(client, f"/m/{group.id}/dates/{day}.ics").status_code == 404


def test_a_cancelled_date_is_not_offered(client, clinic, group):
    with transaction():
        changes.cancel_occurrence(clinic.id, schedule.next_dates(group)[0].id, by=None)

    page = text_of(client, f"/m/{group.id}/calendar")

    assert "2026-11-03.ics" not in page
    assert "2026-11-10.ics" in page


def test_what_is_not_listed_is_not_offered(client, clinic):
    hidden = make_meeting(clinic, listed=False)

    assert client.get(f"/m/{hidden.id}/calendar").status_code == 404
    assert client.get(f"/m/{hidden.id}/dates/2026-11-03.ics").status_code == 404


def test_a_search_of_the_finder_is_offered_with_what_was_chosen(client, clinic):
    finder = text_of(client, f"/o/{clinic.slug}/meetings?day=tue&attend=online")
    [path] = re.findall(rf'href="(/o/{clinic.slug}/meetings/calendar\?[^"]+)"', finder)

    page = text_of(client, path)

    assert f'value="http://localhost/o/{clinic.slug}/meetings.ics?day=tue&attend=online"' in page
    assert "Elm Street: " in page
    assert f'href="/o/{clinic.slug}/meetings?day=tue&attend=online"' in page


def test_the_page_for_other_sites_may_be_framed_and_nothing_else_of_ours(client, clinic, group):
    framed = client.get(f"/o/{clinic.slug}/meetings/embed")

    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    for path in (f"/o/{clinic.slug}/meetings", f"/m/{group.id}", f"/o/{clinic.slug}/meetings/calendar", "/calendars"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_the_page_for_other_sites_has_no_script_and_no_cookie_and_its_links_leave_the_frame(client, clinic, group):
    answer = client.get(f"/o/{clinic.slug}/meetings/embed")
    page = answer.get_data(as_text=True)

    assert "Set-Cookie" not in answer.headers
    assert "<script" not in page
    assert f'href="/m/{group.id}" target="_blank" rel="noopener"' in page
    assert page.count("<a ") == page.count('target="_blank"')


def test_the_page_for_other_sites_shows_what_its_address_chooses(client, clinic, group):
    make_meeting(clinic, **LISTING | {"attendance": "online"})

    page = text_of(client, f"/o/{clinic.slug}/meetings/embed?attend=online")

    assert "Early Risers" in page
    assert "Tools" not in page
    assert "Reuniones de Elm Street" in text_of(client, f"/o/{clinic.slug}/meetings/embed?lang=es")


def test_staff_find_what_to_paste_on_another_site(client, clinic):
    sign_in(client, make_person(clinic, role="counsellor"))

    page = text_of(client, "/staff/share")

    at = f"http://localhost/o/{clinic.slug}/meetings"
    assert f'<iframe src="{at}/embed" title="Meetings of Elm Street"' in page
    assert f'<a href="{at}">Meetings of Elm Street</a>' in page
    assert f'<link rel="alternate" type="application/json" title="Meetings Feed" href="{at}.json">' in page
    assert qr.draw(at).path in page
    assert f'value="{at}.ics"' in page
    assert "add ?lang=es" in page


def test_the_name_of_an_organisation_cannot_break_what_is_pasted(client, app, monday):
    clinic = make_organisation(name='"><script>x</script>')
    sign_in(client, make_person(clinic, role="counsellor"))

    page = text_of(client, "/staff/share")

    # What is pasted is escaped once more than the page that shows it.
    assert '<iframe src="' in page
    assert "&lt;script&gt;x" in page


def test_only_staff_see_it(client, clinic):
    ana = make_person(clinic)
    sign_in(client, ana)
    db.session.rollback()

    assert client.get("/staff/share").status_code == 403
