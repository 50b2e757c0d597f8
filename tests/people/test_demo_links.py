import pytest

from aftercare.app import create_app
from aftercare.core.db import begin_reading, db, transaction
from aftercare.people import demo_links, passwords
from tests.conftest import Browser, settings_for
from tests.factories import make_person
from tests.people.sign_in import who


@pytest.fixture
def demo(app):
    """Give the application of the demo, on the database of the test."""
    demo = create_app(settings_for(app.config["SQLALCHEMY_DATABASE_URI"], is_demo=True))
    demo.config["WTF_CSRF_ENABLED"] = False
    demo.test_client_class = Browser
    with demo.app_context():
        begin_reading()
        yield demo
        db.session.remove()
        db.engine.dispose()


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost")


@pytest.mark.parametrize("role", ["patient", "counsellor", "manager", "admin"])
def test_a_link_of_the_demo_signs_in_as_its_person(demo, role):
    person, client = make_person(role=role), demo.test_client()

    answer = client.post(path_of(demo_links.link_for(person, leads_to="/week")))

    asking = who(client)
    assert (answer.status_code, answer.location) == (303, "/week")
    assert asking is not None
    assert (asking.person_id, asking.roles) == (person.id, frozenset({role}))


def test_looking_at_a_link_of_the_demo_signs_nobody_in(demo):
    person, client = make_person(name="Ana Rivera"), demo.test_client()

    page = client.get(path_of(demo_links.link_for(person)))

    assert page.status_code == 200
    assert "Sign in as Ana Rivera" in page.text
    assert who(client) is None


def test_a_link_of_the_demo_can_be_used_again_and_with_an_account(demo):
    person, client = make_person(role="counsellor"), demo.test_client()
    with transaction():
        passwords.open_account(person, "sam@elm.example")

    for _ in range(2):
        client.post(path_of(demo_links.link_for(person)))

    assert who(client) is not None


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_a_link_of_the_demo_leads_nowhere_else(demo, next_):
    answer = demo.test_client().post(path_of(demo_links.link_for(make_person(), leads_to=next_)))

    assert answer.location == "/"


def test_a_link_that_was_altered_is_not_found(demo):
    link = path_of(demo_links.link_for(make_person()))

    assert demo.test_client().post(link[:-3] + "xyz").status_code == 404


def test_without_the_demo_its_links_are_not_found(demo, app, client):
    link = path_of(demo_links.link_for(make_person()))
    with app.app_context():
        found = [client.get(link), client.post(link)]

    assert [answer.status_code for answer in found] == [404, 404]
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
