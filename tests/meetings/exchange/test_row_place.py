import pytest

from tests.meetings.exchange.feeds import kinds, listing, reading, row


def parts(**fields):
    return row(formatted_address=..., **fields)


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        (
            {"address": "1 Main St", "city": "Mesa", "state": "CO", "postal_code": 80099, "country": "US"},
            "1 Main St, Mesa, CO 80099, USA",
        ),
        (
            {"address": "1 Main St", "city": "Quincy", "state": "MA", "postal_code": 2139, "country": "USA"},
            "1 Main St, Quincy, MA 02139, USA",
        ),
        (
            {"address": "1 Rue X", "city": "Hull", "state": "QC", "postal_code": "J8X 1A1", "country": "CA"},
            "1 Rue X, Hull, QC J8X 1A1, Canada",
        ),
        (
            {"address": "1 Rue X", "city": "Hull", "postal_code": "J8X 1A1", "country": "CA"},
            "1 Rue X, Hull, J8X 1A1, Canada",
        ),
        (
            {"address": "1 Main St", "city": "Ben", "postal_code": "95005", "country": "CA"},
            "1 Main St, Ben, 95005, USA",
        ),
        ({"city": 5}, "5"),
        ({"address": None, "city": "Mesa", "country": "Chile"}, "Mesa, Chile"),
    ],
)
def test_the_parts_of_an_address_are_put_together(fields, address):
    assert reading(parts(**fields)).listings[0].place.address == address


@pytest.mark.parametrize(
    ("fields", "is_approximate"),
    [
        ({"formatted_address": "1 Main St, Mesa, CO 80099, USA"}, False),
        ({"formatted_address": "Mesa, CO, USA"}, True),
        ({"formatted_address": "Anytown, OK 12345, USA"}, True),
        ({"formatted_address": "10 Downing Street, London, UK"}, False),
        ({"formatted_address": "Mesa, CO, USA", "approximate": "no"}, False),
        ({"formatted_address": "1 Main St, Mesa, CO 80099, USA", "approximate": "yes"}, True),
        ({"formatted_address": "1 Main St, Mesa, CO 80099, USA", "approximate": True}, True),
        ({"formatted_address": "Mesa", "approximate": False}, False),
        ({"formatted_address": ..., "address": "1 Main St", "city": "Mesa"}, False),
        ({"formatted_address": ..., "city": "Mesa", "state": "CO", "country": "USA"}, True),
        ({"formatted_address": ..., "location": "Old Firehouse"}, True),
    ],
)
def test_an_address_is_exact_or_a_town(fields, is_approximate):
    assert listing(**fields).place.approximate is is_approximate


@pytest.mark.parametrize(
    ("fields", "point"),
    [
        ({"latitude": 39.8, "longitude": -105.3}, (39.8, -105.3)),
        ({"latitude": "39.8", "longitude": "-105.3"}, (39.8, -105.3)),
        ({"coordinates": "39.8,-105.3"}, (39.8, -105.3)),
        ({"latitude": 391, "longitude": -105.3}, (None, None)),
        ({"latitude": 0, "longitude": 0}, (None, None)),
        ({"latitude": "n/a", "longitude": ""}, (None, None)),
        ({"latitude": 39.8, "longitude": None}, (None, None)),
        ({"latitude": True, "longitude": [1]}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_coordinates_are_two_numbers_on_the_globe(fields, point):
    place = listing(**fields).place

    assert (place.latitude, place.longitude) == point


def test_regions_go_from_large_to_small():
    assert listing(regions=["Mesa County", " Mesa "]).place.region == ("Mesa County", "Mesa")
    assert listing(region="Mesa", sub_region="Old Town", sub_sub_region="").place.region == ("Mesa", "Old Town")


def test_empty_regions_are_counted():
    assert kinds(reading(row(regions=[None]), row(slug="b", regions=[None]))) == ["empty_items"]


def test_regions_are_plain_and_no_more_than_there_are_levels():
    assert listing(regions=["Me\x00sa\ud800", "\x00", *"123456789abc"]).place.region == ("Mesa", *"123456789")
