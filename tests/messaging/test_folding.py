import pytest

from aftercare.messaging.folding import fold, spellings


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ST0P", "stop"),
        ("k1ll", "kill"),
        ("rec0very", "recovery"),
        ("r3h4b", "rehab"),
        ("su1c1d4l", "suicidal"),
        ("HERE4821", "here 4821"),
        ("at10pm", "at 10 pm"),
        ("12step", "12 step"),
        ("2 b", "2 b"),
        ("Y1", "y 1"),
    ],
)
def test_a_figure_inside_a_word_is_the_letter_that_it_looks_like(text, plain):
    assert fold(text) == plain


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("stoppp", ["stop", "stopp"]),
        ("killlll me", ["kil me", "kill me"]),
        ("see you soon", ["see you soon"]),
        ("1111", ["1111"]),
    ],
)
def test_letters_that_are_drawn_out_are_spelled_once_and_twice(text, ways):
    assert spellings(text) == ways
