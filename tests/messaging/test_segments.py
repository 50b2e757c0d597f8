import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import segments

TENS = "1234567890"


# The first four are the published cases of Twilio's own calculator; the others its documentation's limits.
@pytest.mark.parametrize(
    ("text", "is_gsm7", "parts"),
    [
        ("{" + TENS[1:] + TENS * 14 + "123456789", True, 1),
        ("{" + TENS[1:] + TENS * 15, True, 2),
        ("😜" + TENS[1:] + TENS * 5 + "123456789", False, 1),
        ("😜" + TENS[1:] + TENS * 6, False, 2),
        ("", True, 1),
        ("a" * 160, True, 1),
        ("a" * 161, True, 2),
        ("a" * 306, True, 2),
        ("a" * 307, True, 3),
        ("€" * 80, True, 1),
        ("€" * 81, True, 2),
        ("á" * 70, False, 1),
        ("á" * 71, False, 2),
        ("á" * 134, False, 2),
        ("á" * 135, False, 3),
        ("ñéüà¡¿", True, 1),
        ("6:30\u202fPM", False, 1),
    ],
)
def test_texts_are_counted_as_published(text, is_gsm7, parts):
    assert (segments.is_gsm7(text), segments.count(text)) == (is_gsm7, parts)


def test_an_escaped_letter_is_never_cut_in_two():
    assert segments.count("a" * 152 + "€" + "a" * 151) == 2
    assert segments.count("a" * 152 + "€" + "a" * 152) == 3


def test_an_emoji_is_never_cut_in_two():
    assert segments.count("á" * 66 + "😜" + "á" * 65) == 2
    assert segments.count("á" * 66 + "😜" + "á" * 66) == 3


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("sábado a las 6:30\u202fp.\xa0m.", "sabado a las 6:30 p. m."),
        ("Reunión ñandú é", "Reunion ñandu é"),
        ("“It’s” – ok…", '"It\'s" - ok...'),
        ("Reunio\u0301n", "Reunion"),
        ("a\u200bb 👍", "ab "),
        ("Встреча", ""),
    ],
)
def test_texts_are_spelled_in_the_small_alphabet(text, spelled):
    assert segments.to_gsm7(text) == spelled


@given(st.text())
def test_whatever_is_spelled_is_in_the_small_alphabet_and_stays_as_it_is(text):
    spelled = segments.to_gsm7(text)

    assert segments.is_gsm7(spelled)
    assert segments.to_gsm7(spelled) == spelled


@given(st.text())
def test_one_more_letter_never_makes_fewer_parts(text):
    assert segments.count(text) <= segments.count(text + "a") <= segments.count(text) + 1


@pytest.mark.parametrize(
    ("text", "left"), [("", 160), ("a" * 159, 1), ("a" * 160, 0), ("a" * 161, 145), ("€", 158), ("á" * 69, 1)]
)
def test_the_room_that_is_left_in_the_last_part_is_counted(text, left):
    assert segments.letters_left(text) == left


def test_letters_outside_the_small_alphabet_are_listed_once():
    assert segments.strange_letters("áé “á”") == ["á", "“", "”"]
