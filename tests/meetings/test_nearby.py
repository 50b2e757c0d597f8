from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.meetings import nearby
from aftercare.meetings.models import Place
from tests.factories import make_meeting, make_occurrence, make_organisation, saved
from tests.meetings.listing import list_all, list_one

OAK, ELM = "12 Oak St, Portland, OR 97201", "9 Elm St, Portland, OR 97214"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def found(organisation, postal):
    hit = nearby.soonest(organisation, postal, now=clock.now())
    return hit.meeting.name if hit else None


def test_the_soonest_at_the_postal_code_is_found(clinic):
    list_all(clinic, ("Late", "Mon 20:00", OAK), ("Soon", "Mon 12:00", OAK), ("Elsewhere", "Mon 11:00", ELM))

    assert found(clinic, "97201") == "Soon"


def test_where_the_code_has_none_its_region_is_looked_through(clinic):
    list_all(clinic, ("Boise", "Mon 11:00", "3 Ash St, Boise, ID 83702"), ("Elm", "Mon 12:00", ELM))

    assert found(clinic, "97299") == "Elm"
    assert found(clinic, "10001") is None


def test_where_the_code_has_none_the_nearest_on_the_map_is_found(clinic):
    map_of = [("Far", 45.60, -122.60), ("Near", 45.51, -122.68)]
    list_all(
        clinic,
        *(
            (name, "Mon 12:00", f"9 {name} St, Salem, OR 97888", {"latitude": lat, "longitude": lon})
            for name, lat, lon in map_of
        ),
        ("Same Region", "Mon 11:00", ELM),
    )

    assert found(clinic, "97201") == "Near"


def test_what_has_begun_is_passed_over_and_the_week_ahead_looked_through(clinic, hold, monday):
    list_all(clinic, ("Gone", "Mon 10:00", OAK), ("Sunday", "Sun 9:00", OAK))
    hold(monday + timedelta(minutes=5))

    assert found(clinic, "97201") == "Sunday"


@pytest.mark.parametrize(
    "address", ["97201 Main St, Boise, ID 83702", "1972 Oak St, Boise, ID 83702", "PO Box 97201, Boise, ID 83702"]
)
def test_a_number_that_is_no_postal_code_is_none(clinic, address):
    list_one(clinic, "Boise", "Mon 12:00", address)

    assert found(clinic, "97201") is None


def test_a_programme_meeting_that_is_listed_is_found_and_a_cancelled_date_is_not(clinic, monday):
    place = saved(Place(organisation_id=clinic.id, name="Hall", address=OAK))
    meeting = make_meeting(clinic, name="Alumni", place_id=place.id)
    make_occurrence(meeting, starts=monday.replace(tzinfo=None, hour=18), status="cancelled")
    assert found(clinic, "97201") is None

    make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=3, hour=18))

    assert found(clinic, "97201") == "Alumni"


@pytest.mark.parametrize("fields", [{"listed": False}, {"attendance": "inactive"}])
def test_what_is_not_listed_or_rests_is_not_found(clinic, monday, fields):
    place = saved(Place(organisation_id=clinic.id, name="Hall", address=OAK))
    meeting = make_meeting(clinic, place_id=place.id, **fields)
    make_occurrence(meeting, starts=monday.replace(tzinfo=None, hour=18))

    assert found(clinic, "97201") is None


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("Oak Hall, 12 Oak St, Portland, OR 97201", "12 Oak St"),
        ("12 Oak St, Portland, OR 97201", "12 Oak St"),
        ("Oak Hall, Portland, OR 97201", ""),
        ("Oak Hall, Portland, OR, 97201", ""),
        ("", ""),
    ],
)
def test_the_street_of_a_place_is_told_without_its_name(address, street):
    assert nearby.street_of(Place(name="Oak Hall", address=address)) == street


def test_no_place_has_no_street():
    assert nearby.street_of(None) == ""
