import json

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db, transaction
from aftercare.meetings.exchange import lists, refresh, runs, source
from aftercare.meetings.exchange.fetching import Fetched, NotFetched
from aftercare.meetings.exchange.lists import NewList
from aftercare.meetings.exchange.models import ImportRun, MeetingSource
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.test_refresh import now_due, read

ADDRESS = "https://lists.example.org/meetings.json"


class Site:
    """The open internet, on which there is one list; it never says whether that has changed."""

    rows = (row(),)

    def fetch(self, _url, **_seen):
        self.meanwhile()
        return Fetched(json.dumps(self.rows).encode())

    def meanwhile(self):
        return


@pytest.fixture
def site(app, monday):
    app.extensions[source.EXTENSION] = site = Site()
    yield site
    del app.extensions[source.EXTENSION]


def followed():
    clinic = make_organisation()
    with transaction():
        kept = lists.add_address(clinic.id, ADDRESS, NewList(), hours=24, by=None)
    return clinic, kept.id


def waiting(clinic, source_id):
    read(clinic, source_id)
    return runs.find_waiting(clinic.id, source_id)


def dismissed(clinic, source_id):
    run = waiting(clinic, source_id)
    with transaction():
        return runs.dismiss(clinic.id, run.id, by=None)


def test_a_first_look_that_was_thrown_away_is_not_offered_again_while_the_list_is_the_same(site):
    clinic, source_id = followed()
    dismissed(clinic, source_id)

    assert waiting(clinic, source_id) is None
    assert len(db.session.scalars(select(ImportRun)).all()) == 1
    site.rows = (row(), row(slug="lamp"))
    again = waiting(clinic, source_id)
    assert again is not None
    assert again.report["counts"]["new"] == 2


def test_what_was_thrown_away_is_shown_again_to_whoever_asks_for_it(site):
    clinic, source_id = followed()
    dismissed(clinic, source_id)

    with transaction():
        refresh.read_soon(clinic.id, source_id)

    assert waiting(clinic, source_id) is not None


def test_throwing_away_leaves_a_trace_of_who_did_it(site):
    clinic, source_id = followed()

    run = dismissed(clinic, source_id)

    db.session.rollback()
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "meetings.import_dismissed")).all()
    assert (event.about, event.about_id, event.facts) == ("meeting_source", source_id, {"run": str(run.id)})


@pytest.mark.parametrize("refusal", [None, NotFetched("The site cannot be reached.")])
def test_a_list_that_is_removed_while_its_site_answers_ends_quietly(site, refusal):
    clinic, source_id = followed()
    key = clinic.id

    def remove():
        with transaction():
            assert lists.stop(key, source_id, by=None)
        if refusal:
            raise refusal

    site.meanwhile = remove
    now_due(source_id)
    db.session.rollback()
    refresh.read_due(key, source_id)

    db.session.rollback()
    assert db.session.scalars(select(MeetingSource)).all() == []
