import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from aftercare.audit import trail
from aftercare.core.db import db, transaction
from tests.factories import make_organisation


def note(organisation, count=1):
    with transaction():
        for number in range(count):
            trail.record("thing.done", organisation_id=organisation.id, about="thing", number=number)


def note_and_stumble(organisation):
    with transaction():
        trail.record("thing.done", organisation_id=organisation.id, about="thing")
        _ = 1 / 0


def test_a_chain_of_events_is_whole(app):
    organisation = make_organisation()
    note(organisation, 3)
    note(organisation, 2)

    assert trail.verify(organisation.id) == (5, None)


def test_an_organisation_has_a_chain_of_its_own(app):
    here, there = make_organisation(), make_organisation()
    note(here, 2)
    note(there, 1)

    assert trail.verify(here.id) == (2, None)
    assert trail.verify(there.id) == (1, None)


def test_what_is_undone_leaves_no_event(app):
    organisation = make_organisation()
    with pytest.raises(ZeroDivisionError):
        note_and_stumble(organisation)

    assert trail.verify(organisation.id) == (0, None)


@pytest.mark.parametrize("change", ["UPDATE audit_events SET act = 'x'", "DELETE FROM audit_events"])
def test_the_database_itself_refuses_a_change(app, change):
    note(make_organisation())

    with pytest.raises(DBAPIError, match="only added to"), transaction():
        db.session.execute(text(change))


def test_an_event_that_was_altered_all_the_same_is_found(app, database):
    organisation = make_organisation()
    note(organisation, 4)
    off = {
        "sqlite": "DROP TRIGGER audit_events_no_update",
        "postgresql": "ALTER TABLE audit_events DISABLE TRIGGER USER",
    }
    with transaction():
        db.session.execute(text(off[database]))
        db.session.execute(text("UPDATE audit_events SET act = 'other' WHERE number = 2"))
        if database == "postgresql":
            db.session.execute(text("ALTER TABLE audit_events ENABLE TRIGGER USER"))

    assert trail.verify(organisation.id) == (1, 2)


def test_a_chain_whose_end_was_cut_off_is_found(app, database):
    organisation = make_organisation()
    note(organisation, 4)
    off = {
        "sqlite": "DROP TRIGGER audit_events_no_delete",
        "postgresql": "ALTER TABLE audit_events DISABLE TRIGGER USER",
    }
    with transaction():
        db.session.execute(text(off[database]))
        db.session.execute(text("DELETE FROM audit_events WHERE number = 4"))
        if database == "postgresql":
            db.session.execute(text("ALTER TABLE audit_events ENABLE TRIGGER USER"))

    assert trail.verify(organisation.id) == (3, 4)
