from datetime import datetime

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import local_edits
from aftercare.meetings.exchange.import_report import Difference
from aftercare.meetings.exchange.models import ImportRun, ImportStep
from aftercare.meetings.exchange.runs import find_waiting
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import contents, imported, meetings

SLUGS = ("ash", "birch", "cedar", "elm", "fir", "gum", "holly", "ivy", "juniper", "kauri")


@pytest.fixture
def clinic(app):
    return make_organisation()


def rows(*left_out, **changed):
    return [row(slug=slug, **changed.get(slug, {})) for slug in SLUGS if slug not in left_out]


def named(organisation, slug):
    return next(meeting for meeting in meetings(organisation) if meeting.source_key == slug)


def steps():
    db.session.rollback()
    wanted = select(ImportStep.act, Meeting.source_key).join(Meeting, JOINED)
    return sorted((act, slug) for act, slug in db.session.execute(wanted))


JOINED = ImportStep.meeting_id == Meeting.id


def test_a_meeting_that_vanishes_is_taken_off_and_keeps_its_row(clinic, hold, monday):
    imported(clinic, *rows())
    hold(monday.replace(day=5))

    report = imported(clinic, *rows("ash"))

    ash = named(clinic, "ash")
    assert report.slugs("vanished") == ("ash",)
    assert (ash.vanished_at, ash.ended_at, ash.sequence) == (monday.replace(day=5), monday.replace(day=5), 1)
    assert ash.updated_at == monday.replace(day=5)


def test_a_meeting_that_is_gone_vanishes_once(clinic):
    imported(clinic, *rows())
    imported(clinic, *rows("ash"))
    before = contents()

    assert imported(clinic, *rows("ash")).changes_anything is False
    assert contents() == before


def test_a_meeting_that_is_in_the_list_again_comes_back_by_itself(clinic):
    imported(clinic, *rows())
    ash = named(clinic, "ash").id
    imported(clinic, *rows("ash"))

    report = imported(clinic, *rows(ash={"name": "Ash Again"}))

    back = named(clinic, "ash")
    assert (report.counts()["returned"], report.counts()["new"]) == (1, 0)
    assert (back.id, back.name, back.vanished_at, back.ended_at) == (ash, "Ash Again", None, None)


def test_a_meeting_that_staff_ended_stays_ended_whatever_the_list_does(clinic, hold, monday):
    imported(clinic, *rows())
    with transaction():
        db.session.get_one(Meeting, (clinic.id, named(clinic, "ash").id)).ended_at = monday
    hold(monday.replace(day=5))

    imported(clinic, *rows(ash={"name": "Ash"}))
    imported(clinic, *rows("ash"))
    imported(clinic, *rows())

    assert (named(clinic, "ash").ended_at, named(clinic, "ash").vanished_at) == (monday, None)


def test_a_fifth_may_vanish_without_a_word(clinic):
    imported(clinic, *rows())

    report = imported(clinic, *rows("ash", "birch"))

    assert (report.is_waiting, report.counts()["vanished"]) == (False, 2)


def test_more_than_a_fifth_waits_and_nothing_at_all_is_written(clinic):
    imported(clinic, *rows())
    before = {name: kept for name, kept in contents().items() if name not in ("import_runs", "meeting_sources")}

    report = imported(clinic, *rows("ash", "birch", "cedar"), row(slug="new"), row(slug="elm", name="Elm"))

    after = contents()
    assert (report.is_waiting, report.counts()["vanished"]) == (True, 3)
    assert {name: after[name] for name in before} == before
    source_id = named(clinic, "ash").source_id
    waiting = find_waiting(clinic.id, source_id)
    assert waiting is not None
    assert waiting.report["counts"]["vanished"] == 3


def test_a_word_lets_them_vanish(clinic):
    imported(clinic, *rows())

    report = imported(clinic, *rows("ash", "birch", "cedar"), accepts_removals=True)

    assert (report.is_waiting, report.counts()["vanished"]) == (False, 3)
    assert len([meeting for meeting in meetings(clinic) if meeting.vanished_at]) == 3


def test_those_that_are_gone_already_do_not_count_in_the_fifth(clinic):
    imported(clinic, *rows())
    imported(clinic, *rows("ash", "birch"))

    assert imported(clinic, *rows("ash", "birch", "cedar", "elm")).is_waiting is True


def test_an_import_keeps_its_steps(clinic):
    imported(clinic, *rows("ash"))
    assert steps() == [("new", slug) for slug in SLUGS if slug != "ash"]

    imported(clinic, *rows("birch", cedar={"name": "Cedar"}))
    imported(clinic, *rows(cedar={"name": "Cedar"}))

    assert [step for step in steps() if step[0] != "new" or step[1] == "ash"] == [
        ("changed", "cedar"), ("new", "ash"), ("returned", "birch"), ("vanished", "birch"),
    ]  # fmt: skip


def test_a_report_says_what_changes_field_by_field(clinic):
    imported(clinic, *rows())

    report = imported(
        clinic,
        *rows(ash={"name": "Ash", "day": 3, "location": "Porch House", "types": ["C"], "notes": "Ring"}),
        dry_run=True,
    )

    (change,) = report.changes
    assert (change.act, change.slug, change.held) == ("changed", "ash", ())
    assert change.fields == (
        Difference("name", "Porch Group", "Ash"),
        Difference("notes", "", "Ring"),
        Difference("when", "Every Monday at 7:00 PM (America/Denver)", "Every Wednesday at 7:00 PM (America/Denver)"),
        Difference(
            "place", "77 Copperleaf Way, Juniper Falls, CO 80099, USA",
            "Porch House, 77 Copperleaf Way, Juniper Falls, CO 80099, USA",
        ),
        Difference("is_open", "True", "False"),
        Difference("types", "O", "C"),
    )  # fmt: skip


def test_a_dry_run_and_the_deed_say_the_same(clinic):
    imported(clinic, *rows())
    changed = rows("ash", birch={"name": "Birch", "location": "Porch House"}, cedar={"notes": "Ring twice"})

    foreseen = imported(clinic, *changed, row(slug="new"), dry_run=True)
    done = imported(clinic, *changed, row(slug="new"))

    assert (foreseen.counts(), foreseen.changes) == (done.counts(), done.changes)


def test_what_staff_say_outlives_a_change_of_the_list(clinic):
    imported(clinic, *rows())
    with transaction():
        ash = db.session.get_one(Meeting, (clinic.id, named(clinic, "ash").id))
        local_edits.change(ash, {"name": "Our Ash", "start_local": datetime(2026, 1, 5, 20)}, by=None)

    report = imported(clinic, *rows(ash={"name": "Their Ash", "day": 3, "notes": "New"}))

    ash = named(clinic, "ash")
    assert (ash.name, f"{ash.start_local:%A %H}", ash.rule, ash.description) == (
        "Our Ash", "Monday 20", "FREQ=WEEKLY;BYDAY=MO", "New",
    )  # fmt: skip
    assert ash.local_edits["name"] == {"name": "Their Ash"}
    days = select(MeetingDay.weekday, MeetingDay.start_minute).where(MeetingDay.meeting_id == ash.id)
    assert [tuple(day) for day in db.session.execute(days)] == [(0, 20 * 60)]
    (change,) = report.changes
    assert (change.fields, [each.field for each in change.held]) == (
        (Difference("notes", "", "New"),),
        ["name", "when"],
    )
    assert change.held[0] == Difference("name", "Our Ash", "Their Ash")


def test_a_list_that_changes_nothing_leaves_no_run_behind(clinic):
    imported(clinic, *rows())
    imported(clinic, *rows())

    assert len(db.session.scalars(select(ImportRun)).all()) == 1
