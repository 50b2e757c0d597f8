from datetime import timedelta

import pytest
from flask import Flask

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.people import access, accounts, devices, passwords, tokens
from aftercare.people.account_models import Account
from aftercare.people.models import Device, PersonRole
from tests.factories import make_organisation, make_person
from tests.people.sign_in import make_account, sign_in_patient, sign_in_staff, statements, who


def again(account: Account) -> Account:
    return db.session.get_one(Account, account.id)


def test_nobody_is_asking_without_a_sign_in(client):
    assert who(client) is None


def test_a_patient_is_known_by_the_browser(client):
    person = make_person(name="Ana Rivera", language="es")
    sign_in_patient(client, person)

    asking = who(client)

    assert asking is not None
    assert (asking.organisation_id, asking.person_id) == (person.organisation_id, person.id)
    assert (asking.name, asking.language, asking.zone) == ("Ana Rivera", "es", "America/Denver")
    assert asking.permissions == access.PATIENT


def test_a_member_of_staff_is_known_after_the_password(client):
    account, person = make_account("manager")
    sign_in_staff(client, account)

    asking = who(client)

    assert asking is not None
    assert (asking.person_id, asking.roles) == (person.id, frozenset({"manager"}))
    assert asking.permissions == access.MANAGER


def test_a_phone_opens_nothing_that_staff_may_do(client):
    _, person = make_account()
    with transaction():
        db.session.add(PersonRole(organisation_id=person.organisation_id, person_id=person.id, role="patient"))
    sign_in_patient(client, person)

    asking = who(client)

    assert asking is not None
    assert asking.roles == {"patient"}


def test_staff_without_a_patients_role_are_nobody_by_phone(client):
    _, person = make_account()
    sign_in_patient(client, person)

    assert who(client) is None


@pytest.mark.parametrize("signed_in", ["staff", "patient"])
def test_a_person_is_found_in_two_queries_at_most(app: Flask, client, signed_in):
    account, _ = make_account()
    if signed_in == "staff":
        sign_in_staff(client, account)
    else:
        sign_in_patient(client, make_person())
    sent = statements(app)

    assert who(client) is not None
    # The frame of the page reads the organisation besides (tests/home/test_navigation.py).
    assert len([statement for statement in sent if "FROM organisations" not in statement]) <= 2


def test_a_role_that_is_taken_away_is_gone_at_once(client):
    account, person = make_account("admin")
    sign_in_staff(client, account)
    with transaction():
        role = db.session.get(PersonRole, (person.organisation_id, person.id, "admin"))
        assert role is not None
        role.role = "counsellor"

    asking = who(client)

    assert asking is not None
    assert asking.permissions == access.COUNSELLOR


def test_a_closed_account_is_nobody_at_once(client):
    account, _ = make_account()
    sign_in_staff(client, account)
    with transaction():
        passwords.close_account(again(account))

    assert who(client) is None


def test_a_new_password_ends_every_sign_in(client):
    account, _ = make_account()
    sign_in_staff(client, account)
    with transaction():
        passwords.set_password(again(account), "four other words here")

    assert who(client) is None


def test_who_has_left_is_nobody_at_once(client):
    person = make_person()
    sign_in_patient(client, person)
    with transaction():
        accounts.get_person(person.organisation_id, person.id).left_at = clock.now()

    assert who(client) is None


def test_a_closed_device_is_nobody_at_once_and_others_stay(app, client):
    person = make_person()
    other = app.test_client()
    lost, kept = sign_in_patient(client, person), sign_in_patient(other, person)
    with transaction():
        devices.close_device(lost.organisation_id, lost.device_id)

    assert who(client) is None
    assert who(other) is not None
    assert kept.device_id != lost.device_id


def test_a_device_is_over_when_its_time_is(client, monday, hold):
    sign_in_patient(client, make_person(), lasts=timedelta(hours=12))
    hold(monday + timedelta(hours=12, seconds=-1))
    assert who(client) is not None

    hold(monday + timedelta(hours=12))

    assert who(client) is None


@pytest.mark.parametrize("key", ["", "x", "a.b.c", "0" * 32 + "." + "1" * 32 + ".secret"])
def test_a_key_that_is_none_is_nobody(client, key):
    with client.session_transaction() as cookie:
        cookie["device"] = key

    assert who(client) is None


def test_a_known_device_with_another_secret_is_nobody(client):
    key = sign_in_patient(client, make_person())
    with client.session_transaction() as cookie:
        cookie["device"] = str(devices.Key(key.organisation_id, key.device_id, "guessed"))

    assert who(client) is None


def test_staff_are_out_after_half_an_hour_of_rest(client, monday, hold):
    account, _ = make_account()
    sign_in_staff(client, account)
    for minutes in (29, 58, 87):
        hold(monday + timedelta(minutes=minutes))
        assert who(client) is not None

    hold(monday + timedelta(minutes=118))

    assert who(client) is None


def test_staff_are_out_after_eight_hours_of_work(client, monday, hold):
    account, _ = make_account()
    sign_in_staff(client, account)
    for minutes in range(20, 480, 20):
        hold(monday + timedelta(minutes=minutes))
        assert who(client) is not None

    hold(monday + timedelta(hours=8))

    assert who(client) is None


def test_a_token_speaks_for_its_organisation_under_api_only(client):
    organisation = make_organisation()
    with transaction():
        _, secret = tokens.make_token(organisation, name="Sync", scopes=["meetings:read"])

    asking = who(client, "/api/v1/none", Authorization=f"Bearer {secret}")

    assert asking is not None
    assert (asking.organisation_id, asking.person_id, asking.via) == (organisation.id, None, "token")
    assert asking.permissions == {"api:meetings:read"}
    assert who(client, Authorization=f"Bearer {secret}") is None


def test_a_browser_is_not_heard_under_api(client):
    sign_in_patient(client, make_person())

    assert who(client, "/api/v1/none") is None


def test_a_token_is_found_in_two_queries(app, client):
    with transaction():
        _, secret = tokens.make_token(make_organisation(), name="Sync", scopes=["meetings:read"])
    sent = statements(app)

    assert who(client, "/api/v1/none", Authorization=f"Bearer {secret}") is not None
    assert len(sent) == 2


def test_what_was_seen_last_is_noted_by_what_changes_something(client, monday, hold):
    person = make_person()
    key = sign_in_patient(client, person, lasts=timedelta(days=9))
    hold(monday + timedelta(days=3))

    client.post("/staff/sign-in", data={"email": "nobody@elm.example"})

    device = db.session.get(Device, (key.organisation_id, key.device_id))
    assert device is not None
    assert device.last_seen_on == clock.today(person.zone)


def test_the_session_of_staff_holds_no_name_and_no_role(client):
    account, _ = make_account()
    sign_in_staff(client, account)

    with client.session_transaction() as cookie:
        held = str(dict(cookie))

    assert account.email not in held
    assert "counsellor" not in held
