from datetime import timedelta

import pytest
from sqlalchemy import func, select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db, transaction
from aftercare.people import accounts, passwords
from aftercare.people.account_models import Account
from aftercare.people.models import Device
from tests.people.sign_in import PASSWORD, make_account, sign_in_patient, sign_in_staff, statements, who

UNKNOWN = "nobody@elm.example"


def shown(page) -> str:
    return "\n".join(line for line in page.text.splitlines() if "csrf_token" not in line and 'id="email"' not in line)


def path_of(account: Account) -> str:
    return passwords.link_for(account).removeprefix("http://localhost")


def test_the_right_password_signs_in(client):
    account, person = make_account()

    answer = sign_in_staff(client, account)

    asking = who(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert asking is not None
    assert asking.person_id == person.id


def test_the_name_may_be_written_in_capitals(client):
    account, _ = make_account()

    assert sign_in_staff(client, account, email=f" {account.email.upper()} ").status_code == 303


@pytest.mark.parametrize("wrong", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 5000, "\x00"])
def test_a_wrong_password_signs_nobody_in(client, wrong):
    account, _ = make_account()

    assert sign_in_staff(client, account, password=wrong).status_code == 422
    assert who(client) is None


def test_known_and_unknown_names_get_the_same_page_and_cost_the_same(app, client):
    account, _ = make_account()
    seen = []
    for email in (account.email, UNKNOWN):
        browser, sent = app.test_client(), statements(app)
        page = browser.post("/staff/sign-in", data={"email": email, "password": "wrong"})
        seen.append((page.status_code, shown(page), len(sent)))

    assert seen[0] == seen[1]


@pytest.mark.parametrize("state", ["closed", "without a password", "of somebody who left"])
def test_the_page_does_not_tell_what_is_wrong_with_an_account(client, state):
    account, person = make_account()
    with transaction():
        if state == "closed":
            passwords.close_account(account)
        if state == "without a password":
            account.password = None
        if state == "of somebody who left":
            accounts.get_person(person.organisation_id, person.id).left_at = person.created_at
        db.session.add(account)

    page = sign_in_staff(client, account)

    unknown = client.post("/staff/sign-in", data={"email": UNKNOWN, "password": PASSWORD})
    assert (page.status_code, shown(page)) == (unknown.status_code, shown(unknown))
    assert who(client) is None


def test_tries_at_one_name_become_rare_known_or_not(app, client, monday, hold):
    account, _ = make_account()
    told = [
        [app.test_client().post("/staff/sign-in", data={"email": email, "password": "x"}).status_code for _ in range(7)]
        for email in (account.email, UNKNOWN)
    ]

    assert told == [[422] * 5 + [429] * 2] * 2
    assert sign_in_staff(client, account).status_code == 429
    hold(monday + timedelta(minutes=2))
    assert sign_in_staff(client, account).status_code == 303


def test_a_sign_in_lets_the_name_try_afresh(client, monday):
    account, _ = make_account()
    for _ in range(3):
        for _ in range(4):
            sign_in_staff(client, account, password="wrong")
        assert sign_in_staff(client, account).status_code == 303


def test_tries_from_one_address_are_limited(app, client, monday):
    told = [
        client.post("/staff/sign-in", data={"email": f"sam{number}@elm.example", "password": "x"}).status_code
        for number in range(21)
    ]

    assert told == [422] * 20 + [429]


def test_a_refusal_says_when_to_try_again(client, monday):
    for _ in range(6):
        answer = client.post("/staff/sign-in", data={"email": UNKNOWN, "password": "x"})

    assert int(answer.headers["Retry-After"]) == 61


def test_names_are_not_kept_where_tries_are_counted(client):
    client.post("/staff/sign-in", data={"email": UNKNOWN, "password": "x"})

    keys = db.session.scalars(select(db.metadata.tables["rate_buckets"].c.key)).all()
    assert len(keys) == 6
    assert not [key for key in keys if "elm" in key or "127.0.0.1" in key]


def test_a_sign_in_shares_nothing_with_the_session_before(client):
    account, _ = make_account()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    client.get("/staff/sign-in")
    with client.session_transaction() as cookie:
        token = cookie["csrf_token"]

    sign_in_staff(client, account)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != token


def test_two_sign_ins_are_two_devices(app, client):
    account, _ = make_account()
    other = app.test_client()
    sign_in_staff(client, account)
    sign_in_staff(other, account)

    client.post("/sign-out")

    assert who(client) is None
    assert who(other) is not None


def test_signing_out_makes_a_copy_of_the_cookie_worthless(app, client):
    account, _ = make_account()
    sign_in_staff(client, account)
    thief = app.test_client()
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert who(thief) is not None

    client.post("/sign-out")

    assert who(thief) is None


def test_signing_out_without_a_sign_in_is_no_error(client):
    assert client.post("/sign-out").status_code == 303


def test_sign_ins_and_sign_outs_are_in_the_audit_trail(client):
    account, person = make_account()
    sign_in_staff(client, account)
    client.post("/sign-out")

    acts = db.session.execute(select(AuditEvent.act, AuditEvent.actor_id).order_by(AuditEvent.number)).all()
    assert [tuple(act) for act in acts[-2:]] == [("signed_in.staff", person.id), ("signed_out", person.id)]


def test_staff_who_sign_in_where_a_patient_was_end_the_patients_device(client):
    account, _ = make_account()
    key = sign_in_patient(client, make_account("patient")[1])

    sign_in_staff(client, account)

    device = db.session.get_one(Device, (key.organisation_id, key.device_id))
    assert device.revoked_at is not None


def test_who_came_for_a_page_is_led_to_it(client):
    account, _ = make_account()
    assert 'name="next" value="/staff"' in client.get("/staff/sign-in?next=/staff").text

    assert sign_in_staff(client, account, next="/staff").location == "/staff"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_a_sign_in_leads_nowhere_else(client, elsewhere):
    account, _ = make_account()

    assert sign_in_staff(client, account, next=elsewhere).location == "/"


def test_the_cookie_is_for_the_server_only_and_goes_when_the_browser_closes(client):
    account, _ = make_account()

    cookie = sign_in_staff(client, account).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_flask_security_has_no_door_of_its_own(app):
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security")]


@pytest.mark.parametrize("path", ["/login", "/tf-setup", "/wan-register", "/mf-recovery-codes", "/reset", "/register"])
def test_the_doors_that_come_later_are_shut(client, path):
    assert client.get(path).status_code == 404


def test_looking_at_the_page_writes_nothing(client):
    account, _ = make_account()
    path = path_of(account)
    before = db.session.scalar(select(func.count()).select_from(AuditEvent))

    client.get("/staff/sign-in")
    client.get(path)

    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == before
