"""What keeps texts from going stands on the first page of whoever can do something about it."""

import pytest

from aftercare.core.db import transaction
from aftercare.recovery import outreach
from tests.factories import make_meeting, make_organisation, make_person
from tests.recovery.test_web import words
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app):
    """Give an organisation with a group, whose texts are held back."""
    clinic = make_organisation()
    make_meeting(clinic)
    with transaction():
        outreach.open_task(clinic.id, "sender_paused", once="1", failure="configuration", code=20003)
        outreach.open_task(clinic.id, "worker_silent", once="2")
        outreach.open_task(clinic.id, "texts_filtered", once="3")
    return clinic


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_who_sees_the_queue_is_told_why_texts_do_not_go(client, clinic, role):
    page = sign_in(client, make_person(clinic, role=role)).get("/staff")

    said = words(page)
    assert "Texts do not go out Texts on their way Texts are not going out: the sender is paused" in said
    assert "Texts are not going out: the worker is silent" in said
    assert "The carrier does not accept our account or token." in said
    assert "Texts are not getting through: carriers block them" in said
    assert "Look at the registration of the number (10DLC)" in said
    assert 'href="/staff/texts/queue">See the queue' in page.text
    assert "Nobody is waiting for a call." in said


def test_a_counsellor_is_not_troubled_with_it(client, clinic):
    said = words(sign_in(client, make_person(clinic, role="counsellor")).get("/staff"))

    assert "Texts do not go out" not in said
    assert "Nobody is waiting for a call." in said
