import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.core.db import db, transaction
from aftercare.people.models import Device, Person
from tests.conversations.sign_in_codes import UNKNOWN, ask, code_for, enter, link_for, texts
from tests.factories import make_organisation, make_person
from tests.people.sign_in import who


def sharers(*, organisations: int) -> list[Person]:
    homes = [make_organisation() for _ in range(organisations)]
    names = ("Ana Rivera", "Luis Ortega")
    people = [make_person(homes[place % organisations], name=name, phone=UNKNOWN) for place, name in enumerate(names)]
    return sorted(people, key=lambda person: (person.organisation_id, person.id))


@pytest.mark.parametrize("organisations", [1, 2])
def test_who_shares_a_phone_is_asked_by_initials_only(client, organisations):
    people = sharers(organisations=organisations)
    code = code_for(client, UNKNOWN)
    assert len(texts()) == 1

    page = enter(client, code, keep="yes")

    assert page.status_code == 200
    assert "A.R." in page.text
    assert "L.O." in page.text
    assert not [name for name in ("Ana", "Rivera", "Luis", "Ortega", "Elm Street") if name in page.text]
    assert who(client) is None
    enter(client, code, keep="yes", choosing="yes", who=people[1].id.hex)
    asking = who(client)
    assert asking is not None
    assert asking.person_id == people[1].id
    assert db.session.scalars(select(Device.is_own_phone)).one()


def test_who_shares_a_phone_chooses_after_a_link_too(client):
    people = sharers(organisations=2)
    link = link_for(client, UNKNOWN)

    assert "Who are you?" in client.post(link).text
    client.post(link, data={"choosing": "yes", "who": people[0].id.hex})

    asking = who(client)
    assert asking is not None
    assert asking.person_id == people[0].id


def test_somebody_who_does_not_share_the_phone_cannot_be_chosen(client):
    sharers(organisations=1)
    stranger = make_person()
    code = code_for(client, UNKNOWN)

    answer = enter(client, code, choosing="yes", who=stranger.id.hex)

    assert answer.status_code == 422
    assert who(client) is None


def test_people_with_the_same_initials_are_numbered(client):
    organisation = make_organisation()
    for name in ("Ana Rivera", "Abel Ruiz"):
        make_person(organisation, name=name, phone=UNKNOWN)

    page = enter(client, code_for(client, UNKNOWN))

    assert "A.R. (1)" in page.text
    assert "A.R. (2)" in page.text


def test_a_stop_of_one_who_shares_a_phone_leaves_the_other_their_code(client):
    stopped, other = sharers(organisations=1)
    with transaction():
        ledger.withdraw_texts(stopped, way="web")

    ask(client, UNKNOWN)

    assert [text.person_id for text in texts()] == [other.id]
