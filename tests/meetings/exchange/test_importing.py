import json

import pytest
from sqlalchemy import func, select, update

from aftercare.audit import trail
from aftercare.audit.models import AuditEvent
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import filing
from aftercare.meetings.exchange.importing import remembered
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.models import MeetingSource
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.people import directory
from aftercare.people.models import Organisation
from tests.factories import make_meeting, make_organisation
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.imports import contents, imported, meetings


@pytest.fixture
def clinic(app):
    return make_organisation()


def version(organisation):
    db.session.rollback()
    return db.session.scalar(select(Organisation.calendar_version).where(Organisation.id == organisation.id))


def test_a_row_becomes_a_meeting_with_its_place_day_and_types(clinic):
    report = imported(clinic, row(day=2, time="19:30", end_time="21:00", location="Porch House", types=["O", "X"]))

    (meeting,) = meetings(clinic)
    place = db.session.get_one(Place, (clinic.id, meeting.place_id))
    assert (meeting.kind, meeting.name, meeting.source_key, meeting.is_open) == (
        "fellowship",
        "Porch Group",
        "porch",
        True,
    )
    assert (meeting.rule, meeting.minutes, meeting.zone) == ("FREQ=WEEKLY;BYDAY=TU", 90, DENVER)
    assert f"{meeting.start_local:%A %H:%M}" == "Tuesday 19:30"
    assert (place.name, place.address) == ("Porch House", "77 Copperleaf Way, Juniper Falls, CO 80099, USA")
    assert [(day.weekday, day.start_minute) for day in db.session.scalars(select(MeetingDay))] == [(1, 19 * 60 + 30)]
    assert {(each.fellowship, each.code) for each in db.session.scalars(select(MeetingType))} == {
        ("aa", "O"),
        ("aa", "X"),
    }
    assert directory.find_by_id("meeting", meeting.id) == (clinic.id, meeting.id)
    assert report.counts() | {"new": 1, "rows": 1} == report.counts()


def test_a_row_without_day_and_time_is_by_appointment(clinic):
    imported(clinic, row(day=..., time=..., timezone=...))

    (meeting,) = meetings(clinic)
    assert (meeting.start_local, meeting.rule, meeting.minutes, meeting.zone) == (None, None, None, clinic.zone)
    assert db.session.scalars(select(MeetingDay)).all() == []


def test_a_bad_row_is_reported_and_the_good_ones_come_in(clinic):
    report = imported(clinic, row(), row(slug="late", time="25:00"))

    (bad,) = report.refused
    assert (bad.row, bad.slug, bad.field, bad.value) == (2, "late", "time", "25:00")
    assert [meeting.source_key for meeting in meetings(clinic)] == ["porch"]


def test_meetings_of_one_house_share_a_place(clinic):
    imported(
        clinic, row(), row(slug="lamp", day=3), row(slug="else", formatted_address="1 Elm St, Town, CO 80098, USA")
    )

    assert len({meeting.place_id for meeting in meetings(clinic)}) == 2
    assert db.session.scalar(select(func.count()).select_from(Place)) == 2


def test_a_place_that_two_rows_describe_differently_keeps_both_words(clinic):
    imported(
        clinic,
        row(location_notes="Ring twice"),
        row(slug="lamp", location_notes="Side door", latitude=1.5, longitude=2),
    )

    place = db.session.scalars(select(Place)).one()
    said = {meeting.source_key: filing.place_said(meeting, place) for meeting in meetings(clinic)}
    assert {slug: (each.notes, each.latitude) for slug, each in said.items()} == {
        "porch": ("Ring twice", None),
        "lamp": ("Side door", 1.5),
    }


def test_a_second_import_writes_only_when_the_list_was_read(clinic, hold, monday):
    imported(clinic, row(), row(slug="lamp", day=[1, 3]))
    before = contents()
    version_before = version(clinic)

    hold(monday.replace(day=5))
    report = imported(clinic, row(), row(slug="lamp", day=[1, 3]))

    assert (report.became["unchanged"], report.changes_anything) == (2, False)
    assert contents() == before
    assert version(clinic) == version_before
    assert db.session.scalars(select(MeetingSource)).one().last_read_at == monday.replace(day=5)


def test_a_changed_row_changes_its_meeting_in_place(clinic, hold, monday):
    imported(clinic, row(), row(slug="lamp"))
    porch, lamp = {each.source_key: each.id for each in meetings(clinic)}["porch"], meetings(clinic)[0].updated_at

    hold(monday.replace(day=5))
    report = imported(clinic, row(day=4, time="08:00", types=["C", "ST"]), row(slug="lamp"))

    changed = {each.source_key: each for each in meetings(clinic)}
    assert (report.slugs("changed"), report.became["unchanged"]) == (("porch",), 1)
    assert (changed["porch"].id, changed["porch"].sequence, changed["porch"].is_open) == (porch, 1, False)
    assert (changed["porch"].updated_at, changed["lamp"].updated_at) == (monday.replace(day=5), lamp)
    days = select(MeetingDay.weekday, MeetingDay.start_minute).where(MeetingDay.meeting_id == porch)
    codes = select(MeetingType.code).where(MeetingType.meeting_id == porch).order_by(MeetingType.code)
    assert [tuple(day) for day in db.session.execute(days)] == [(3, 480)]
    assert list(db.session.scalars(codes)) == ["C", "ST"]


def test_a_known_row_that_cannot_be_read_today_has_not_vanished(clinic):
    imported(clinic, row(), row(slug="lamp"))

    report = imported(clinic, row(), row(slug="lamp", time="TBA"))

    assert report.slugs("vanished") == ()
    assert len(meetings(clinic)) == 2


def test_two_lists_may_use_one_slug(clinic):
    imported(clinic, row(), location="one")
    imported(clinic, row(name="Another"), location="two")

    assert sorted(meeting.name for meeting in meetings(clinic)) == ["Another", "Porch Group"]


def test_a_list_of_one_organisation_leaves_the_other_alone(clinic):
    other = make_organisation()
    imported(other, row(name="Theirs"))
    imported(clinic, row(name="Ours"))

    assert [meeting.name for meeting in meetings(other)] == ["Theirs"]


def test_an_import_is_one_link_in_the_audit_trail(clinic):
    imported(clinic, row(), row(slug="lamp"))

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "meetings.imported")).one()
    assert (event.facts["new"], event.facts["rows"], trail.verify(clinic.id)[1]) == (2, 2, None)


def test_a_changed_list_is_a_new_version_of_what_is_public(clinic):
    before = clinic.calendar_version
    imported(clinic, row(), row(slug="lamp"))

    assert version(clinic) == before + 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing(clinic):
    before = contents()
    report = imported(clinic, row(), dry_run=True)

    assert (report.slugs("new"), report.is_dry_run) == (("porch",), True)
    assert contents() == before


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b'[{"slug": "a", "name": "A"}] and more', 'The list is not valid JSON after row 1 (line 1): "and more" does'),
        (b"<!doctype html><html>", "This is a web page"),
        (b"[]", "The list is empty"),
        (b'[{"slug": "a"}]', "None of the 1 rows could be taken. Row 1: The row has no name"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence_with_nothing_written(clinic, source, sentence):
    before = contents()

    with pytest.raises(Invalid, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        imported(clinic, source)

    assert contents() == before


def test_what_was_said_of_a_list_holds_the_next_time(clinic):
    imported(clinic, row(timezone=...), defaults=FeedDefaults("na", DENVER))

    report = imported(clinic, row(timezone=...), row(slug="lamp", timezone=...))

    assert remembered(clinic.id, "list") == FeedDefaults("na", DENVER)
    assert (report.slugs("new"), report.became["unchanged"]) == (("lamp",), 1)
    assert {meeting.fellowship for meeting in meetings(clinic)} == {"na"}


def test_a_meeting_that_staff_published_is_never_touched(clinic):
    ours = make_meeting(clinic, kind="fellowship", name="Ours")
    imported(clinic, row())

    db.session.rollback()
    assert db.session.get_one(Meeting, (clinic.id, ours.id)).name == "Ours"


def test_a_meeting_whose_filing_changed_is_filed_anew(clinic):
    imported(clinic, row())
    with transaction():
        db.session.execute(update(Meeting).values(fingerprint="0:old"))

    assert imported(clinic, row()).slugs("changed") == ("porch",)


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\x1b[2J"])
def test_signs_that_no_database_takes_cost_nothing_else(clinic, sign):
    report = imported(clinic, row(regions=[sign, f"Mesa{sign}"], types=f"{sign}O, {sign}", group=sign, url=sign))

    (meeting,) = meetings(clinic)
    assert sign not in json.dumps([meeting.extra, report.document()], ensure_ascii=False)
