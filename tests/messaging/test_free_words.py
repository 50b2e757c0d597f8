import pytest

from aftercare.messaging.free_words import CARRIER_WORDS, Fault, asked_words, faults_in, names_said


def faults(words, **given):
    return list(faults_in(words, **given))


@pytest.mark.parametrize(
    "words",
    [
        "We start at 6:30 p.m. tonight. Bring a coat.",
        "Reply Y if you can come by the end of the day, N if not. STOP to end texts.",
        "The door is at the back. Call 303-555-0100 when you are there.",
        "Nos vemos a las 6:30 p.m. Responde S si vienes.",
        "Parking costs $2.50 from Dec. 1 on, see you there!",
        "Say yes to yourself; we text you on Monday.",
    ],
)
def test_ordinary_words_go_out_as_they_are(words):
    assert faults(words) == []


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("See https://elm.example/x", "https:"),
        ("See www.elm", "www."),
        ("Go to elm-street.org/visit today", "elm-street.org"),
        ("Write to sam@elm.example now", "elm.example"),
        ("bit.ly/3xYz", "bit.ly"),
        ("See elm.example.", "elm.example"),
    ],
)
def test_links_and_addresses_are_found(words, link):
    assert Fault("link", link) in faults(words)


@pytest.mark.parametrize(
    "words",
    [
        "Reply YES to come", "reply yes to come", "Reply Y or CANCEL", "Answer with 'end' to leave", "Text QUIT.",
        "Y to come, CANCEL if not", "Responde YES", "Reply Y, N or start", 'Say "unsubscribe"', "Reply STOP to end",
        "Manda CANCEL si no vienes", "reply with yes",
    ],
)  # fmt: skip
def test_no_answer_is_asked_for_that_the_carrier_takes_for_itself(words):
    found = [fault.detail for fault in faults(words) if fault.code == "carrier_word"]

    assert found
    assert set(found) <= CARRIER_WORDS


def test_answers_that_nobody_would_understand_are_found():
    assert faults("Reply BANANA or Y, N if not.") == [Fault("not_understood", "BANANA")]
    assert asked_words("Reply Y if you can come, N if not. Text CALL or LATE.") == ["Y", "CALL", "LATE"]


@pytest.mark.parametrize("words", ["Stop texting me.", "You have the wrong number", "Basta"])
def test_words_that_would_end_the_texts_of_whoever_sends_them_back_are_found(words):
    assert Fault("read_as_stop") in faults(words)


def test_words_that_would_raise_an_alarm_when_they_are_sent_back_are_found():
    assert Fault("read_as_crisis") in faults("If you want to die, call us", is_discreet=False)


def test_each_forbidden_word_and_name_is_named_once():
    assert faults("Sober living, sober friends, with Ana Reyes", names=["Ana Reyes"]) == [
        Fault("forbidden", "sober"),
        Fault("forbidden", "ana reyes"),
    ]


def test_letters_are_those_of_the_small_alphabet():
    assert faults("Mañana a las seis, ¿sí?") == [Fault("letter", "í")]


def test_parts_of_names_are_found_in_any_spelling():
    names = ["Ana García", "Will Page", "Jo Li"]

    assert names_said("garcia and ANA", names) == ["Ana", "García"]
    assert names_said("We will see page 2 with Jo", names) == []
    assert names_said("Will comes", names) == ["Will"]
    assert names_said("Banana", names) == []
