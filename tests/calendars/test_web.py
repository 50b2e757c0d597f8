import gzip
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.calendars import feeds
from aftercare.calendars.models import Feed
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.people import accounts
from aftercare.people.models import Organisation
from tests.calendars import content_lines
from tests.calendars.devices import Statements, fetch, shown, subscribe
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_person, make_rsvp

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def ana(app, monday):
    return make_person(zone="America/Denver")


def going(person, **given):
    clinic = db.session.get_one(Organisation, person.organisation_id)
    occurrence = make_occurrence(make_meeting(clinic, **given))
    make_rsvp(occurrence, person)
    return occurrence


def test_a_feed_says_what_calendar_programs_and_caches_must_know(client, ana):
    answer = fetch(client, subscribe(ana))

    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Last-Modified"] == "Mon, 02 Nov 2026 17:00:00 GMT"
    assert re.fullmatch(r'"[0-9a-f]{32}"', answer.headers["ETag"])
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/png", ""])
def test_a_feed_is_given_whatever_a_program_says_it_accepts(client, ana, accept):
    answer = fetch(client, subscribe(ana), Accept=accept)

    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")


def test_a_feed_is_packed_for_programs_that_unpack(client, ana):
    path = subscribe(ana)
    plain = fetch(client, path)
    packed = fetch(client, path, Accept_Encoding="gzip, deflate")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert fetch(client, path, Accept_Encoding="gzip;q=0").data == plain.data


def test_head_says_the_same_without_a_body(client, ana):
    path = subscribe(ana)
    whole, head = fetch(client, path), client.head(path)

    assert head.data == b""
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize("packed", [{}, {"Accept_Encoding": "gzip"}])
def test_who_has_the_feed_is_told_so_by_one_statement(client, ana, packed):
    going(ana)
    path = subscribe(ana)
    tag = fetch(client, path, **packed).headers["ETag"]

    with Statements() as sent:
        answer = fetch(client, path, If_None_Match=tag, **packed)

    assert (answer.status_code, answer.data, len(sent)) == (304, b"", 1)
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"] == "private, max-age=900"


def test_a_program_that_knows_only_dates_is_told_by_one_statement_too(client, ana):
    path = subscribe(ana)
    changed = fetch(client, path).headers["Last-Modified"]

    with Statements() as sent:
        answer = fetch(client, path, If_Modified_Since=changed)

    assert (answer.status_code, len(sent)) == (304, 1)


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"])
def test_every_way_of_naming_the_tag_is_understood(client, ana, form):
    path = subscribe(ana)
    tag = fetch(client, path).headers["ETag"]

    assert fetch(client, path, If_None_Match=form.format(tag)).status_code == 304


@pytest.mark.parametrize("tag", ['"other"', "nonsense", ""])
def test_the_tag_wins_over_the_date(client, ana, tag):
    path = subscribe(ana)
    changed = fetch(client, path).headers["Last-Modified"]

    assert fetch(client, path, If_None_Match=tag, If_Modified_Since=changed).status_code == 200


def test_a_date_that_is_none_is_passed_over(client, ana):
    path = subscribe(ana)

    assert fetch(client, path, If_Modified_Since="yesterday").status_code == 200
    assert fetch(client, path, If_Modified_Since="Sun, 01 Nov 2026 17:00:00 GMT").status_code == 200


def test_an_answer_changes_the_feed_and_its_tag(client, ana):
    occurrence = going(ana)
    path = subscribe(ana)
    before = fetch(client, path)
    with transaction():
        rsvps.answer(ana.organisation_id, occurrence.id, ana.id, "maybe", via="web")

    after = fetch(client, path, If_None_Match=before.headers["ETag"], If_Modified_Since=before.headers["Last-Modified"])

    assert after.status_code == 200
    assert (content_lines.events(before.data)[0]["STATUS"], content_lines.events(after.data)[0]["STATUS"]) == (
        "CONFIRMED",
        "TENTATIVE",
    )


def test_no_two_changes_share_a_date_even_within_a_second(client, ana):
    occurrence = going(ana)
    path = subscribe(ana)
    first = fetch(client, path).headers["Last-Modified"]
    with transaction():
        rsvps.answer(ana.organisation_id, occurrence.id, ana.id, "maybe", via="web")

    again = fetch(client, path, If_Modified_Since=first)

    assert again.status_code == 200
    assert again.headers["Last-Modified"] != first


def test_a_version_that_changes_no_byte_keeps_tag_and_date(client, ana, hold):
    path = subscribe(ana)
    before = fetch(client, path)
    hold(LATER)
    with transaction():
        accounts.touch_calendars(ana.organisation_id, [ana.id])

    assert fetch(client, path, If_None_Match=before.headers["ETag"]).status_code == 304
    assert fetch(client, path).headers["Last-Modified"] == before.headers["Last-Modified"]


def test_a_feed_that_did_not_change_is_not_written_again(client, ana):
    path = subscribe(ana)
    fetch(client, path)

    with Statements() as sent:
        fetch(client, path)

    assert [statement.split()[0] for statement in sent] == ["SELECT"]


@pytest.mark.parametrize("level", feeds.LEVELS)
def test_thirty_dates_take_no_more_statements_than_one(client, ana, level):
    paths = [subscribe(ana, level), subscribe(ana, level)]
    going(ana)
    with Statements() as with_one:
        fetch(client, paths[0])
    meeting = make_meeting(db.session.get_one(Organisation, ana.organisation_id))
    for week in range(29):
        make_rsvp(make_occurrence(meeting, starts=datetime(2026, 9, 1, 18) + timedelta(weeks=week)), ana)
    with transaction():
        accounts.touch_calendars(ana.organisation_id, [ana.id])

    with Statements() as with_thirty:
        events = shown(client, paths[1])

    assert len(events) == 30
    assert len(with_thirty) == len(with_one)


def test_the_day_of_reading_is_noted_once_a_day(client, ana, hold):
    path = subscribe(ana)
    fetch(client, path)
    hold(LATER)
    with transaction():
        accounts.touch_calendars(ana.organisation_id, [ana.id])
    with Statements() as same_day:
        fetch(client, path)
    hold(MONDAY + timedelta(days=1))
    with Statements() as next_day:
        fetch(client, path)

    writes = [[each for each in day if each.startswith("UPDATE feeds")] for day in (same_day, next_day)]
    db.session.rollback()
    assert [len(each) for each in writes] == [0, 1]
    assert db.session.scalars(select(Feed.last_read_on)).one() == date(2026, 11, 3)


def test_the_day_is_the_readers_own(client, app, hold):
    hold(datetime(2026, 11, 3, 2, tzinfo=UTC))
    fetch(client, subscribe(make_person(zone="America/Denver")))

    db.session.rollback()
    assert db.session.scalars(select(Feed.last_read_on)).one() == date(2026, 11, 2)
