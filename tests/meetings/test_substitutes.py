from datetime import datetime

import pytest

from aftercare.core.db import transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import history, schedule, substitutes
from tests.factories import make_facilitator, make_meeting, make_occurrence, make_organisation, make_person

TUESDAY = datetime(2026, 11, 3, 18, 0)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor", name="Sam Lee")


@pytest.fixture
def kim(clinic):
    return make_person(clinic, role="counsellor", name="Kim Noor")


@pytest.fixture
def date(clinic, sam):
    meeting = make_meeting(clinic)
    make_facilitator(meeting, sam)
    return make_occurrence(meeting, starts=TUESDAY)


def another(date):
    meeting = schedule.get_meeting(date.organisation_id, date.meeting_id)
    return make_occurrence(meeting, starts=TUESDAY, slot_local=None)


def stand_in(date, person_id, **given):
    with transaction():
        substitutes.stand_in(date.organisation_id, date.id, person_id, by=None, **given)


def names(date):
    return [each.name for each in substitutes.leaders(date.organisation_id, [date])[date.id]]


def test_whoever_leads_the_meeting_leads_its_dates(date):
    assert names(date) == ["Sam Lee"]


def test_a_substitute_leads_one_date_instead_of_somebody(date, sam, kim):
    other = another(date)

    stand_in(date, kim.id, instead_of=sam.id)

    assert (names(date), names(other)) == (["Kim Noor"], ["Sam Lee"])
    assert substitutes.stands_in_at(date, kim.id)
    assert not substitutes.stands_in_at(other, kim.id)


def test_of_two_who_lead_the_other_still_does(date, clinic, sam, kim):
    lou = make_person(clinic, role="counsellor", name="Lou Ray")
    make_facilitator(schedule.get_meeting(clinic.id, date.meeting_id), lou)

    stand_in(date, kim.id, instead_of=sam.id)
    assert sorted(names(date)) == ["Kim Noor", "Lou Ray"]
    stand_in(date, kim.id)
    assert names(date) == ["Kim Noor"]


def test_it_can_be_as_always_again(date, kim):
    stand_in(date, kim.id)
    stand_in(date, None)

    assert names(date) == ["Sam Lee"]


def test_doing_it_twice_notes_it_once(date, kim):
    stand_in(date, kim.id)
    stand_in(date, kim.id)

    assert len(history.of_meeting(date.organisation_id, date.meeting_id)) == 1


def test_a_patient_does_not_stand_in(date, clinic):
    with pytest.raises(Invalid):
        stand_in(date, make_person(clinic).id)
    assert names(date) == ["Sam Lee"]


def test_nobody_of_another_organisation_stands_in(date):
    stranger = make_person(make_organisation(), role="counsellor")

    with pytest.raises(Invalid):
        stand_in(date, stranger.id)
    with pytest.raises(NotFound), transaction():
        substitutes.stand_in(stranger.organisation_id, date.id, stranger.id, by=None)


def test_what_has_begun_is_not_handed_over(date, kim, hold):
    hold(date.starts_at)

    with pytest.raises(Conflict, match="has begun"):
        stand_in(date, kim.id)


def test_who_leads_is_asked_in_as_many_statements_for_one_date_as_for_many(date, kim, statements):
    others = [another(date) for _ in range(3)]
    stand_in(date, kim.id)
    assert [each.status for each in (date, *others)] == ["scheduled"] * 4

    counted = [
        statements(lambda many=many: substitutes.leaders(date.organisation_id, many)) for many in ([date], others)
    ]

    assert counted == [3, 3]


def test_a_name_is_said_as_it_may_stand_anywhere(date, kim):
    stand_in(date, kim.id)

    assert substitutes.first_names(substitutes.leaders(date.organisation_id, [date])[date.id]) == "Kim N."
