from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import outbox, own_words, texts
from aftercare.messaging.models import Message
from tests.factories import make_organisation, make_person

WHEN = datetime(2026, 11, 3, 18, 0)
REMINDER = ("reminder", "en", "discreet")
OURS = "See you {when:day}? Y or N. HELP for help, STOP to end texts."


@pytest.fixture
def clinic(monday, app):
    return make_organisation()


def say(organisation, key, body, **given):
    with transaction():
        own_words.keep(organisation.id, key, body, by=None, **given)


def post(person, kind="reminder", **values):
    with transaction():
        return outbox.post(
            person, kind, once=f"test:{kind}", occurs_on=WHEN.date(), useful_until=clock.now() + timedelta(hours=2),
            **values,
        )  # fmt: skip


def test_a_text_goes_out_in_the_words_of_its_own_organisation(clinic):
    other = make_organisation()
    say(clinic, REMINDER, OURS)

    bodies = [post(make_person(each), when=WHEN).body for each in (clinic, other)]

    assert bodies == [
        "See you Tue Nov 3, 6:00 PM? Y or N. HELP for help, STOP to end texts.",
        texts.render("reminder", "en", when=WHEN),
    ]


def test_an_answer_is_in_own_words_too(clinic):
    say(clinic, ("unknown", "es", "discreet"), "No entendimos. Responde AYUDA.")

    with transaction():
        answer = outbox.post_answer(
            clinic, "+13035550123", "unknown", once="test", useful_until=clock.now() + timedelta(hours=1), language="es"
        )

    assert answer is not None
    assert answer.body == "No entendimos. Responde AYUDA."


def test_other_levels_and_languages_keep_the_original_words(clinic):
    say(clinic, REMINDER, OURS)

    spanish = post(make_person(clinic, language="es"), when=WHEN).body
    plain = post(make_person(clinic, text_level="plain"), "thanks", when=WHEN, name="Tools", place="").body

    assert spanish.startswith("Recordatorio:")
    assert plain == "Thank you. See you Tue Nov 3, 6:00 PM: Tools."


def test_a_plain_text_that_has_no_plain_form_says_the_own_discreet_words(clinic):
    say(clinic, ("here_noted", "en", "discreet"), "Thanks for telling us.")

    assert post(make_person(clinic, text_level="plain"), "here_noted", name="Tools").body == "Thanks for telling us."


def test_words_are_read_once_for_many_texts(clinic, statements):
    organisation_id = clinic.id

    asked = statements(lambda: [own_words.own_words(organisation_id) for _ in range(3)])

    assert asked == 1


def test_words_of_many_organisations_are_read_at_once(clinic, statements):
    others = [make_organisation() for _ in range(3)]
    say(others[1], REMINDER, OURS)
    ids = [each.id for each in others]

    found: dict[Any, Any] = {}
    asked = statements(lambda: found.update(own_words.words_of(ids)))

    assert found == {ids[0]: {}, ids[1]: {REMINDER: OURS}, ids[2]: {}}
    assert asked == 1


def test_new_words_hold_from_the_next_transaction_and_the_next_line(clinic):
    before = own_words.own_words(clinic.id)
    with transaction():
        own_words.keep(clinic.id, REMINDER, OURS, by=None)
        within = own_words.own_words(clinic.id)
    say(clinic, REMINDER, None)

    assert [before, within, own_words.own_words(clinic.id)] == [{}, {REMINDER: OURS}, {}]


def test_a_change_leaves_a_trace_without_its_words(clinic):
    admin = make_person(clinic, role="admin")
    with transaction():
        own_words.keep(clinic.id, REMINDER, OURS, by=admin.id)

    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "text.changed"))

    assert event.actor_id == admin.id
    assert event.facts == {"kind": "reminder", "language": "en", "level": "discreet", "is_original": False}


@pytest.mark.parametrize("words", ["Come to {somewhere}", "{when:%Y}", "{when.__class__}", "[{]", "[{when:x}]", "]"])
def test_words_that_can_no_longer_be_filled_in_stop_no_text(clinic, words):
    say(clinic, REMINDER, words)

    assert post(make_person(clinic), when=WHEN).body == texts.render("reminder", "en", when=WHEN)
    assert db.session.scalars(select(Message)).one().kind == "reminder"
