import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings.exchange import due_lists, importing, refresh, runs, source
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.models import ImportRun, MeetingSource
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.exchange.list_site import ListSite
from tests.meetings.exchange.test_merging import SLUGS, rows
from tests.worker_process import wait_until


@pytest.fixture
def clinic(app):
    return make_organisation()


@pytest.fixture
def site(app, tmp_path):
    with ListSite(tmp_path) as site:
        app.extensions[source.EXTENSION] = site.fetcher()
        yield site
        del app.extensions[source.EXTENSION]


def listed(site, *said, **headers):
    site.answer(body=json.dumps(said).encode(), **{"Content_Type": "application/json"} | headers)


def followed(organisation, site, *said, every_hours=24):
    """Give a list that came in once and is read every day."""
    imported(organisation, *said, location=site.url())
    with transaction():
        kept = importing.locked_source(organisation.id, site.url(), FeedDefaults())
        refresh.set_pace(kept, every_hours)
        kept.next_read_at = None
    return kept.id


def now_due(source_id):
    with transaction():
        db.session.scalars(select(MeetingSource).where(MeetingSource.id == source_id)).one().next_read_at = clock.now()


def read(organisation, source_id):
    now_due(source_id)
    refresh.read_due(organisation.id, source_id)
    db.session.rollback()
    return db.session.get_one(MeetingSource, (organisation.id, source_id))


def names(organisation):
    return [each.name for each in meetings(organisation) if each.vanished_at is None]


def test_a_list_that_is_due_is_found_until_it_is_read(clinic, site, hold, monday):
    source_id = followed(clinic, site, row())
    listed(site, row())
    assert due_lists.find() == []

    now_due(source_id)
    db.session.rollback()
    assert due_lists.find() == [(clinic.id, source_id)]

    refresh.read_due(clinic.id, source_id)
    db.session.rollback()
    assert due_lists.find() == []
    hold(monday + timedelta(hours=24))
    assert due_lists.find() == [(clinic.id, source_id)]


def test_what_has_changed_comes_in_by_itself(clinic, site, monday):
    source_id = followed(clinic, site, row())
    listed(site, row(name="Other"), row(slug="lamp"))

    kept = read(clinic, source_id)

    assert names(clinic) == ["Porch Group", "Other"]
    assert (kept.last_read_at, kept.next_read_at) == (monday, monday + timedelta(hours=24))
    assert (kept.failure, kept.failures) == (None, 0)


def test_a_list_that_says_it_has_not_changed_is_not_read_again(clinic, site):
    source_id = followed(clinic, site, row())
    listed(site, row(name="Other"), ETag='"1"')
    assert read(clinic, source_id).etag == '"1"'

    listed(site, row(name="Never read"), ETag='"1"')
    kept = read(clinic, source_id)

    assert (names(clinic), kept.failure, kept.etag) == (["Other"], None, '"1"')


def test_a_list_that_is_read_for_the_first_time_waits_for_a_look(clinic, site):
    with transaction():
        source_id = importing.locked_source(clinic.id, site.url(), FeedDefaults()).id
        refresh.read_soon(clinic.id, source_id)
    listed(site, row())

    read(clinic, source_id)

    waiting = runs.find_waiting(clinic.id, source_id)
    assert waiting is not None
    assert (meetings(clinic), waiting.report["counts"]["new"]) == ([], 1)


def test_a_list_that_takes_much_away_waits_and_is_not_asked_about_twice(clinic, site):
    source_id = followed(clinic, site, *rows())
    listed(site, *rows(*SLUGS[:5]))

    read(clinic, source_id)
    waiting = runs.find_waiting(clinic.id, source_id)
    assert waiting is not None
    assert len(names(clinic)) == len(SLUGS)
    with transaction():
        runs.dismiss(clinic.id, waiting.id, by=None)
    read(clinic, source_id)

    assert runs.find_waiting(clinic.id, source_id) is None
    assert len(names(clinic)) == len(SLUGS)


def test_what_waits_goes_on_waiting_while_the_list_stays_the_same(clinic, site):
    source_id = followed(clinic, site, *rows())
    listed(site, *rows(*SLUGS[:5]))
    read(clinic, source_id)
    first = runs.find_waiting(clinic.id, source_id)

    read(clinic, source_id)

    assert runs.find_waiting(clinic.id, source_id) is first
    assert len(db.session.scalars(select(ImportRun)).all()) == 2


def test_a_failure_is_told_and_tried_again_after_growing_pauses(clinic, site, monday):
    source_id = followed(clinic, site, row())
    site.answer(status=503, body=b"")

    pauses = [read(clinic, source_id).next_read_at - monday for _ in range(9)]

    minutes = [int(each.total_seconds() // 60) for each in pauses]
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    kept = db.session.get_one(MeetingSource, (clinic.id, source_id))
    assert kept.failure == "lists.example.org cannot answer just now; it may be busy, or turn away programs."
    assert (kept.failures, names(clinic)) == (9, ["Porch Group"])


def test_what_went_wrong_is_forgotten_once_it_goes_well(clinic, site):
    source_id = followed(clinic, site, row())
    site.answer(status=503, body=b"")
    read(clinic, source_id)
    listed(site, row(name="Other"))

    kept = read(clinic, source_id)

    assert (kept.failure, kept.failures, names(clinic)) == (None, 0, ["Other"])


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"[]", "The list is empty"),
        (b'[{"slug": "a", "name": "A"}] and more', "The list is not valid JSON after row 1"),
        (b"{}", "This is one object, not a list of meetings"),
        (b'[{"slug": "porch"}]', "None of the 1 rows could be taken."),
    ],
)
def test_what_is_no_list_fails_and_takes_nothing_away(clinic, site, body, sentence):
    source_id = followed(clinic, site, row())
    site.answer(body=body)

    kept = read(clinic, source_id)

    assert kept.failure.startswith(sentence)
    assert names(clinic) == ["Porch Group"]


def test_two_workers_read_a_list_once(app, clinic, site):
    source_id = followed(clinic, site, row())
    listed(site, row(name="Other"), ETag='"1"')
    site.answers["/list.json"] = (*site.answers["/list.json"][:3], 0.3)
    now_due(source_id)
    keys = clinic.id, source_id
    db.session.rollback()

    def work():
        with app.app_context():
            refresh.read_due(*keys)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (len(site.asked), names(clinic)) == (1, ["Other"])


def test_no_transaction_is_open_while_a_site_answers(app, clinic, site):
    source_id = followed(clinic, site, row())
    listed(site, row(name="Other"))
    site.answers["/list.json"] = (*site.answers["/list.json"][:3], 0.4)
    now_due(source_id)
    keys = clinic.id, source_id
    db.session.rollback()

    def work():
        with app.app_context():
            refresh.read_due(*keys)
            db.session.remove()

    reader = threading.Thread(target=work)
    reader.start()
    wait_until(lambda: site.asked)
    with transaction():
        # On SQLite this would wait for the reader's write lock; on PostgreSQL for the lock of the list's row.
        kept = importing.locked_source(clinic.id, site.url(), FeedDefaults())
        is_free = reader.is_alive()
        kept.zone = "America/Denver"
    reader.join()

    assert is_free


def test_a_list_is_read_whole_when_somebody_asks(clinic, site, monday):
    source_id = followed(clinic, site, row())
    listed(site, row(), ETag='"1"')
    read(clinic, source_id)

    with transaction():
        kept = refresh.read_soon(clinic.id, source_id)

    assert (kept.next_read_at, kept.etag) == (monday, None)


def test_how_often_a_list_is_read_can_be_chosen(clinic, site, monday):
    source_id = followed(clinic, site, row())

    with transaction():
        refresh.read_every(clinic.id, source_id, 6)
    assert db.session.get_one(MeetingSource, (clinic.id, source_id)).next_read_at == monday + timedelta(hours=6)
    with transaction():
        refresh.read_every(clinic.id, source_id, None)
    assert db.session.get_one(MeetingSource, (clinic.id, source_id)).next_read_at is None


@pytest.mark.parametrize(
    ("location", "hours"), [("upload:list.json", 24), ("list.json", 24), ("https://a.example/", 0)]
)
def test_what_cannot_be_read_again_by_itself_is_refused(clinic, location, hours):
    with transaction():
        source_id = importing.locked_source(clinic.id, location, FeedDefaults()).id

    with pytest.raises(Invalid), transaction():
        refresh.read_every(clinic.id, source_id, hours)


def test_a_list_of_another_organisation_is_not_there(clinic, site):
    source_id = followed(clinic, site, row())

    with pytest.raises(NotFound), transaction():
        refresh.read_soon(make_organisation().id, source_id)


def test_a_file_of_this_machine_can_be_read_every_day(clinic, tmp_path):
    file = tmp_path / "list.json"
    file.write_text(json.dumps([row()]), encoding="utf-8")
    imported(clinic, row(), location=str(file))
    with transaction():
        kept = importing.locked_source(clinic.id, str(file), FeedDefaults())
        refresh.set_pace(kept, 24)
    file.write_text(json.dumps([row(name="Other")]), encoding="utf-8")

    read(clinic, kept.id)

    assert names(clinic) == ["Other"]


@pytest.mark.parametrize(
    ("location", "dialect", "address"),
    [
        ("https://na.example/main_server/", "auto", ROOT := "https://na.example/main_server/client_interface/json/?switcher=GetSearchResults&get_used_formats=1"),
        ("https://na.example/main_server", "bmlt", ROOT),
        (ROOT, "bmlt", ROOT),
        ("https://na.example/meetings.json?key=1", "auto", "https://na.example/meetings.json?key=1"),
    ],
)  # fmt: skip
def test_a_bmlt_root_is_asked_for_its_meetings(location, dialect, address):
    assert source.asked(location, dialect) == address
