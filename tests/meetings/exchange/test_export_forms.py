"""The list of an organisation as a spreadsheet, and calendars that came in, going out again."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from aftercare.calendars import cli as calendars_cli
from aftercare.calendars import public
from aftercare.core.db import db
from aftercare.meetings import export_cli
from aftercare.meetings.exchange import dialects, exporting
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.factories import make_meeting, make_organisation
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.imports import imported, meetings

NOW = datetime(2026, 11, 2, 17, tzinfo=UTC)
BASE = "https://meet.example.org"
GROUP = """BEGIN:VCALENDAR
X-WR-TIMEZONE:America/Denver
{}END:VCALENDAR
"""
EVENT = """BEGIN:VEVENT
UID:{}
SUMMARY:{}
DTSTART;TZID=America/Denver:20261103T190000
DTEND;TZID=America/Denver:20261103T200000
LOCATION:9 Hook Lane, Juniper Falls, CO 80099, USA
{}END:VEVENT
"""


@pytest.fixture
def clinic(app, monday):
    return make_organisation(slug="riverbend", name="Riverbend")


def group(*events: tuple[str, str]) -> bytes:
    return GROUP.format("".join(EVENT.format(uid, uid.title(), more) for uid, more in events)).encode()


def rows(organisation):
    db.session.rollback()
    return {each["name"]: each for each in exporting.rows_of(organisation, base_url=BASE, now=NOW)}


def test_the_sheet_of_an_organisation_brings_the_same_meetings_elsewhere(clinic):
    imported(clinic, row(types=["O", "B"]), row(slug="lamp", name="=Lamp", day=[1, 3]))
    other = make_organisation()
    db.session.rollback()

    report = imported(other, exporting.sheet(clinic, base_url=BASE, now=NOW))

    assert (report.counts()["new"], report.refused) == (3, [])
    assert rows(other).keys() == {"Porch Group", "=Lamp"}


def test_the_sheet_is_fetched_by_anybody_and_not_again_while_nothing_changed(client: FlaskClient, clinic):
    imported(clinic, row())
    sheet = client.get("/o/riverbend/meetings.csv")
    again = client.get("/o/riverbend/meetings.csv", headers={"If-None-Match": sheet.headers["ETag"]})

    assert (sheet.status_code, sheet.content_type.partition(";")[0], again.status_code) == (200, "text/csv", 304)
    assert len(dialects.read(sheet.data, feed=FeedDefaults()).listings) == 1
    assert sheet.headers["ETag"] != client.get("/o/riverbend/meetings.json").headers["ETag"]
    assert client.get("/o/nobody/meetings.csv").status_code == 404


def test_the_sheet_holds_no_meeting_of_members_alone(client: FlaskClient, clinic):
    make_meeting(clinic, name="For Members")

    assert "For Members" not in client.get("/o/riverbend/meetings.csv").text


@pytest.mark.parametrize(
    ("command", "dialect"), [(export_cli.export_sheet, "csv"), (calendars_cli.export_calendar, "ical")]
)
def test_commands_write_files_that_are_read_again(clinic, tmp_path, command, dialect):
    imported(clinic, row())
    db.session.rollback()

    done = CliRunner().invoke(command, ["--organisation", "riverbend", "--output", str(tmp_path / "list")])
    opened = dialects.open_list((tmp_path / "list").read_bytes(), feed=FeedDefaults())

    assert (done.exit_code, opened.dialect) == (0, dialect)
    assert [(each.name, each.weekdays) for each in opened.listings()] == [("Porch Group", (0,))]


def test_a_calendar_comes_in_with_its_rules_and_days_off(clinic):
    imported(
        clinic,
        group(
            ("first", "RRULE:FREQ=MONTHLY;BYDAY=1TU\nEXDATE;TZID=America/Denver:20261201T190000\n"),
            ("once", ""),
        ),
    )
    first, once = meetings(clinic)

    assert (first.rule, first.days_off, first.zone) == ("FREQ=MONTHLY;BYDAY=1TU", ["2026-12-01"], DENVER)
    assert first.start_local == once.start_local == datetime(2026, 11, 3, 19)
    assert once.rule is None


def test_a_calendar_read_again_changes_nothing(clinic):
    calendar = group(("first", "RRULE:FREQ=MONTHLY;BYDAY=1TU\n"))
    imported(clinic, calendar)

    assert imported(clinic, calendar).counts()["unchanged"] == 1


def test_what_the_weekly_format_cannot_say_goes_out_in_words(clinic):
    imported(
        clinic,
        group(
            ("once", ""),
            ("first", "RRULE:FREQ=MONTHLY;BYDAY=1TU\n"),
            ("tenth", "RRULE:FREQ=MONTHLY;BYMONTHDAY=10\n"),
            ("weekly", "RRULE:FREQ=WEEKLY;BYDAY=TU\n"),
        ),
    )
    out = rows(clinic)

    assert out.keys() == {"First", "Tenth", "Weekly"}
    assert (out["First"]["day"], "day" in out["Tenth"], out["Weekly"]["day"]) == (2, False, 2)
    assert ("notes" in out["First"], "notes" in out["Tenth"], "notes" in out["Weekly"]) == (True, True, False)


def test_a_daily_meeting_goes_out_seven_times(clinic):
    imported(clinic, group(("daily", "RRULE:FREQ=DAILY\n")))
    db.session.rollback()

    out = exporting.rows_of(clinic, base_url=BASE, now=NOW)
    assert sorted(each["day"] for each in out) == list(range(7))


def test_our_own_calendar_is_read_back(clinic):
    imported(clinic, row(), row(slug="lamp", name="Lamplight", day=[2, 4], end_time="20:30"))
    db.session.rollback()
    other = make_organisation()

    report = imported(other, public.write_organisation(clinic), location="calendar")

    assert (report.counts()["new"], report.refused) == (2, [])
    came = {meeting.name: meeting for meeting in meetings(other)}
    assert (came["Lamplight"].rule, came["Lamplight"].minutes) == ("FREQ=WEEKLY;BYDAY=TU,TH", 90)
