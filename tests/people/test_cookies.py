import pytest

from aftercare.app import create_app
from aftercare.core.db import db
from aftercare.people import passwords
from tests.conftest import settings_for
from tests.people.sign_in import make_account


@pytest.fixture
def secure(app):
    """Give an application that people reach through TLS."""
    secure = create_app(settings_for(app.config["SQLALCHEMY_DATABASE_URI"], base_url="https://meet.example.org"))
    yield secure
    with secure.app_context():
        db.session.remove()
        db.engine.dispose()


def test_through_tls_the_cookie_is_bound_to_the_host_and_to_tls(secure):
    answer = secure.test_client().get("/staff/sign-in", base_url="https://meet.example.org")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-aftercare=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_through_tls_a_form_from_another_site_is_refused(secure):
    client, base = secure.test_client(), "https://meet.example.org"
    page = client.get("/staff/sign-in", base_url=base).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "email": "nobody@elm.example", "password": "x"}

    elsewhere = client.post("/staff/sign-in", base_url=base, data=form, headers={"Referer": "https://evil.example/"})
    here = client.post("/staff/sign-in", base_url=base, data=form, headers={"Referer": base + "/staff/sign-in"})

    assert (elsewhere.status_code, here.status_code) == (400, 422)


@pytest.mark.parametrize("path", ["/s/AAAAAAAAAAAAAAAAAAAAAA", "/staff/password/{token}"])
def test_through_tls_the_form_behind_a_secret_link_works_and_its_secret_stays_here(secure, path):
    base = "https://meet.example.org"
    account, _ = make_account()
    path = path.format(token=passwords.link_for(account).rpartition("/")[2])
    client = secure.test_client()
    page = client.get(path, base_url=base)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    # What a browser sends from a page with this policy, and from one with none of it.
    told = {"strict-origin": {"Referer": base + "/"}, "no-referrer": {}}[page.headers["Referrer-Policy"]]

    answer = client.post(path, base_url=base, data={"csrf_token": token, "password": "short"}, headers=told)

    assert answer.status_code == (422 if "password" in path else 410)


@pytest.mark.parametrize("path", ["/sign-in", "/staff/sign-in", "/s/AAAAAAAAAAAAAAAAAAAAAA"])
def test_pages_of_the_doors_are_kept_by_nobody(app, path):
    assert app.test_client().get(path).headers["Cache-Control"] == "no-store"
