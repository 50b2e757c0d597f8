import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.meetings import geography
from aftercare.meetings.geography import Point

DENVER, BOULDER = Point(39.7392, -104.9903), Point(40.0150, -105.2705)
latitudes = st.floats(-89.9, 89.9)
longitudes = st.floats(-180, 180)


def test_distances_are_those_of_the_map():
    assert geography.meters(DENVER, BOULDER) == pytest.approx(38_900, abs=300)
    assert geography.meters(DENVER, DENVER) == 0


@pytest.mark.parametrize(("latitude", "longitude"), [(None, 1.0), (1.0, None), (91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_no_point_has_no_cell(latitude, longitude):
    assert geography.cell(latitude, longitude) is None


@given(latitudes, longitudes)
def test_every_point_has_a_cell_that_a_column_can_hold(latitude, longitude):
    found = geography.cell(latitude, longitude)

    assert found is not None
    assert 0 <= found < 2**31


@given(latitudes, st.floats(-170, 170), st.floats(-0.9, 0.9), st.floats(-0.9, 0.9), st.integers(100, 160_000))
def test_no_place_within_reach_is_left_out(latitude, longitude, north, east, reach):
    middle = Point(latitude, longitude)
    other = Point(max(-90.0, min(90.0, latitude + north)), longitude + east)
    found = geography.cell(other.latitude, other.longitude)

    assert found is not None
    if geography.meters(middle, other) <= reach:
        assert any(first <= found <= last for first, last in geography.stretches(middle, reach))


def test_a_small_circle_looks_into_few_cells():
    rows = list(geography.stretches(DENVER, geography.MILE_METERS))

    assert len(rows) <= 5
    assert all(last - first <= 6 for first, last in rows)
