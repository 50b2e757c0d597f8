from datetime import timedelta

import pytest
from sqlalchemy import event

from aftercare.core import reader
from aftercare.core.db import db, transaction
from aftercare.meetings import finder_ahead
from aftercare.people.models import Organisation
from tests.calendars.devices import Statements
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.finding import UNION, at, list_rows

PATH = "/o/riverbend/meetings/find.json"
#: The organisation; the listings of two stretches, the dates, those without a time; what is told of both.
MOST_STATEMENTS = 7


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation(slug="riverbend")
    list_rows(
        organisation,
        at(0, "mon", "12:00", name='"Lamp" \\ ¡Sí!', types=["O", "SP"]),
        at(4, "mon", "13:00", name="Porch", types=["C"]),
        row(slug="call-us", name="Call Us", day=..., time=...),
    )
    make_occurrence(make_meeting(organisation, name="Ours"))
    return organisation


@pytest.fixture
def flask(app):
    """Give a browser that talks to Flask itself, past what is in front of it."""
    front = app.wsgi_app
    app.wsgi_app = front.behind.behind
    yield app.test_client()
    app.wsgi_app = front


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"limit": "1"},
        {"q": "lamp", "day": "week"},
        {"near": UNION, "sort": "distance"},
        {"day": "someday"},
        {"near": "Atlantis"},
        {"after": "nonsense"},
    ],
    ids=lambda chosen: ", ".join(chosen) or "all",
)
@pytest.mark.parametrize("slug", ["riverbend", "Riverbend", "nobody"])
def test_what_goes_out_ahead_of_flask_is_what_flask_sends(client, clinic, flask, app, slug, chosen):
    path = f"/o/{slug}/meetings/find.json"
    slow = flask.get(path, query_string=chosen)
    app.wsgi_app = finder_ahead.Ahead(app, app.wsgi_app, is_https=False)
    quick = client.get(path, query_string=chosen)

    assert (quick.status, quick.data) == (slow.status, slow.data)
    # It is the same for everybody; that it might depend on a cookie, only Flask's session says.
    assert ({"Vary": "Cookie"} if quick.status_code == 200 else {}) | dict(quick.headers) == dict(slow.headers)


def test_a_page_takes_a_few_statements_and_no_more_for_more_rows(client, clinic):
    client.get(PATH)
    with Statements() as few:
        client.get(PATH, query_string={"limit": "50"})
    list_rows(clinic, *(at(1, "mon", "11:30", name=f"New {n}") for n in range(30)), location="more")
    client.get(PATH)
    with Statements() as many:
        client.get(PATH, query_string={"limit": "50"})

    assert len(many) == len(few) <= MOST_STATEMENTS
    with Statements() as again:
        client.get(PATH)
    assert len(again) == 1


def test_an_answer_is_kept_for_its_minute(client, clinic, hold):
    first = client.get(PATH).json
    hold(MONDAY + timedelta(hours=2, minutes=11))

    assert [each["name"] for each in first["items"][:2]] == ['"Lamp" \\ ¡Sí!', "Porch"]
    assert client.get(PATH).json["items"][0]["name"] != '"Lamp" \\ ¡Sí!'


def test_an_answer_is_kept_no_longer_than_the_list_stays_as_it_is(client, clinic):
    client.get(PATH)
    list_rows(clinic, at(1, "mon", "11:30", name="New"), location="more")

    assert client.get(PATH).json["items"][0]["name"] == "New"


def test_where_somebody_looks_is_kept_nowhere(client, clinic, app):
    app.wsgi_app = front = finder_ahead.Ahead(app, app.wsgi_app, is_https=False)
    client.get(PATH, query_string={"near": UNION})
    assert len(front._kept) == 0

    client.get(PATH)
    assert len(front._kept) == 1


def test_flask_answers_where_the_reader_cannot(client, clinic, app):
    def refuse(*_):
        raise db.engine.dialect.loaded_dbapi.OperationalError("closed")

    asked = app.extensions[reader.EXTENSION]
    asked.let_go()
    event.listen(asked.engine, "do_connect", refuse)
    try:
        answer = client.get(PATH)
    finally:
        event.remove(asked.engine, "do_connect", refuse)

    assert answer.json["items"][0]["name"] == '"Lamp" \\ ¡Sí!'


def test_what_breaks_is_told_on_the_page_that_flask_has_for_it(client, clinic):
    with transaction():
        db.session.get_one(Organisation, clinic.id).zone = "Nowhere/At_All"

    answer = client.get(PATH)

    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer.headers
