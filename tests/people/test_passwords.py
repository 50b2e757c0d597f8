from dataclasses import replace

import pytest

from aftercare.app import create_app
from aftercare.core.crypto import new_key
from aftercare.core.db import db, transaction
from aftercare.people import passwords
from aftercare.people.account_models import Account
from tests.conftest import settings_for
from tests.people.sign_in import PASSWORD, make_account, sign_in_staff


def path_of(account: Account) -> str:
    return passwords.link_for(account).removeprefix("http://localhost")


def test_a_link_sets_the_password_once(client):
    account, _ = make_account()
    path = path_of(account)

    page = client.get(path)

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert client.post(path, data={"password": "another four words"}).status_code == 303
    assert client.post(path, data={"password": "a third set of words"}).status_code == 410
    assert sign_in_staff(client, account, password="another four words").status_code == 303


@pytest.mark.parametrize("weak", ["", "short", "x" * 11, "x" * 1000])
def test_a_weak_password_is_refused_and_the_link_still_works(client, weak):
    account, _ = make_account()
    path = path_of(account)

    assert client.post(path, data={"password": weak}).status_code == 422
    assert client.get(path).status_code == 200
    assert sign_in_staff(client, account).status_code == 303


def test_a_password_with_the_email_in_it_is_refused(client):
    account, _ = make_account()

    answer = client.post(path_of(account), data={"password": account.email.partition("@")[0] + "2026"})

    assert answer.status_code == 422


def test_a_password_may_be_long(client):
    account, _ = make_account()
    long = "four random words " * 5

    assert client.post(path_of(account), data={"password": long}).status_code == 303
    assert sign_in_staff(client, account, password=long).status_code == 303


def test_a_link_that_was_altered_is_gone(client):
    account, _ = make_account()

    assert client.get(path_of(account)[:-2] + "xx").status_code == 410


def test_a_link_of_a_closed_account_is_gone(client):
    account, _ = make_account()
    path = path_of(account)
    with transaction():
        db.session.get_one(Account, account.id).active = False

    assert client.get(path).status_code == 410


def test_passwords_are_kept_as_argon2(client):
    account, _ = make_account()

    assert str(db.session.get_one(Account, account.id).password).startswith("$argon2id$")


@pytest.fixture
def keyed_anew(app):
    """Give an application with another encryption key, on the same database."""
    settings = replace(settings_for(app.config["SQLALCHEMY_DATABASE_URI"]), encryption_keys=new_key(2))
    anew = create_app(settings)
    yield anew
    with anew.app_context():
        db.session.remove()
        db.engine.dispose()


def test_another_encryption_key_leaves_passwords_as_they_are(app, keyed_anew):
    email = make_account()[0].email
    db.session.rollback()

    with keyed_anew.test_request_context(), transaction():
        assert passwords.check_password(email, PASSWORD) is not None
