import json
import re
import uuid

import pytest
from click.testing import CliRunner

from aftercare import cli as command
from aftercare import inside
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.people import tokens
from aftercare.people.models import Person
from tests.factories import make_organisation
from tests.people.sign_in import PASSWORD, who


@pytest.fixture
def run(app, monkeypatch):
    """Run the command on the application of the test; raise what `aftercare` would say and exit 1 on."""
    monkeypatch.setattr(inside, "application", lambda: app)

    def run(*words, **more):
        db.session.rollback()
        ran = CliRunner().invoke(command.cli, [str(word) for word in words], **more)
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran

    return run


def test_a_patient_is_added_with_a_phone(run):
    organisation = make_organisation()

    ran = run("person", "add", "--organisation", organisation.slug, "--name", "Ana Rivera", "--role", "patient",
              "--phone", "(303) 555-0123", "--language", "es", "--json")  # fmt: skip

    said = json.loads(ran.stdout)
    person = db.session.get(Person, (organisation.id, uuid.UUID(said["id"])))
    assert person is not None
    assert (person.name, person.phone, person.language) == ("Ana Rivera", "+13035550123", "es")
    assert said["password_link"] is None


def test_staff_get_a_link_that_sets_their_password_once(run, client):
    organisation = make_organisation()

    ran = run("person", "add", "--organisation", organisation.slug, "--name", "Sam Hill", "--role", "counsellor",
              "--role", "admin", "--email", "Sam@Elm.example")  # fmt: skip

    path = ran.stdout.split()[-1].removeprefix("http://localhost")
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert client.get(path).status_code == 410
    client.post("/staff/sign-in", data={"email": "sam@elm.example", "password": PASSWORD})
    asking = who(client)
    assert asking is not None
    assert asking.roles == {"counsellor", "admin"}


def test_a_password_can_be_given_on_standard_input(run, client):
    run("person", "add", "--organisation", make_organisation().slug, "--name", "Sam", "--role", "admin",
        "--email", "sam@elm.example", "--password-stdin", input=PASSWORD + "\n")  # fmt: skip

    assert client.post("/staff/sign-in", data={"email": "sam@elm.example", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["--role", "patient", "--email", "ana@elm.example"], Invalid),
        (["--role", "admin", "--password-stdin"], Invalid),
        (["--role", "admin", "--email", "no address"], Invalid),
        (["--role", "patient", "--phone", "12"], Invalid),
    ],
)
def test_what_cannot_be_right_is_refused_and_adds_nobody(run, words, refusal):
    organisation = make_organisation()

    with pytest.raises(refusal):
        run("person", "add", "--organisation", organisation.slug, "--name", "Sam", *words)

    db.session.rollback()
    assert db.session.query(Person).count() == 0


def test_an_email_that_has_an_account_is_refused(run):
    words = ["person", "add", "--organisation", make_organisation().slug, "--name", "Sam", "--role", "admin"]
    run(*words, "--email", "sam@elm.example")

    with pytest.raises(Conflict):
        run(*words, "--email", "SAM@elm.example")


def test_a_token_is_printed_once_and_alone_on_standard_output(run):
    organisation = make_organisation()

    ran = run("token", "create", "--organisation", organisation.slug, "--name", "Sync", "--scope", "meetings:read",
              "--scope", "rsvps:write")  # fmt: skip

    assert re.fullmatch(r"aft_[\w-]{43}\n", ran.stdout)
    found = tokens.find_live(ran.stdout.strip(), clock.now())
    assert found is not None
    assert (found[0].organisation_id, found[0].scopes) == (organisation.id, ["meetings:read", "rsvps:write"])


def test_a_token_is_listed_and_can_be_ended(run):
    slug = make_organisation().slug
    made = json.loads(
        run("token", "create", "--organisation", slug, "--name", "Sync", "--scope", "meetings:read", "--json").stdout
    )
    listed = json.loads(run("token", "list", "--organisation", slug, "--json").stdout)
    assert [row["id"] for row in listed] == [made["id"]]
    assert made["token"] not in json.dumps(listed)

    run("token", "revoke", made["id"], "--organisation", slug)

    assert json.loads(run("token", "list", "--organisation", slug, "--json").stdout) == []
    assert tokens.find_live(made["token"], clock.now()) is None


def test_a_token_of_another_organisation_cannot_be_ended(run):
    with transaction():
        token, secret = tokens.make_token(make_organisation(), name="Sync", scopes=["meetings:read"])

    with pytest.raises(NotFound):
        run("token", "revoke", token.id, "--organisation", make_organisation().slug)

    assert tokens.find_live(secret, clock.now()) is not None


def test_a_scope_that_there_is_not_is_wrong_usage(run):
    ran = run("token", "create", "--organisation", make_organisation().slug, "--name", "Sync", "--scope", "everything")

    assert ran.exit_code == 2
