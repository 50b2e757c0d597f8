from hypothesis import given
from hypothesis import strategies as st

from aftercare.people import initials


def test_people_are_named_by_two_letters_at_most():
    assert initials.of(["Ana Rivera", "ben", "María de la Cruz", "  "]) == ["A.R.", "B.", "M.D.", "?."]


def test_those_who_are_alike_are_counted():
    assert initials.of(["Ana Rivera", "Al Ray", "Ben Ho"]) == ["A.R. (1)", "A.R. (2)", "B.H."]


@given(st.lists(st.text(min_size=1), max_size=6))
def test_no_two_are_named_alike(names):
    said = initials.of(names)

    assert len(set(said)) == len(names)
