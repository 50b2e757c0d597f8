import gzip
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, text, update

from aftercare.calendars import ahead, board, feeds
from aftercare.calendars.models import FeedBody
from aftercare.core import reader
from aftercare.core.db import db, is_postgresql, transaction
from aftercare.people.models import DirectoryEntry, Person
from tests.calendars.devices import Statements, fetch, subscribe
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp

KINDS = ["personal", "meeting", "list"]


@pytest.fixture
def paths(app, client, monday):
    """Give feeds of each kind that were read once, so that they are kept."""
    clinic = make_organisation()
    ana, meeting = make_person(clinic), make_meeting(clinic)
    make_rsvp(make_occurrence(meeting), ana)
    found = {"personal": subscribe(ana), "meeting": f"/m/{meeting.id}.ics", "list": f"/o/{clinic.slug}/meetings.ics"}
    for path in found.values():
        assert fetch(client, path).status_code == 200
    return found


@pytest.fixture
def ana_and_path(app, client, monday):
    ana = make_person()
    path = subscribe(ana)
    fetch(client, path)
    return ana, path


@pytest.fixture
def flask(app):
    """Give a browser that talks to Flask itself, past what is in front of it."""
    front = app.wsgi_app
    app.wsgi_app = front.behind
    yield app.test_client()
    app.wsgi_app = front


@pytest.fixture
def closed(app):
    """Let the database be asked nothing."""

    def refuse(*_):
        raise db.engine.dialect.loaded_dbapi.OperationalError("closed")

    engines = (db.engine, app.extensions[reader.EXTENSION].engine)
    db.engine.dispose()
    for engine in engines:
        event.listen(engine, "do_connect", refuse)
    yield
    for engine in engines:
        event.remove(engine, "do_connect", refuse)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [{}, {"Accept_Encoding": "gzip"}, {"If_None_Match": "*"}, {"If_None_Match": '"old"'}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_goes_out_ahead_of_flask_is_what_flask_sends(client, paths, flask, app, kind, given, method):
    asked = {name.replace("_", "-"): value for name, value in given.items()}
    slow = flask.open(paths[kind], method=method, headers=asked)
    app.wsgi_app = ahead.Ahead(app.wsgi_app, app.extensions[reader.EXTENSION], is_https=False)
    quick = client.open(paths[kind], method=method, headers=asked)

    assert (quick.status, quick.data) == (slow.status, slow.data)
    assert dict(quick.headers) == dict(slow.headers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_feed_takes_one_statement_and_not_modified_takes_no_more(client, paths, kind):
    with Statements() as whole:
        answer = fetch(client, paths[kind], Accept_Encoding="gzip")
    with Statements() as once_more:
        again = fetch(client, paths[kind])
    with Statements() as nothing_new:
        known = fetch(client, paths[kind], Accept_Encoding="gzip", If_None_Match=answer.headers["ETag"])

    assert (answer.status_code, len(whole)) == (200, 1)
    assert (gzip.decompress(answer.data), len(once_more)) == (again.data, 1)
    # Its bytes are in memory: only what tells whether they are still right is read.
    assert "bodies.body" not in once_more[0]
    assert (known.status_code, known.data, len(nothing_new)) == (304, b"", 1)
    assert "Content-Length" not in known.headers


@pytest.mark.parametrize("question", [feeds.WANTED, board.WANTED_MEETING, board.WANTED_ORGANISATION])
def test_what_is_kept_is_found_by_indexes_alone(app, question):
    given = question.params(key="elm" if "slug" in str(question.whereclause) else b"key", about="")
    written = given.compile(db.engine, compile_kwargs={"literal_binds": True})
    if is_postgresql():
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = db.session.scalars(text(f"EXPLAIN {written}")).all()
    else:
        plan = [step for *_, step in db.session.execute(text(f"EXPLAIN QUERY PLAN {written}"))]

    assert [step for step in plan if "Seq Scan" in step or step.startswith("SCAN")] == []


def test_a_feed_that_changed_is_left_to_flask(client, app, paths):
    with transaction():
        db.session.execute(update(FeedBody).values(version="older", tag="f" * 32, body=gzip.compress(b"older")))

    answer = fetch(client, paths["personal"])

    assert b"older" not in answer.data
    assert b"BEGIN:VEVENT" in answer.data


@pytest.mark.parametrize("path", ["/c/short.ics", "/m/nothing.ics", "/o/a%00b/meetings.ics", "/calendars.ics", "/c/"])
def test_what_is_no_feed_is_left_to_flask(client, paths, path):
    assert fetch(client, path).status_code == 404


def test_other_methods_are_left_to_flask(client, paths):
    assert client.post(paths["personal"]).status_code == 405


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("paths")
def test_without_a_database_the_feed_that_was_sent_last_is_sent_again(client, paths, request, kind):
    before = fetch(client, paths[kind])
    request.getfixturevalue("closed")

    after = fetch(client, paths[kind])

    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])
    assert fetch(client, paths[kind], If_None_Match=before.headers["ETag"]).status_code == 304


def test_what_was_turned_off_is_not_sent_again_though_the_database_is_gone(client, ana_and_path, request):
    ana, path = ana_and_path
    fetch(client, path)
    with transaction():
        feeds.revoke(ana.organisation_id, feeds.of(ana)[0].id, person_id=ana.id)
    assert b"Calendar off" in fetch(client, path).data
    request.getfixturevalue("closed")

    assert fetch(client, path).status_code >= 500


@pytest.mark.parametrize("asked", [{"If_None_Match": '"kept"'}, {"If_Modified_Since": "Mon, 02 Nov 2026 17:00:00 GMT"}])
def test_without_a_database_a_program_that_holds_a_feed_is_told_to_keep_it(client, app, paths, closed, asked):
    secret_of_another_process = "/c/" + "A" * 22 + ".ics"

    answer = fetch(client, secret_of_another_process, **asked)

    assert (answer.status_code, answer.data) == (304, b"")


def test_a_connection_that_died_is_made_anew(client, app, paths):
    fetch(client, paths["personal"])
    for line in app.extensions[reader.EXTENSION]._open:
        line.driver.close()

    assert fetch(client, paths["personal"]).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_until_anybody_writes_a_feed_is_not_even_looked_up_again_in_sqlite(client, app, paths, kind):
    with Statements() as sent:
        first = fetch(client, paths[kind])
        again = fetch(client, paths[kind], If_None_Match=first.headers["ETag"])
        looked_up = len(sent)
        make_organisation()
        fetch(client, paths[kind])

    by_row = 1 if is_postgresql() else 0
    assert (again.status_code, looked_up) == (304, 1 + by_row)
    assert len([each for each in sent if "feed_bodies" in each or "public_bodies" in each]) == 2 + by_row


def test_what_another_process_turned_off_is_off_at_once(client, app, ana_and_path):
    ana, path = ana_and_path
    fetch(client, path)
    fetch(client, path)
    with transaction():
        [feed] = feeds.of(ana)
        feeds.revoke(feed.organisation_id, feed.id, person_id=ana.id)

    assert b"NAME:Calendar off" in fetch(client, path).data


def test_what_is_there_no_more_is_not_found_at_once(client, app, ana_and_path):
    _, path = ana_and_path
    fetch(client, path)
    fetch(client, path)
    with transaction():
        db.session.execute(delete(DirectoryEntry).where(DirectoryEntry.purpose == feeds.PURPOSE))

    assert fetch(client, path).status_code == 404


def test_bytes_that_stayed_the_same_are_not_read_again_where_a_version_changed(client, app, ana_and_path):
    _, path = ana_and_path
    before = fetch(client, path)
    fetch(client, path)
    with transaction():
        db.session.execute(update(Person).values(calendar_version=Person.calendar_version + 1))
    newer = fetch(client, path)
    with Statements() as sent:
        after = fetch(client, path)

    assert before.headers["ETag"] == newer.headers["ETag"] == after.headers["ETag"]
    assert (after.data, len(sent)) == (before.data, 1)
    assert "bodies.body" not in sent[0]


def test_a_new_day_is_noticed_though_nobody_wrote(client, app, ana_and_path, hold):
    _, path = ana_and_path
    fetch(client, path)
    fetch(client, path)
    hold(MONDAY + timedelta(days=1))
    with Statements() as sent:
        fetch(client, path)

    assert [each for each in sent if each.startswith("UPDATE feeds")] != []
