from dataclasses import dataclass

from aftercare.calendars.shelf import BESIDE, Shelf


@dataclass(frozen=True)
class Thing:
    size: int


BIG, BIGGER = Thing(4_000), Thing(5_000)


def test_what_was_not_asked_for_longest_goes_first():
    shelf = Shelf[Thing](2 * (4_000 + BESIDE))
    shelf.put("a", BIG)
    shelf.put("b", BIG)
    shelf.find("a")
    shelf.put("c", BIG)

    assert [shelf.find(key) for key in "abc"] == [BIG, None, BIG]


def test_what_takes_the_place_of_another_is_counted_once():
    shelf = Shelf[Thing](4_000 + 5_000 + 2 * BESIDE)
    for _ in range(3):
        shelf.put("a", BIG)
        shelf.put("b", BIGGER)

    assert [shelf.find(key) for key in "ab"] == [BIG, BIGGER]


def test_what_is_dropped_leaves_its_room_to_others():
    shelf = Shelf[Thing](4_000 + BESIDE)
    shelf.put("a", BIG)
    shelf.drop("a")
    shelf.drop("a")
    shelf.put("b", BIG)

    assert (shelf.find("a"), shelf.find("b")) == (None, BIG)


def test_what_is_larger_than_the_shelf_is_not_kept():
    shelf = Shelf[Thing](4_000)
    shelf.put("a", BIG)

    assert shelf.find("a") is None
