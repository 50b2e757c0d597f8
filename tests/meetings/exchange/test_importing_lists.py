import json

import pytest
from sqlalchemy import select

from aftercare.core.db import before_commit, db
from aftercare.core.errors import Invalid
from aftercare.demo import meeting_list
from aftercare.meetings import closures
from aftercare.meetings.closures import Plan
from aftercare.meetings.exchange import filing, importing, meeting_guide, runs
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.models import MeetingType, Place
from tests.factories import make_organisation
from tests.locks import meeting_halfway
from tests.meetings.exchange.feeds import FEEDS, needs_feeds, row
from tests.meetings.exchange.imports import contents, imported, meetings

REAL = sorted(path.name for path in FEEDS.glob("mg_*.json"))
EAST = FeedDefaults("aa", "America/New_York")


@pytest.fixture
def clinic(app):
    return make_organisation()


def test_a_list_given_back_says_what_it_said(clinic):
    source = meeting_list.meeting_list()
    imported(clinic, source, defaults=FeedDefaults("aa", meeting_list.ZONE))

    kept = {meeting.source_key: meeting for meeting in meetings(clinic)}
    places = {place.id: place for place in db.session.scalars(select(Place))}
    codes: dict = {}
    for each in db.session.scalars(select(MeetingType)):
        codes.setdefault(each.meeting_id, []).append((each.fellowship, each.code))
    for said in meeting_guide.read(source, feed=FeedDefaults("aa", meeting_list.ZONE)).listings:
        meeting = kept[said.slug]
        back = filing.listing_kept(meeting, places.get(meeting.place_id), codes.get(meeting.id, []))
        plain = {"types": tuple(sorted(said.types)), "zone": said.zone or clinic.zone}
        plain["updated"] = said.updated or meeting.updated_at
        assert vars(back) == {name: value for name, value in vars(said).items() if name != "fingerprint"} | plain


def test_the_list_of_the_demo_comes_in_and_a_second_time_changes_nothing(clinic):
    source, defaults = meeting_list.meeting_list(), FeedDefaults("aa", meeting_list.ZONE)
    report = imported(clinic, source, defaults=defaults)
    before = contents()

    again = imported(clinic, source, defaults=defaults)

    assert (report.became["new"], len(report.refused)) == (
        meeting_list.ROWS - meeting_list.REFUSED,
        meeting_list.REFUSED,
    )
    assert again.became["unchanged"] == report.became["new"]
    assert contents() == before


@needs_feeds
@pytest.mark.parametrize("name", REAL)
def test_a_real_list_comes_in_and_a_second_time_changes_nothing(clinic, name):
    source = (FEEDS / name).read_bytes()
    report = imported(clinic, source, defaults=EAST)
    before = contents()

    again = imported(clinic, source, defaults=EAST)

    assert report.became["new"] == report.listings == len(meetings(clinic))
    assert report.listings + len(report.refused) == report.rows
    assert (again.became["unchanged"], again.changes_anything) == (report.became["new"], False)
    assert contents() == before


def test_whoever_closes_everything_waits_for_a_reading_and_no_reading_for_them(app, clinic, monday):
    for slug in ("ash", "birch"):
        imported(clinic, row(slug=slug), location=slug)
    key, plan = clinic.id, Plan("organisation", monday.date(), monday.date())

    def reading(slug):
        return importing.import_list(clinic, json.dumps([row(slug=slug, name="New")]).encode(), location=slug)

    def read():
        before_commit("calendars", lambda: reading("ash"))
        reading("birch")

    assert meeting_halfway(app, read, lambda: closures.close(key, plan, by=None)) == []
    assert [each.name for each in meetings(clinic)] == ["New", "New"]


def test_whoever_closes_everything_waits_for_an_undoing_and_no_undoing_for_them(app, clinic, monday):
    key, plan = clinic.id, Plan("organisation", monday.date(), monday.date())
    for name in ("Old", "New"):
        for slug in ("ash", "birch"):
            imported(clinic, row(slug=slug, name=name), location=slug)
    done = (runs.newest_done(key, each.source_id) for each in meetings(clinic))
    ash, birch = (run.id for run in done if run)

    def undo():
        before_commit("calendars", lambda: runs.undo(key, ash, by=None))
        runs.undo(key, birch, by=None)

    assert meeting_halfway(app, undo, lambda: closures.close(key, plan, by=None)) == []
    assert [each.name for each in meetings(clinic)] == ["Old", "Old"]


@needs_feeds
def test_three_issues_of_one_list_follow_each_other(clinic):
    first, second, third = (
        imported(clinic, (FEEDS / f"mg_san-jose_{issue}.json").read_bytes(), defaults=EAST).counts()
        for issue in ("2020-07", "2021-05", "2021-08")
    )
    live = [meeting for meeting in meetings(clinic) if meeting.vanished_at is None]

    assert (first["new"], second["new"], second["vanished"]) == (570, 67, 19)
    # One of the 19 came back.
    assert (third["new"] + third["returned"], third["returned"], third["vanished"]) == (82, 1, 30)
    assert len(live) == 670


@needs_feeds
def test_a_list_with_text_behind_it_is_refused_with_nothing_written(clinic):
    before = contents()

    with pytest.raises(Invalid) as refused:
        imported(clinic, (FEEDS / "bad_trailing-text.json").read_bytes(), defaults=EAST)

    assert refused.value.sentence.count(".") == 1
    assert contents() == before
