import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.conversations import templates
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.messaging import own_words
from aftercare.messaging.models import TextTemplate
from tests.factories import make_meeting, make_organisation, make_person

ENGLISH = ("reminder", "en", "discreet")
SPANISH = ("reminder", "es", "discreet")
OURS = "See you {when:day}? Y or N. HELP for help, STOP to end texts."


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def admin(clinic):
    return make_person(clinic, role="admin")


def change(clinic, admin, typed):
    with transaction():
        return templates.change(clinic.id, "reminder", typed, by=admin.id)


def acts(clinic):
    noted = select(AuditEvent).where(AuditEvent.act == "text.changed").order_by(AuditEvent.number)
    return [event.facts for event in db.session.scalars(noted)]


def test_only_what_was_changed_is_kept_and_noted(clinic, admin):
    typed = templates.current(clinic.id, "reminder") | {ENGLISH: f"  {OURS}\n"}

    assert change(clinic, admin, typed) == 1
    assert change(clinic, admin, templates.current(clinic.id, "reminder")) == 0

    assert own_words.own_words(clinic.id) == {ENGLISH: OURS}
    assert acts(clinic) == [{"kind": "reminder", "language": "en", "level": "discreet", "is_original": False}]


def test_of_several_words_all_are_kept_or_none(clinic, admin):
    with pytest.raises(Invalid) as refused:
        change(clinic, admin, {ENGLISH: OURS, SPANISH: "Nos vemos pronto"})

    assert set(refused.value.fields) == {"es-discreet"}
    assert "{when:day}" in refused.value.fields["es-discreet"]
    db.session.rollback()
    assert own_words.own_words(clinic.id) == {}
    assert acts(clinic) == []


def test_the_original_words_typed_again_are_no_own_words(clinic, admin):
    change(clinic, admin, {ENGLISH: OURS})
    change(clinic, admin, {ENGLISH: templates.original(ENGLISH)})

    assert db.session.scalars(select(TextTemplate)).all() == []
    assert [act["is_original"] for act in acts(clinic)] == [False, True]


def test_going_back_to_the_original_words_is_noted_once(clinic, admin):
    change(clinic, admin, {ENGLISH: OURS})
    for _ in range(2):
        with transaction():
            templates.restore(clinic.id, ENGLISH, by=admin.id)

    assert own_words.own_words(clinic.id) == {}
    assert len(acts(clinic)) == 2


@pytest.mark.parametrize("name", ["Elm Street Center", "Early Birds"])
def test_a_discreet_text_says_neither_the_organisation_nor_a_meeting_of_its_own(clinic, admin, name):
    make_meeting(clinic, name="Early Birds")
    make_meeting(make_organisation(), name="See you")

    with pytest.raises(Invalid, match="cannot be saved") as refused:
        change(clinic, admin, {ENGLISH: f"{name}: {OURS}"})

    assert name.casefold() in refused.value.fields["en-discreet"]
    assert change(clinic, admin, {ENGLISH: f"Elm St: {OURS}"}) == 1


def test_what_words_become_is_shown_with_what_is_wrong(clinic):
    looks = templates.look(clinic.id, {ENGLISH: OURS, SPANISH: "{when"})

    assert looks[ENGLISH].shown == "See you Tue Dec 1, 6:00 PM? Y or N. HELP for help, STOP to end texts."
    assert looks[ENGLISH].longest.startswith("See you Wed Sep 30, 12:30 PM?")
    assert (looks[ENGLISH].wrong, looks[ENGLISH].parts, looks[ENGLISH].letters_left) == ("", 1, 160 - 71)
    assert looks[SPANISH] == templates.Look("Close each { with a }, like {when:day}.")


def test_words_of_others_are_not_touched(clinic, admin):
    elsewhere = make_organisation()
    change(clinic, admin, {ENGLISH: OURS})

    with transaction():
        templates.restore(elsewhere.id, ENGLISH, by=admin.id)

    assert own_words.own_words(clinic.id) == {ENGLISH: OURS}


@pytest.mark.parametrize("kind", ["crisis", "stop", "nothing"])
def test_words_that_are_the_same_everywhere_cannot_be_changed(clinic, admin, kind):
    with pytest.raises(NotFound), transaction():
        templates.change(clinic.id, kind, {}, by=admin.id)
