from datetime import timedelta

import pytest
from sqlalchemy import select, update

from aftercare.audit.models import AuditEvent
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging.models import InboundText
from aftercare.recovery import outreach
from aftercare.recovery.models import OutreachTask
from tests.factories import make_organisation, make_person
from tests.recovery.deeds import do
from tests.signing_in import sign_in


def wrote(clinic, ana, body, *, minute=0, **given):
    """Keep a text as it is after it was read and not understood."""
    fields = {"verb": "other", "organisation_id": clinic.id, "person_id": ana.id} | given
    text = InboundText(sid=f"SM{minute}{clinic.id.hex}", number=ana.phone, sent_to="+13035550100", body=body, **fields)
    text.received_at = clock.now() + timedelta(minutes=minute)
    with transaction():
        db.session.add(text)
    return text


def ask(clinic, ana, text, kind="not_understood"):
    task = do(outreach.open_task, clinic.id, kind, once=f"1:{kind}", person_id=ana.id, inbound_id=str(text.id))
    return f"/staff/tasks/{task.id}"


def acts():
    db.session.rollback()
    return db.session.scalars(
        select(AuditEvent).where(AuditEvent.act == "words.read").order_by(AuditEvent.number)
    ).all()


@pytest.fixture
def desk(client, clinic):
    return sign_in(client, make_person(clinic, role="counsellor"))


@pytest.mark.parametrize("kind", ["not_understood", "stop_unsure", "number", "call", "crisis"])
def test_a_counsellor_reads_what_was_written_and_it_is_noted(desk, clinic, ana, kind):
    text = wrote(clinic, ana, "my <b>brother</b> Joe\nasks who this is")

    page = desk.get(ask(clinic, ana, text, kind))

    assert "my &lt;b&gt;brother&lt;/b&gt; Joe" in page.text
    assert [(row.about, row.about_id, row.person_id) for row in acts()] == [("inbound_text", text.id, ana.id)]
    assert "Joe" not in str([vars(row) for row in acts()])


def test_what_was_not_understood_twice_is_shown_with_the_text_before(desk, clinic, ana):
    wrote(clinic, ana, "is the bus running")
    second = wrote(clinic, ana, "hello??", minute=1)
    wrote(clinic, ana, "never mind", minute=2)

    said = desk.get(ask(clinic, ana, second)).text

    assert said.index("is the bus running") < said.index("hello??")
    assert "never mind" not in said
    assert len(acts()) == 2


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_who_is_no_counsellor_sees_the_task_and_not_the_words(client, clinic, ana, role):
    text = wrote(clinic, ana, "my brother Joe asks who this is")
    desk = sign_in(client, make_person(clinic, role=role))

    page = desk.get(ask(clinic, ana, text))

    assert (page.status_code, "Joe" in page.text, acts()) == (200, False, [])
    assert "Only counsellors can read it." in page.text


def test_what_may_be_meant_for_another_organisation_is_shown_to_none(desk, clinic, ana):
    elsewhere = wrote(clinic, ana, "about the other house", organisation_id=None)
    other = wrote(make_organisation(), ana, "to the other house")

    for text, kind in ((elsewhere, "crisis"), (other, "not_understood")):
        assert "other house" not in desk.get(ask(clinic, ana, text, kind)).text
    assert acts() == []


def test_words_that_were_erased_are_told_to_be_so(desk, clinic, ana):
    text = wrote(clinic, ana, "my brother Joe")
    with transaction():
        db.session.execute(update(InboundText).values(body_sealed=None))

    assert "The words were erased after 30 days." in desk.get(ask(clinic, ana, text)).text


def test_pictures_are_counted_and_signs_that_no_page_holds_are_left_out(desk, clinic, ana):
    text = wrote(clinic, ana, "look\x00 at \u202ethis", media_count=2)

    said = desk.get(ask(clinic, ana, text)).text

    assert "look at \u202ethis" in said
    assert "(2 pictures, not kept)" in said


def test_a_task_without_a_text_shows_none(desk, clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1", person_id=ana.id)

    assert "What they wrote" not in desk.get(f"/staff/tasks/{task.id}").text
    assert db.session.scalars(select(OutreachTask.facts)).one() == {}
