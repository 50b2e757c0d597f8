from datetime import datetime, timedelta

import pytest

from aftercare.calendars import sheet
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, schedule
from aftercare.meetings.models import Place
from aftercare.people import organisations
from tests.calendars import content_lines
from tests.calendars.devices import Statements, fetch, shown
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation, saved

TUESDAY = datetime(2026, 11, 3, 18)
BEGUN = datetime(2019, 1, 1, 7, 30)
LISTING = {"kind": "fellowship", "name": "Early Risers", "start_local": BEGUN}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def scheduled(clinic, **given):
    """Make a programme meeting with its dates written out."""
    meeting = make_meeting(clinic, **given)
    with transaction():
        schedule.extend(meeting)
    return meeting


def dates_of(meeting):
    db.session.rollback()
    return schedule.next_dates(meeting, limit=50)


def path_of(meeting):
    return f"/m/{meeting.id}.ics"


def list_of(clinic):
    return f"/o/{clinic.slug}/meetings.ics"


def test_an_organisation_lists_its_own_meetings_programme_first(client, clinic):
    make_meeting(clinic, **LISTING)
    scheduled(clinic)
    make_meeting(make_organisation(), **LISTING | {"name": "Of others"})

    assert [event["SUMMARY"] for event in shown(client, list_of(clinic))] == ["Tools for the Week", "Early Risers"]


def test_the_short_name_may_be_written_in_capitals(client, clinic):
    assert client.get(list_of(clinic).replace(clinic.slug, clinic.slug.upper())).status_code == 200


def test_the_dates_of_the_list_follow_what_changes(client, clinic):
    meeting = scheduled(clinic)
    before = fetch(client, list_of(clinic))
    with transaction():
        changes.cancel_occurrence(clinic.id, dates_of(meeting)[0].id, by=None)

    after = fetch(client, list_of(clinic), If_None_Match=before.headers["ETag"])

    assert after.status_code == 200
    assert [event["STATUS"] for event in content_lines.events(after.data)] == ["CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("which", [path_of, list_of])
def test_public_feeds_are_kept_by_caches_and_told_apart_by_one_statement(client, clinic, which):
    meeting = scheduled(clinic)
    path = path_of(meeting) if which is path_of else list_of(clinic)
    whole = fetch(client, path)

    with Statements() as sent:
        same = fetch(client, path, If_None_Match=whole.headers["ETag"])
    by_date = fetch(client, path, If_Modified_Since=whole.headers["Last-Modified"])

    assert whole.headers["Cache-Control"] == "public, max-age=900"
    assert (same.status_code, by_date.status_code, len(sent)) == (304, 304, 1)


def test_a_change_of_the_meeting_changes_its_tag_and_date(client, clinic):
    meeting = scheduled(clinic)
    whole = fetch(client, path_of(meeting))
    with transaction():
        changes.cancel_occurrence(clinic.id, dates_of(meeting)[0].id, by=None)

    assert fetch(client, path_of(meeting), If_None_Match=whole.headers["ETag"]).status_code == 200


def test_a_new_day_shows_new_dates(client, clinic, hold):
    listing = make_meeting(clinic, **LISTING | {"zone": "Africa/Casablanca"})
    whole = fetch(client, path_of(listing))
    hold(MONDAY + timedelta(days=20))

    answer = fetch(client, path_of(listing), If_None_Match=whole.headers["ETag"])

    assert answer.status_code == 200
    assert content_lines.events(answer.data)[-1]["DTSTART"] > content_lines.events(whole.data)[-1]["DTSTART"]


def test_thirty_dates_and_meetings_take_no_more_statements_than_one(client, clinic):
    meeting = make_meeting(clinic)
    make_occurrence(meeting, starts=TUESDAY)
    with Statements() as with_one:
        fetch(client, path_of(meeting))
        fetch(client, list_of(clinic))
    for week in range(1, 30):
        make_occurrence(meeting, starts=TUESDAY + timedelta(weeks=week), status="cancelled")
        make_meeting(clinic, **LISTING | {"name": f"Early {week}"})
    with transaction():
        organisations.touch_public_calendar(clinic.id)

    with Statements() as with_thirty:
        assert len(shown(client, path_of(meeting))) > 20
        assert len(shown(client, list_of(clinic))) > 50

    assert len(with_thirty) == len(with_one)


def test_a_long_list_stops_where_calendar_programs_stop_and_says_so(client, clinic, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_EVENTS", 5)
    for number in range(7):
        make_meeting(clinic, **LISTING | {"name": f"Listing {number}"})
    scheduled(clinic, name="Of the programme")

    feed = fetch(client, list_of(clinic)).data

    assert [event["SUMMARY"] for event in content_lines.events(feed)] == ["Of the programme"] + [
        f"Listing {number}" for number in range(4)
    ]
    assert content_lines.values(feed, "X-WR-CALDESC")[0].startswith("This list is long. It shows 5 meetings")


def test_text_of_a_listing_cannot_add_a_line_to_the_feed(client, clinic):
    nasty = "Evening\r\nATTENDEE:mailto:eve@example.org\nEND:VEVENT\u2028X-EVIL:1, with; \\n all"
    place = saved(Place(organisation_id=clinic.id, name=nasty, address=nasty))
    make_meeting(clinic, **LISTING | {"name": nasty, "description": nasty, "join_notes": nasty, "place_id": place.id})

    lines = content_lines.read(fetch(client, list_of(clinic)).data)

    assert not [line.name for line in lines if line.name in {"ATTENDEE", "X-EVIL"}]
    assert [line.value for line in lines if line.name == "END"][-2:] == ["VEVENT", "VCALENDAR"]


def test_a_list_in_spanish_says_cancelada(client, app, monday):
    clinic = make_organisation(language="es")
    make_occurrence(make_meeting(clinic, name="Café"), starts=TUESDAY, status="cancelled")

    assert [event["SUMMARY"] for event in shown(client, list_of(clinic))] == ["Cancelada: Café"]
