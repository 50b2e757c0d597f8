import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from aftercare.cli import cli
from aftercare.core import clock
from aftercare.core.crypto import new_key
from aftercare.core.db import database_now, db, transaction
from aftercare.messaging import beats, senders
from aftercare.messaging.models import WorkerBeat
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Sender
from tests.carrier import FakeCarrier
from tests.carrier_wire import NUMBER, SERVICE
from tests.factories import make_person
from tests.messaging.posting import post_text
from tests.worker_process import environment

BASE = {"AFTERCARE_BASE_URL": "https://meet.example.org"}
CHECKS = ["settings", "database", "keys", "clock", "worker", "queue", "sender", "calendars"]


@pytest.fixture
def carrier():
    with FakeCarrier() as carrier:
        yield carrier


@pytest.fixture
def well(app):
    """Give an installation in which all is well."""
    make_person()
    with transaction():
        beats.begin("server:7")
    db.session.rollback()


def run(app, carrier=None, *words, **more):
    db.session.rollback()
    return CliRunner().invoke(cli, ["doctor", *words], env=environment(app, carrier, **BASE | more))


def findings(app, carrier=None, **more):
    """Give what is not well, by the name of the check; and see that the exit says so."""
    done = run(app, carrier, "--json", **more)
    bad = {row["check"]: row["said"] + " " + row["to_do"] for row in json.loads(done.output) if not row["is_well"]}
    assert done.exit_code == (1 if bad else 0)
    return bad


def test_all_is_well_with_the_simulator(app, well):
    done = run(app)

    assert (done.exit_code, [line.split(":")[0] for line in done.output.splitlines()]) == (
        0, [f"ok   {check}" for check in [*CHECKS, "carrier"]],
    )  # fmt: skip


def test_all_is_well_with_twilio_and_the_webhook_to_set_is_printed(app, well, carrier):
    done = run(app, carrier)

    assert done.exit_code == 0
    assert "https://meet.example.org/sms/inbound" in done.output
    assert [line.split(":")[0] for line in done.output.splitlines()][-3:] == [
        "ok   account",
        "ok   number",
        "ok   address",
    ]


def test_a_setting_that_is_missing_is_named_and_nothing_else_is_looked_at(app):
    assert list(findings(app, AFTERCARE_SECRET_KEY="")) == ["settings"]


def test_a_database_without_tables_is_answered_by_the_command_that_makes_them(app, tmp_path):
    bad = findings(app, AFTERCARE_DATABASE_URL=f"sqlite:///{tmp_path / 'new.sqlite'}")

    assert list(bad) == ["database"]
    assert "aftercare db upgrade" in bad["database"]


def test_a_database_that_is_away_is_said_in_a_sentence(app):
    bad = findings(app, AFTERCARE_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")

    assert "cannot be reached" in bad["database"]


def test_keys_that_open_nothing_are_told(app, well):
    assert "cannot be opened" in findings(app, AFTERCARE_ENCRYPTION_KEYS=new_key(9))["keys"]


def test_a_silent_worker_is_told(app, well):
    with transaction():
        for beat in db.session.scalars(db.select(WorkerBeat)):
            beat.beat_at = database_now() - beats.SILENT_AFTER

    assert "aftercare worker" in findings(app)["worker"]


def test_texts_that_are_late_are_told(app, well):
    post_text(make_person(), due_at=clock.now() - timedelta(minutes=7))

    assert findings(app)["queue"].startswith("1 of 1 due texts are late")


def test_a_paused_sender_says_why_and_what_to_do(app, well, carrier):
    with transaction():
        until = clock.now() + timedelta(minutes=9)
        senders.pause(Sender(SERVICE), until, failure=Failure.CONFIGURATION, code=30034, now=clock.now())

    said = findings(app, carrier)["sender"]

    assert "30034" in said
    assert "not registered for texts" in said


@pytest.mark.parametrize("wrong", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_a_credential_that_is_wrong_is_told(app, well, carrier, wrong):
    bad = findings(app, carrier, **{wrong: "AC" + "9" * 32})

    assert list(bad) == ["account"]
    assert wrong in bad["account"]


def test_an_account_that_is_suspended_is_told(app, well, carrier):
    carrier.account_status = "suspended"

    assert "suspended" in findings(app, carrier)["account"]


def test_a_messaging_service_that_is_not_there_is_told(app, well, carrier):
    carrier.services = []

    assert "TWILIO_MESSAGING_SERVICE_SID" in findings(app, carrier)["number"]


@pytest.mark.parametrize(("numbers", "bad"), [([NUMBER], []), ([], ["number"])])
def test_a_number_is_looked_up_where_there_is_no_service(app, well, carrier, numbers, bad):
    carrier.numbers = numbers

    assert list(findings(app, carrier, TWILIO_MESSAGING_SERVICE_SID="", TWILIO_FROM=NUMBER)) == bad


@pytest.mark.parametrize("fault", ["record:500", "record:garbage", "record:reset"])
def test_a_carrier_that_does_not_answer_is_told(app, well, carrier, fault):
    carrier.next(fault)

    assert "Twilio cannot be asked" in findings(app, carrier)["account"]


def test_an_address_without_tls_is_told(app, well, carrier):
    assert "https://" in findings(app, carrier, AFTERCARE_BASE_URL="http://meet.example.org")["address"]


def test_no_secret_is_shown(app, well, carrier):
    done = run(app, carrier, TWILIO_AUTH_TOKEN="a-secret-that-is-wrong")

    assert "a-secret-that-is-wrong" not in done.output
