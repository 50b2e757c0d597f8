import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from aftercare.audit import trail
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings import local_edits
from aftercare.meetings.exchange import importing, runs
from aftercare.meetings.exchange.models import ImportRun, ImportStep, MeetingSource
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting, MeetingType
from tests.factories import make_organisation
from tests.locks import meeting_halfway
from tests.meetings.exchange.feeds import FEEDS, needs_feeds, row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.exchange.test_importing_lists import EAST
from tests.meetings.exchange.test_merging import SLUGS, named, rows

MARKS = ("sequence", "updated_at")


@pytest.fixture
def clinic(app):
    return make_organisation()


def newest(organisation):
    db.session.rollback()
    return db.session.scalars(
        select(ImportRun)
        .where(ImportRun.organisation_id == organisation.id)
        .order_by(ImportRun.at.desc(), ImportRun.id.desc())
    ).first()


def undone(organisation):
    source_id = newest(organisation).source_id
    with transaction():
        run = runs.newest_done(organisation.id, source_id)
        assert run is not None
        return runs.undo(organisation.id, run.id, by=None)


def shown(organisation):
    """Everything of the meetings that people may see, as it stands."""
    live = [each.id for each in meetings(organisation) if each.ended_at is None]
    kept = [column for column in Meeting.__table__.columns if column.name not in MARKS]
    saved = [sorted(map(repr, db.session.execute(select(*kept).where(Meeting.id.in_(live)))))]
    for model in (MeetingDay, MeetingType):
        saved.append(sorted(map(repr, db.session.execute(select(model.__table__).where(model.meeting_id.in_(live))))))
    return saved


def test_undoing_puts_back_what_was_new_changed_and_gone(clinic, hold, monday):
    imported(clinic, *rows())
    before = shown(clinic)
    hold(monday + timedelta(hours=1))
    imported(
        clinic,
        *rows("ash", birch={"name": "B", "day": 5, "time": "08:00", "types": ["C", "ST"], "location": "Else"}),
        row(slug="new"),
    )
    assert shown(clinic) != before

    undone(clinic)

    assert shown(clinic) == before
    assert [each.source_key for each in meetings(clinic) if each.vanished_at] == ["new"]


def test_undoing_takes_those_off_again_that_had_come_back(clinic, hold, monday):
    imported(clinic, *rows())
    imported(clinic, *rows("ash"))
    gone = named(clinic, "ash").vanished_at
    hold(monday + timedelta(hours=1))
    imported(clinic, *rows(ash={"name": "Ash Again"}))

    undone(clinic)

    ash = named(clinic, "ash")
    assert (ash.name, ash.vanished_at, ash.ended_at) == ("Porch Group", gone, gone)


def test_what_was_undone_comes_again_only_when_somebody_reads_the_list(clinic):
    imported(clinic, *rows())
    with transaction():
        db.session.scalars(select(MeetingSource)).one().every_hours = 24
    imported(clinic, *rows(ash={"name": "Ash"}))

    undone(clinic)

    source = db.session.scalars(select(MeetingSource)).one()
    assert (source.every_hours, source.next_read_at, source.etag) == (None, None, None)
    assert imported(clinic, *rows(ash={"name": "Ash"})).slugs("changed") == ("ash",)


def test_undoing_keeps_what_staff_have_said_since(clinic):
    imported(clinic, *rows())
    imported(clinic, *rows(ash={"name": "Their Ash", "notes": "New"}))
    with transaction():
        ash = db.session.get_one(Meeting, (clinic.id, named(clinic, "ash").id))
        local_edits.change(ash, {"name": "Our Ash"}, by=None)

    undone(clinic)

    ash = named(clinic, "ash")
    assert (ash.name, ash.description, ash.local_edits) == ("Our Ash", "", {"name": {"name": "Porch Group"}})


def test_undoing_raises_the_number_that_calendars_look_at(clinic):
    imported(clinic, *rows())
    imported(clinic, *rows("birch", ash={"name": "Ash"}))
    undone(clinic)

    assert {slug: named(clinic, slug).sequence for slug in ("ash", "birch", "cedar")} == {
        "ash": 2, "birch": 2, "cedar": 0,
    }  # fmt: skip


def test_readings_are_undone_from_the_newest_back(clinic):
    imported(clinic, *rows())
    first = newest(clinic).id
    before = shown(clinic)
    imported(clinic, *rows(ash={"name": "Ash"}))

    with pytest.raises(Conflict, match="read again since then"), transaction():
        runs.undo(clinic.id, first, by=None)
    undone(clinic)
    assert shown(clinic) == before
    with transaction():
        runs.undo(clinic.id, first, by=None)

    assert [each for each in meetings(clinic) if each.ended_at is None] == []


def test_undoing_waits_for_a_reading_that_is_on_its_way_and_leaves_it_be(app, clinic):
    imported(clinic, row(name="First"))
    imported(clinic, row(name="Second"))
    key, second = clinic.id, newest(clinic).id

    failed = meeting_halfway(
        app,
        lambda: importing.import_list(clinic, json.dumps([row(name="Third")]).encode(), location="list"),
        lambda: runs.undo(key, second, by=None),
    )

    assert (failed, [each.name for each in meetings(clinic)]) == (["Conflict"], ["Third"])


def test_a_reading_is_undone_once(clinic):
    imported(clinic, *rows())
    run = undone(clinic)

    with pytest.raises(Conflict, match="undone already"), transaction():
        runs.undo(clinic.id, run.id, by=None)


def test_a_reading_of_another_organisation_cannot_be_undone(clinic):
    imported(clinic, *rows())
    run = newest(clinic)

    with pytest.raises(NotFound), transaction():
        runs.undo(make_organisation().id, run.id, by=None)


def test_what_waits_comes_in_as_it_was_shown_when_somebody_says_so(clinic):
    imported(clinic, *rows())
    few = [row(slug=slug) for slug in SLUGS[:5]]
    imported(clinic, *few)
    waiting = newest(clinic)

    with transaction():
        report = importing.accept(clinic, waiting.id, by=None)

    run = newest(clinic)
    assert (report.counts()["vanished"], run.id, run.state, run.body) == (5, waiting.id, "done", None)
    assert len([each for each in meetings(clinic) if each.vanished_at]) == 5
    undone(clinic)
    assert [each for each in meetings(clinic) if each.vanished_at] == []


def test_what_would_come_to_something_else_than_was_shown_waits_on_as_it_is_now(clinic):
    imported(clinic, *rows())
    imported(clinic, *[row(slug=slug, name="Theirs") for slug in SLUGS[:5]])
    waiting = newest(clinic)
    seen = runs.mark(waiting.report)
    with transaction():
        local_edits.change(db.session.get_one(Meeting, (clinic.id, named(clinic, "ash").id)), {"name": "Ours"}, by=None)

    with pytest.raises(importing.Differs, match="Look at it again"), transaction():
        importing.accept(clinic, waiting.id, by=None, seen=seen)

    again = newest(clinic)
    assert (again.id, again.state, [each for each in meetings(clinic) if each.vanished_at]) == (
        waiting.id,
        "waiting",
        [],
    )
    assert again.report["changes"][0]["held"] == [["name", "Ours", "Theirs"]]
    with pytest.raises(importing.Differs), transaction():
        importing.accept(clinic, waiting.id, by=None, seen=seen)
    with transaction():
        importing.accept(clinic, waiting.id, by=None, seen=runs.mark(newest(clinic).report))
    assert named(clinic, "ash").name == "Ours"


def test_what_waits_can_be_thrown_away(clinic):
    imported(clinic, *rows())
    imported(clinic, row())
    waiting = newest(clinic)

    with transaction():
        runs.dismiss(clinic.id, waiting.id, by=None)

    assert (newest(clinic).state, newest(clinic).body) == ("refused", None)
    assert [each for each in meetings(clinic) if each.vanished_at] == []
    with pytest.raises(Conflict, match="waits no longer"), transaction():
        importing.accept(clinic, waiting.id, by=None)


def test_what_waits_is_out_of_date_when_the_list_was_read_again(clinic):
    imported(clinic, *rows())
    imported(clinic, row())
    waiting = newest(clinic).id
    imported(clinic, *rows(ash={"name": "Ash"}))

    with pytest.raises(Conflict, match="waits no longer"), transaction():
        importing.accept(clinic, waiting, by=None)


def test_a_look_ahead_writes_no_meeting_and_comes_in_on_a_word(clinic):
    source = (
        b'[{"slug": "a", "name": "A", "day": 1, "time": "19:00", "timezone": "America/Denver", "address": "1 Elm"}]'
    )
    with transaction():
        run = importing.look_ahead(clinic, source, location="upload", by=None)
    assert run is not None
    assert (meetings(clinic), run.state, run.report["counts"]["new"]) == ([], "waiting", 1)

    with transaction():
        importing.accept(clinic, run.id, by=None)

    assert [each.name for each in meetings(clinic)] == ["A"]


def test_steps_of_long_ago_are_kept_no_more(clinic, hold, monday):
    imported(clinic, *rows())
    hold(monday + runs.KEPT + timedelta(days=1))
    imported(clinic, *rows(ash={"name": "Ash"}))

    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ImportStep)) == 1


def test_undoing_is_one_link_in_the_audit_trail(clinic):
    imported(clinic, *rows())
    undone(clinic)

    assert trail.verify(clinic.id) == (2, None)


@needs_feeds
def test_three_issues_of_one_list_are_undone_one_by_one(clinic, hold, monday):
    stood = []
    for day, issue in enumerate(("2020-07", "2021-05", "2021-08")):
        hold(monday + timedelta(days=day))
        imported(clinic, (FEEDS / f"mg_san-jose_{issue}.json").read_bytes(), defaults=EAST)
        stood.append(shown(clinic))

    undone(clinic)
    assert shown(clinic) == stood[1]
    undone(clinic)
    assert shown(clinic) == stood[0]


@needs_feeds
def test_a_part_of_a_list_waits(clinic):
    whole = (FEEDS / "mg_sf-marin_2021.json").read_bytes()
    imported(clinic, whole, defaults=EAST)

    report = imported(clinic, (FEEDS / "mg_ben-lomond_2021.json").read_bytes(), defaults=EAST)

    assert (report.is_waiting, len([each for each in meetings(clinic) if each.vanished_at])) == (True, 0)
