from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.proof_code import LETTERS, code_from, read, shown
from tests.unhurried import UNHURRIED

chances = st.binary(min_size=16, max_size=32)
#: Pairs that people read or write for one another.
LOOK_ALIKES = ["0O", "0D", "1I", "1L", "IL", "2Z", "5S", "6G", "8B", "UV", "OQ", "VY"]


def codes(count):
    return [code_from(number.to_bytes(16, "big")) for number in range(2**120, 2**120 + count * 7**20, 7**20)]


def test_no_two_letters_are_taken_for_one_another():
    assert [pair for pair in LOOK_ALIKES if set(pair) <= set(LETTERS)] == []
    assert len(set(LETTERS)) == len(LETTERS) == 23


def test_a_code_spells_no_word():
    assert not set("AEIOUY") & set(LETTERS)


@UNHURRIED
@given(chances)
def test_a_code_is_read_as_it_was_made_and_as_it_is_printed(chance):
    code = code_from(chance)

    assert len(code) == 16
    assert set(code) <= set(LETTERS)
    assert read(code) == read(shown(code)) == read(f" {shown(code).lower()} ") == code


def test_a_code_is_printed_in_groups_of_four():
    assert shown("23456789CDFHJKMN") == "2345-6789-CDFH-JKMN"


def test_the_same_chance_makes_the_same_code_for_ever():
    assert code_from(bytes(range(16))) == "RTW767V2J9VR527K"


def test_codes_do_not_repeat_and_use_every_letter_alike():
    made = codes(2000)
    often = Counter("".join(made))

    assert len(set(made)) == 2000
    assert all(1200 < often[letter] < 1600 for letter in LETTERS)


def test_any_letter_misread_is_noticed():
    for code in codes(20):
        for place in range(16):
            wrong = [code[:place] + letter + code[place + 1 :] for letter in LETTERS if letter != code[place]]
            assert not [each for each in wrong if read(each)], code


def test_any_two_letters_exchanged_are_noticed():
    for code in codes(50):
        for one, other in combinations(range(16), 2):
            letters = list(code)
            letters[one], letters[other] = letters[other], letters[one]
            assert "".join(letters) == code or read("".join(letters)) is None, code


@pytest.mark.parametrize("typed", ["", "2", "2" * 15, "2" * 17, "O" * 16, "RTW7-67V2-J9VR-527", "ß" * 8, "\ud800" * 16])
def test_what_is_no_code_is_not_read(typed):
    assert read(typed) is None


def test_too_little_chance_makes_no_code():
    with pytest.raises(ValueError, match="16 random bytes"):
        code_from(b"x" * 15)
