import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

from aftercare.app import create_app
from aftercare.core.pace import Pace
from aftercare.http import visitors
from tests.conftest import settings_for
from tests.factories import make_meeting, make_organisation
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::1", visitors.THIS_MACHINE),
        ("127.0.0.2", visitors.THIS_MACHINE),
        ("", "unknown"),
    ],
)
def test_a_customer_has_one_address_or_one_network(remote, network):
    assert visitors.network_of(remote) == network


SEARCH, PRINT, CODE = ("SEARCHES", "PRINTS", "CODES")


@pytest.mark.parametrize(
    ("path", "pace"),
    [
        ("/o/{slug}/meetings?q=lamp", SEARCH),
        ("/o/{slug}/meetings/find.json?q=lamp{n}", SEARCH),
        ("/o/{slug}/meetings/embed?q=lamp", SEARCH),
        ("/o/{slug}/meetings/print", PRINT),
        ("/o/{slug}/meetings/calendar?q=lamp", CODE),
        ("/m/{meeting}/calendar", CODE),
    ],
)
def test_whoever_asks_too_often_is_told_to_wait_and_nobody_else_is(client, clinic, monkeypatch, path, pace):
    monkeypatch.setattr(visitors, pace, Pace(times=2, per_seconds=60))
    meeting = make_meeting(clinic, is_open=True)

    def ask(remote, n=0):
        where = path.format(slug=clinic.slug, meeting=meeting.id, n=n)
        return client.get(where, environ_base={"REMOTE_ADDR": remote})

    answers = [ask("203.0.113.9", n) for n in range(3)]
    others = [ask(remote, n=3) for remote in ("203.0.113.10", "127.0.0.1", "127.0.0.1", "127.0.0.1")]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "31"
    assert "You asked very often." in answers[-1].text
    assert {each.status_code for each in others} == {200}


def test_programs_of_one_address_are_told_to_wait_too(client, clinic, monkeypatch):
    monkeypatch.setattr(visitors, SEARCH, Pace(times=1, per_seconds=60))
    program = Program(client, clinic)

    first, second = (program.get("/meetings/search", environ_base={"REMOTE_ADDR": "203.0.113.9"}) for _ in range(2))

    assert (first.status_code, second.status_code, second.content_type) == (200, 429, "application/problem+json")


def test_what_was_answered_a_moment_ago_is_counted_against_nobody(client, clinic, monkeypatch):
    monkeypatch.setattr(visitors, SEARCH, Pace(times=1, per_seconds=60))
    path = f"/o/{clinic.slug}/meetings/find.json?day=tue"

    answers = [client.get(path, environ_base={"REMOTE_ADDR": "203.0.113.9"}) for _ in range(5)]

    assert {each.status_code for each in answers} == {200}


def test_what_a_trusted_proxy_says_is_read_before_anything_is_answered():
    app = create_app(settings_for("sqlite://", trusted_proxies=1))

    assert isinstance(app.wsgi_app, ProxyFix)
