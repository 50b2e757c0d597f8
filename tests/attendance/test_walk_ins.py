import pytest
from sqlalchemy import insert

from aftercare.attendance import walk_ins
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.people.models import Person, PersonRole
from tests.factories import make_organisation, make_person


def make_crowd(clinic, count):
    """Add many patients in one go, whose names nobody looks for."""
    crowd = [Person(organisation_id=clinic.id, zone=clinic.zone, name="Crowd") for _ in range(count)]
    with transaction():
        db.session.add_all(crowd)
        db.session.flush()
        roles = [{"organisation_id": clinic.id, "person_id": each.id, "role": "patient"} for each in crowd]
        db.session.execute(insert(PersonRole), roles)


def names(clinic, typed):
    return [person.name for person in walk_ins.find(clinic.id, typed).people]


def test_people_are_found_by_any_part_of_the_name_whatever_accents_and_capitals(clinic):
    for name in ("Luis García", "Ana Rivera", "Mariana Garza"):
        make_person(clinic, name=name)

    assert names(clinic, "garcia") == ["Luis García"]
    assert names(clinic, "GAR") == ["Luis García", "Mariana Garza"]
    assert names(clinic, "rí an") == ["Ana Rivera", "Mariana Garza"]
    assert names(clinic, "Zoe") == []


def test_nobody_of_another_organisation_no_staff_and_nobody_who_left_is_found(clinic):
    make_person(make_organisation(), name="Ana Elsewhere")
    make_person(clinic, role="counsellor", name="Ana Counsellor")
    gone = make_person(clinic, name="Ana Gone")
    with transaction():
        db.session.get_one(Person, (clinic.id, gone.id)).left_at = clock.now()
    make_person(clinic, name="Ana Here")

    assert names(clinic, "ana") == ["Ana Here"]


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_finds_nobody_but_a_sentence(clinic, typed):
    make_person(clinic)

    with pytest.raises(Invalid) as caught:
        walk_ins.find(clinic.id, typed)

    assert set(caught.value.fields) == {"name"}


def test_more_than_are_shown_is_said(clinic):
    for number in range(walk_ins.MOST_SHOWN + 1):
        make_person(clinic, name=f"Ana {number}")

    found = walk_ins.find(clinic.id, "ana")

    assert (len(found.people), found.has_more, found.is_partial) == (walk_ins.MOST_SHOWN, True, False)


def test_of_too_many_people_those_added_last_are_looked_through_and_it_is_said(clinic):
    make_person(clinic, name="Ana First")
    make_crowd(clinic, walk_ins.MOST_READ - 1)
    assert not walk_ins.find(clinic.id, "ana").is_partial
    make_person(clinic, name="Ana Last")

    found = walk_ins.find(clinic.id, "ana")

    assert ([person.name for person in found.people], found.is_partial) == (["Ana Last"], True)
