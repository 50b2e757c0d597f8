import pytest

from aftercare.messaging.carrier_words import Answered, answered

LONG_CODE, TOLL_FREE, SHORT_CODE = "+13035550100", "+18885550100", "12345"


def said(body, *, sent_to=LONG_CODE, opt_out_type=None, is_blocked=False, answers_words=True):
    return answered(
        body, sent_to=sent_to, opt_out_type=opt_out_type, is_blocked=is_blocked, answers_words=answers_words
    )


@pytest.mark.parametrize("kind", list(Answered))
def test_what_the_carrier_says_it_answered_it_answered(kind):
    assert said("ALTO", opt_out_type=kind.value, answers_words=False) is kind


def test_an_opt_out_type_that_nobody_knows_is_none():
    assert said("Y", opt_out_type="MAYBE") is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("STOP | stop |  Stop  | STOPALL | UNSUBSCRIBE | END | QUIT | CANCEL | REVOKE | OPTOUT", Answered.STOP),
        ("START | unstop", Answered.START),
        ("HELP | info", Answered.HELP),
        ("stop please | opt out | ALTO | AYUDA | Y | YES | START now | END it |  | stop.", None),
    ],
)
def test_a_long_code_answers_single_english_words(words, kind):
    assert {said(word) for word in words.split("|")} == {kind}


@pytest.mark.parametrize(("is_blocked", "kind"), [(True, Answered.START), (False, None)])
def test_yes_is_its_word_only_from_a_number_that_it_blocks(is_blocked, kind):
    assert said("YES", is_blocked=is_blocked) is kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [("STOP", Answered.STOP), ("START", Answered.START), ("HELP", Answered.HELP), ("END", None), ("YES", None)],
)
def test_a_toll_free_number_knows_fewer_words(word, kind):
    assert said(word, sent_to=TOLL_FREE, is_blocked=True) is kind


@pytest.mark.parametrize("word", ["STOP", "START", "HELP", "YES"])
def test_a_short_code_of_ones_own_answers_nothing_and_neither_does_an_account_without_these_words(word):
    assert said(word, sent_to=SHORT_CODE, is_blocked=True) is None
    assert said(word, answers_words=False, is_blocked=True) is None
