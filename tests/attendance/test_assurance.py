import pytest

from aftercare.attendance.assurance import ASSURANCE, STAFF, Way, counted_in_words, in_words
from aftercare.attendance.models import WAYS


@pytest.mark.parametrize(
    ("way", "worth"),
    [("roll", 3), ("qr", 2), ("code", 2), ("text", 2), ("online", 1), ("poster", 0), ("self", 0)],
)
def test_each_of_the_seven_ways_has_its_worth(way, worth):
    assert ASSURANCE[Way(way)] == worth


def test_every_way_that_is_stored_has_a_worth_and_no_other():
    assert tuple(Way) == WAYS
    assert set(ASSURANCE) == set(WAYS)


def test_nothing_is_worth_more_than_what_staff_saw():
    assert [way for way in Way if ASSURANCE[way] >= STAFF] == [Way.ROLL]


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_worth_has_words_of_its_own(language):
    assert len({in_words(worth, language) for worth in ASSURANCE.values()}) == 4


def test_a_worth_is_said_in_the_language_of_the_reader():
    assert in_words(0, "en") == "by their own word"
    assert in_words(0, "es-MX") == "según su propia palabra"


def test_visits_are_counted_by_how_they_are_known_and_the_surest_come_first():
    assert counted_in_words({0: 1, 3: 10, 2: 0}, "en") == ["10: seen and noted by staff", "1: by their own word"]
