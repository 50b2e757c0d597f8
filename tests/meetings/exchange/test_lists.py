import json

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import local_edits
from aftercare.meetings.exchange import importing, lists, waiting_lists
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.lists import NewList
from aftercare.meetings.exchange.models import MeetingSource
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.exchange.test_merging import rows

ADDRESS = "https://lists.example.org/meetings.json"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def content(*said):
    return json.dumps(said).encode()


def test_of_each_list_there_is_what_there_is_to_do(clinic):
    imported(clinic, *rows("ash", birch={"notes": "2nd Monday only"}), location="b")
    imported(clinic, *rows("ash", "cedar", birch={"notes": "2nd Monday only"}), location="b", accepts_removals=True)
    imported(clinic, row(slug="other"), location="a")
    with transaction():
        birch = db.session.scalars(select(Meeting).where(Meeting.source_key == "birch")).one()
        local_edits.change(birch, {"name": "Ours"}, by=None)
        importing.look_ahead(clinic, content(row(slug="other", name="New")), location="a")
    imported(make_organisation(), row(), location="b")

    found = lists.every(clinic.id)

    assert [(each.source.location, each.waiting is not None) for each in found] == [("a", True), ("b", False)]
    live = [len([m for m in meetings(clinic) if m.source_id == each.source.id and not m.vanished_at]) for each in found]
    gone = [len([m for m in meetings(clinic) if m.source_id == each.source.id and m.vanished_at]) for each in found]
    assert [(each.meetings, each.gone) for each in found] == list(zip(live, gone, strict=True))
    assert [(each.suggestions, each.edited) for each in found] == [(0, 0), (1, 1)]
    assert (waiting_lists.count(clinic.id), lists.get_called(clinic.id, "a").source.id) == (1, found[0].source.id)


def test_the_statements_do_not_grow_with_the_lists(clinic, statements):
    imported(clinic, row(), location="a")
    one = statements(lambda: lists.every(clinic.id))
    imported(clinic, row(), location="b")
    imported(clinic, row(), location="c")

    assert statements(lambda: lists.every(clinic.id)) == one


def test_readings_are_told_without_their_rows(clinic):
    imported(clinic, row(), location="a")
    imported(clinic, row(name="Other"), location="a")
    key = db.session.scalars(select(MeetingSource.id)).one()

    newest, first = lists.readings(clinic.id, key)

    assert (newest.counts["changed"], first.counts["new"], newest.state) == (1, 1, "done")


def test_a_list_of_another_organisation_is_not_found(clinic):
    imported(clinic, row(), location="a")
    key = db.session.scalars(select(MeetingSource.id)).one()
    other = make_organisation()

    for ask in (lambda: lists.get(other.id, key), lambda: lists.get_called(other.id, "a")):
        with pytest.raises(NotFound):
            ask()


def test_a_file_without_a_name_is_no_list(clinic):
    with pytest.raises(Invalid, match="Give the list a name"), transaction():
        lists.add_file(clinic, content(row()), NewList(), by=None)


def test_a_list_that_brought_meetings_is_stopped_and_one_that_brought_none_is_forgotten(clinic):
    imported(clinic, row(), location=ADDRESS)
    with transaction():
        empty = lists.add_address(clinic.id, f"{ADDRESS}?2", NewList(), hours=24, by=None).id
        full = lists.get_called(clinic.id, ADDRESS).source.id

    with transaction():
        assert lists.stop(clinic.id, empty, by=None)
        assert not lists.stop(clinic.id, full, by=None)

    assert [each.source.location for each in lists.every(clinic.id)] == [ADDRESS]
    assert [each.vanished_at for each in meetings(clinic)] == [None]


def test_nobody_follows_so_many_lists_that_others_wait_for_theirs(clinic):
    with transaction():
        for number in range(lists.MOST_FOLLOWED):
            lists.add_address(clinic.id, f"{ADDRESS}?{number}", NewList(), hours=24, by=None)

    with pytest.raises(Conflict, match="You follow 50 lists already"), transaction():
        lists.add_address(clinic.id, f"{ADDRESS}?more", NewList(), hours=24, by=None)

    with transaction():
        lists.stop(clinic.id, lists.get_called(clinic.id, f"{ADDRESS}?0").source.id, by=None)
        lists.add_address(clinic.id, f"{ADDRESS}?more", NewList(), hours=24, by=None)
    assert len(lists.every(clinic.id)) == lists.MOST_FOLLOWED


def test_what_the_formats_of_a_server_mean_is_remembered_for_the_next_reading(clinic):
    meeting = {"id_bigint": "1", "meeting_name": "Porch", "weekday_tinyint": "2", "start_time": "19:00:00",
               "time_zone": DENVER, "location_street": "9 Hook Lane", "formats": "O"}  # fmt: skip
    formats = b'[{"id": "17", "key_string": "O", "world_id": "OPEN", "lang": "en"}]'
    feed = FeedDefaults(fellowship="na", formats=formats)
    imported(clinic, meeting | {"formats": ""}, location=ADDRESS, defaults=feed)
    with transaction():
        run = lists.newer_file(clinic, lists.get_called(clinic.id, ADDRESS).source.id, content(meeting), by=None)
        assert run is not None
        importing.accept(clinic, run.id, by=None)

    assert importing.remembered(clinic.id, ADDRESS) == feed
    assert [each.is_open for each in meetings(clinic)] == [True]
