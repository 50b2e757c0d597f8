import pytest

from aftercare import key_rotation
from aftercare.consent import ledger, mail_ledger
from aftercare.core.crypto import Keyring, new_key
from aftercare.core.db import db, transaction
from aftercare.core.sealed import EXTENSION
from aftercare.people import accounts, directory
from tests.conftest import KEY
from tests.factories import make_organisation, make_person

NEW = new_key(2)


@pytest.fixture
def two_keys(app):
    before = app.extensions[EXTENSION]
    yield lambda: app.extensions.update({EXTENSION: Keyring.read(f"{NEW},{KEY}")})
    app.extensions[EXTENSION] = before


def rotate():
    return key_rotation.rotate(lambda _table, _done: None)


def test_after_a_rotation_the_old_key_is_no_longer_needed(app, two_keys):
    ana = make_person(make_organisation(), name="Ana", phone="+13035550111")
    keys = (ana.organisation_id, ana.id)
    two_keys()

    assert rotate() == 1

    db.session.rollback()
    app.extensions[EXTENSION] = Keyring.read(NEW)
    db.session.expire_all()
    row = accounts.get_person(*keys)
    assert (row.name, row.phone) == ("Ana", "+13035550111")
    assert directory.find_by_phone("+13035550111") == [keys]


def test_a_person_is_found_by_phone_before_and_during_a_rotation(app, two_keys):
    ana = make_person(make_organisation(), phone="+13035550112")
    two_keys()

    assert directory.find_by_phone("+13035550112") == [(ana.organisation_id, ana.id)]


def test_rotating_twice_changes_nothing_more(app, two_keys):
    clinic = make_organisation()
    for _ in range(3):
        make_person(clinic)
    two_keys()

    assert [rotate(), rotate()] == [3, 0]


def test_more_rows_than_a_batch_are_all_sealed_anew(app, two_keys, monkeypatch):
    clinic = make_organisation()
    for _ in range(7):
        make_person(clinic)
    two_keys()
    monkeypatch.setattr(key_rotation, "BATCH", 2)

    assert rotate() == 7


def test_who_agreed_to_texts_gets_them_after_a_rotation_too(app, two_keys):
    ana = make_person(make_organisation())
    two_keys()
    rotate()

    db.session.rollback()
    app.extensions[EXTENSION] = Keyring.read(NEW)
    db.session.expire_all()

    assert ledger.allows_texts(accounts.get_person(ana.organisation_id, ana.id))


def test_who_agreed_to_letters_gets_them_after_a_rotation_too(app, two_keys):
    ana = make_person(make_organisation(), email="ana@example.org", channel="email")
    with transaction():
        mail_ledger.grant(ana, way="email")
    two_keys()
    rotate()

    db.session.rollback()
    app.extensions[EXTENSION] = Keyring.read(NEW)
    db.session.expire_all()
    assert mail_ledger.allows(accounts.get_person(ana.organisation_id, ana.id))
