import pytest

from aftercare.core import phone
from aftercare.core.errors import Invalid

WRITTEN = ["303 555 0123", "(303) 555-0123", "1-303-555-0123", "+1 303.555.0123", " 3035550123 ", "٣٠٣ ٥٥٥ ٠١٢٣"]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_is_read_however_people_write_it(written):
    assert phone.read_mobile(written) == "+13035550123"


@pytest.mark.parametrize("mobile", ["+447911123456", "+525512345678", "+34612345678"])
def test_a_mobile_of_another_country_is_read(mobile):
    assert phone.read_mobile(mobile) == mobile


def test_an_area_code_that_the_plan_does_not_know_yet_is_let_through():
    assert phone.read_mobile("+1 555 555 0100") == "+15555550100"


@pytest.mark.parametrize(
    "written",
    [
        "800 555 1212", "888-FLOWERS", "+1 900 555 1212", "+44 20 7123 4567", "+49 30 123456", "+44 845 123 4567",
        "+44 7012 345678", "+44 7640 123456", "+44 55 1234 5678", "+55 4004 1234", "+1 500 555 0006",
    ],
)  # fmt: skip
def test_what_the_plan_gives_to_no_mobile_is_refused(written):
    assert refusal(written) == "This number gets no texts. Enter the number of a cell phone."


@pytest.mark.parametrize("written", ["911", "112", "+1 911 555 0100", "0911"])
def test_an_emergency_number_is_refused(written):
    assert "cell phone" in refusal(written)


@pytest.mark.parametrize("written", ["22395", "2 23 95", "988", "+12345", "1"])
def test_a_short_code_is_refused(written):
    assert refusal(written) == "A short number gets no texts from us. Enter the whole number of a cell phone."


@pytest.mark.parametrize("written", ["303 555 0123 x12", "303 555 0123 ext. 4", "+1 303 555 0123;ext=99"])
def test_a_number_with_an_extension_is_refused(written):
    assert refusal(written) == "A number with an extension gets no texts. Enter the number of a cell phone."


@pytest.mark.parametrize("written", ["", "hello", "\x00", "555 0123", "303 555 01234567890", "+", "x" * 5000])
def test_what_is_no_number_is_refused(written):
    assert refusal(written) == "Enter a phone number with its area code, like 303 555 0123."


def test_the_number_that_texts_come_from_is_refused():
    assert refusal("303 555 0123", ours={"+13035550123"}) == "This is our own number. Enter another one."


@pytest.mark.parametrize("written", ["+1 103 555 0123", "+1 303 055 0123", "+1 303 155 0123"])
def test_what_the_plan_of_north_america_has_no_room_for_is_refused(written):
    assert "cell phone" in refusal(written)


def test_a_contact_number_may_be_toll_free():
    assert phone.read("800 555 1212") == "+18005551212"


def refusal(written, **given):
    with pytest.raises(Invalid) as refused:
        phone.read_mobile(written, **given)
    assert refused.value.fields == {"phone": refused.value.sentence}
    return refused.value.sentence
