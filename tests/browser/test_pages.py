import pytest

from tests.browser import (
    chromium,
    places,
    places_of_calendars,
    places_of_care,
    places_of_dates,
    places_of_lists,
    places_of_numbers,
    places_of_series,
    places_of_texts,
)
from tests.browser.english import english_in

PLACES = (
    places.PLACES
    | places_of_numbers.PLACES
    | places_of_texts.PLACES
    | places_of_calendars.PLACES
    | places_of_care.PLACES
    | places_of_series.PLACES
    | places_of_dates.PLACES
    | places_of_lists.PLACES
)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_sound_on_phone_and_desk_by_day_and_night(town, place):
    page = PLACES[place](town, "en")

    assert chromium.faults_in_every_look(page) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_sound_in_spanish(town, place):
    page = PLACES[place](town, "es")

    assert page.locator("html").get_attribute("lang") == "es"
    assert english_in(page) == []
    assert chromium.faults_of_words(page) == []
