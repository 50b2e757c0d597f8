"""Letters that go out and come to be read, for tests of conversations."""

import re

import pytest
from sqlalchemy import event, select

from aftercare import jobs
from aftercare.app import create_app
from aftercare.consent import mail_ledger
from aftercare.core.db import db, transaction
from aftercare.meetings import notices, rsvps, schedule
from aftercare.messaging import outbox
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from tests.conftest import be_careless, settings_for
from tests.factories import make_organisation, make_person, make_rsvp
from tests.mail_server import MailServer


@pytest.fixture
def mail():
    with MailServer() as server:
        yield server


@pytest.fixture
def posting(app, mail, monday):
    """The same installation, with a mail server."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    settings = settings_for(
        url, smtp_url=f"smtp://127.0.0.1:{mail.port}", mail_from="Elm St <note@example.org>",
        base_url="https://meet.example.org",
    )  # fmt: skip
    ours = create_app(settings)
    ours.config["WTF_CSRF_ENABLED"] = False
    with ours.app_context():
        event.listen(db.engine, "connect", be_careless)
        yield ours
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def clinic(posting):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    """Somebody who chose e-mail."""
    ana = make_person(clinic, name="Ana Rivera", email="ana@example.org", channel="email", agrees_to_texts=False)
    with transaction():
        mail_ledger.grant(ana, way="email")
    return ana


def work(posting):
    """Let the worker make one pass."""
    db.session.rollback()
    assert jobs.Worker(posting).run_once()


def remind(person, date, kind="reminder", **values):
    """Post a text about a date that the person said yes to before anybody asked."""
    if rsvps.find_answer(date.organisation_id, date.id, person.id) is None:
        make_rsvp(date, person)
    with transaction():
        said = notices.said_of(schedule.get_occurrence(date.organisation_id, date.id), person)
        return outbox.post(
            person, kind, once=f"{kind}:{person.id}", occurs_on=date.occurs_on, about=date.id, asks=True,
            useful_until=date.starts_at, **said | values,
        )  # fmt: skip


def states(kind=None):
    db.session.rollback()
    found = db.session.scalars(select(Message).order_by(Message.id))
    return [(each.channel, each.state) for each in found if kind in (None, each.kind)]


def words(taken):
    return taken.letter.get_content()


def link(taken, path):
    found = re.search(rf"https://meet\.example\.org(/{path}/\S+)", words(taken))
    assert found is not None
    return found[1]


def again(person) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, (person.organisation_id, person.id), populate_existing=True)
