import re
from dataclasses import replace
from datetime import timedelta

import pytest

from aftercare import config
from aftercare.core import clock
from aftercare.core.db import transaction
from aftercare.messaging import beats, senders
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Sender
from tests.factories import make_organisation, make_person
from tests.house.source import ROOT
from tests.messaging.posting import post_text

TOKEN = "0123456789abcdef0123456789"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def guarded(app):
    before = app.extensions[config.EXTENSION]
    app.extensions[config.EXTENSION] = replace(before, metrics_token=TOKEN)
    yield app
    app.extensions[config.EXTENSION] = before


def read(client):
    return client.get("/metrics", headers=SHOWN).text


def test_without_a_token_in_the_settings_there_is_no_such_page(app, client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert client.get("/metrics", headers=SHOWN).status_code == 404


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_who_does_not_show_the_token_sees_nothing(guarded, client, shown):
    answer = client.get("/metrics", headers=shown)

    assert (answer.status_code, answer.text) == (401, "")


def test_figures_are_given_for_each_organisation_and_for_the_process(guarded, client):
    clinic = make_organisation(slug="elm")
    make_organisation(slug="oak")
    ana = make_person(clinic)
    post_text(ana, due_at=clock.now() - timedelta(minutes=6))
    post_text(ana, state="failed", reason="blocked", error_code=30007, claimed_at=clock.now())
    with transaction():
        beats.begin("server:7")

    lines = read(client).splitlines()

    assert 'aftercare_texts_due{organisation="elm"} 1.0' in lines
    assert 'aftercare_texts_late{organisation="elm"} 1.0' in lines
    assert 'aftercare_texts_due{organisation="oak"} 0.0' in lines
    assert 'aftercare_texts_failed_24h{code="30007",failure="blocked",organisation="elm"} 1.0' in lines
    assert "aftercare_workers_living 1.0" in lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)


def test_a_pause_is_told_with_its_reason(guarded, client):
    assert "aftercare_sender_paused{" not in read(client)
    with transaction():
        now = clock.now()
        until = now + timedelta(minutes=9)
        senders.pause(Sender("simulator"), until, failure=Failure.CONFIGURATION, code=20003, now=now)

    assert 'aftercare_sender_paused{channel="text",code="20003",failure="configuration"} 1.0' in read(client)


def test_nothing_of_a_person_is_told(guarded, client):
    ana = make_person(make_organisation(slug="elm"))
    post_text(ana, body="See you Tuesday.")

    told = read(client)

    assert not any(secret in told for secret in (ana.name, ana.phone, str(ana.id), ana.id.hex, "Tuesday"))


def test_every_name_is_one_that_the_docs_explain(guarded, client):
    explained = set(re.findall(r"^\| `(aftercare_\w+)`", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))

    assert set(re.findall(r"^# TYPE (aftercare_\w+)", read(client), re.MULTILINE)) == explained
