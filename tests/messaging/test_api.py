from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db
from aftercare.messaging.models import Message
from aftercare.people.access import SCOPES
from tests.factories import make_organisation, make_person, saved
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


def make_message(person, now, **given):
    defaults = {
        "organisation_id": person.organisation_id, "occurs_on": now.date(), "once": f"hello:{person.id}",
        "kind": "reminder", "person_id": person.id, "language": "en", "number": person.phone, "body": "See you at six.",
        "due_at": now, "useful_until": now + timedelta(hours=2),
    }  # fmt: skip
    return saved(Message(**defaults | given))


def test_messages_say_where_they_stand_and_no_more(program, clinic, monday):
    ana = make_person(clinic)
    message = make_message(ana, monday)

    answer = program.get("/messages")

    assert answer.json["items"] == [
        {
            "id": str(message.id), "kind": "reminder", "state": "pending", "reason": None, "person_id": str(ana.id),
            "occurrence_id": None, "language": "en", "attempts": 0, "error_code": None, "sent_at": None,
            "due_at": "2026-11-02T17:00:00Z", "useful_until": "2026-11-02T19:00:00Z",
            "created_at": "2026-11-02T17:00:00Z",
        }
    ]  # fmt: skip
    assert "six" not in answer.text
    assert ana.phone not in answer.text


def test_an_outsider_sees_no_message(client, program, clinic, monday):
    make_message(make_person(clinic), monday)

    assert len(program.get("/messages").json["items"]) == 1
    assert Program(client, make_organisation()).get("/messages").json["items"] == []


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"messages:read"}))
def test_other_scopes_do_not_open_messages(client, clinic, scope):
    assert Program(client, clinic, scope).get("/messages").status_code == 403


def test_reading_messages_leaves_a_trace(program, clinic, monday):
    message = make_message(make_person(clinic), monday)

    program.get("/messages")

    (read,) = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "messages.listed"))
    assert read.facts == {"count": 1, "first": str(message.id), "last": str(message.id)}


def test_messages_are_paged_without_loss_and_in_as_many_statements(program, clinic, monday, statements):
    messages = [make_message(make_person(clinic), monday)]
    one = statements(lambda: program.get("/messages"))
    messages += [make_message(make_person(clinic), monday) for _ in range(2)]

    assert statements(lambda: program.get("/messages")) == one
    assert [each["id"] for each in program.all_of("/messages", limit=2)] == [str(each.id) for each in messages]
