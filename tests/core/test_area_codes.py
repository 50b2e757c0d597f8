import pytest

from aftercare.core.area_codes import AREA_CODES, STATE_OF, STATES, state_of

EASILY_RECOGNISABLE = {code * 3 for code in "23456789"} | {f"{digit}11" for digit in "23456789"}
TOLL_FREE = {"800", "833", "844", "855", "866", "877", "888"}


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("+13035550123", "CO"),
        ("+12125550123", "NY"),
        ("+14015550123", "RI"),
        ("+15025550123", "KY"),
        ("+12145550123", "TX"),
        ("+18605550123", "CT"),
        ("+12025550123", "DC"),
        ("+17875550123", "PR"),
        ("+16715550123", "GU"),
        ("+19075550123", "AK"),
    ],
)
def test_a_number_is_of_the_state_of_its_area_code(number, state):
    assert state_of(number) == state


@pytest.mark.parametrize(
    "number",
    ["+18005550123", "+18885550123", "+15005550006", "+14165550123", "+18765550123", "+525555550123", "+13035", ""],
)
def test_toll_free_foreign_and_broken_numbers_are_of_no_state(number):
    assert state_of(number) is None


def test_every_state_has_area_codes_and_no_code_is_of_two_states():
    written = [code for codes in AREA_CODES.values() for code in codes.split()]

    assert len(STATES) == 50 + 1 + 5
    assert all(AREA_CODES.values())
    assert sorted(written) == sorted(set(written)) == sorted(STATE_OF)


def test_every_code_has_the_shape_of_an_area_code():
    assert all(len(code) == 3 and code.isdigit() and code[0] in "23456789" and code[1] != "9" for code in STATE_OF)
    assert not STATE_OF.keys() & (TOLL_FREE | EASILY_RECOGNISABLE | {"500", "600", "700", "900"})
