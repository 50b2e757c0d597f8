from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.agreement import Act, Sentence, Step
from aftercare.recovery.agreement_sentences import Condition, Promise, SaidStep, in_words, read, sentence_of
from tests.unhurried import UNHURRIED

SISTER = UUID(int=7)
TEXT, CALL, TELL = Act.TEXT, Act.CALL, Act.TELL


def if_missed(missed, *steps):
    return Condition(missed, tuple(SaidStep(*step) for step in steps))


@pytest.mark.parametrize(
    ("words", "meetings"),
    [
        ("2 meetings a week", 2),
        ("I will come to two meetings every week.", 2),
        ("One meeting per week", 1),
        ("2 reuniones por semana", 2),
        ("Voy a una reunión a la semana.", 1),
        ("iré a tres grupos cada semana", 3),
    ],
)
def test_a_promise_is_a_number_of_meetings_a_week(words, meetings):
    assert read(words) == Promise(meetings)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (
            "if I miss two, text me, then call me, then tell my sister",
            if_missed(2, (TEXT, 0), (CALL, 2), (TELL, 2, "my sister")),
        ),
        ("If I miss a meeting, call me.", if_missed(1, (CALL, 0))),
        ("If I miss 3 meetings in a row, after 2 days call me", if_missed(3, (CALL, 2))),
        ("If I miss one, text me, then the next day call me", if_missed(1, (TEXT, 0), (CALL, 1))),
        (
            "if i miss two, text me and then tell Ana López 5 days later",
            if_missed(2, (TEXT, 0), (TELL, 5, "Ana López")),
        ),
        (
            "Si falto a dos, escríbeme, luego llámame, luego avisa a mi hermana",
            if_missed(2, (TEXT, 0), (CALL, 2), (TELL, 2, "mi hermana")),
        ),
        ("si no voy a una reunion, llamame", if_missed(1, (CALL, 0))),
        ("Si falto a 2, mándame un mensaje, después llámame", if_missed(2, (TEXT, 0), (CALL, 2))),
        ("Si falto a 2, escríbeme, después de 3 días llámame", if_missed(2, (TEXT, 0), (CALL, 3))),
        ("Si falto a 2, escríbeme, luego 3 días después llámame", if_missed(2, (TEXT, 0), (CALL, 3))),
        ("Si falto a 2, escríbeme y al día siguiente dile a Luis", if_missed(2, (TEXT, 0), (TELL, 1, "Luis"))),
    ],
)
def test_a_condition_is_what_was_missed_and_steps_in_their_order(words, meaning):
    assert read(words) == meaning


@pytest.mark.parametrize(
    "words",
    [
        "",
        "call me",
        "if I miss two",
        "if I miss two, wait for me",
        "if I miss two, text me, then come to my house, then call me",
        "if I miss no meeting, text me",
        "if I miss 0, text me",
        "if I miss 11, text me",
        "if I miss two, text me, then 0 days later call me",
        "if I miss two, text me, then 31 days later call me",
        "if I miss two, after 2 days text me after 3 days",
        "if I miss two, text me" + ", then call me" * 5,
        "if I miss two, text me, then tell " + "x" * 61,
        "if I miss two, tell my sister and my brother",
        "if I miss two, tell my sister in 2 days",
        "22 meetings a week",
        "0 meetings a week",
        "²  meetings a week",
        "if I miss two, text me. " * 40,
    ],
)
def test_what_is_not_wholly_understood_is_not_guessed(words):
    assert read(words) is None


@pytest.mark.parametrize(
    ("meaning", "english", "spanish"),
    [
        (Promise(2), "2 meetings a week.", "2 reuniones por semana."),
        (
            if_missed(2, (TEXT, 0), (CALL, 2), (TELL, 1, "Ana")),
            "If I miss 2 meetings in a row, text me, then 2 days later call me, then the next day tell Ana.",
            "Si falto a 2 reuniones seguidas, escríbeme, luego a los 2 días llámame, "
            "luego al día siguiente avisa a Ana.",
        ),
        (
            if_missed(1, (CALL, 3)),
            "If I miss 1 meeting, 3 days later call me.",
            "Si falto a 1 reunión, a los 3 días llámame.",
        ),
    ],
)
def test_what_was_understood_is_said_with_every_day_in_it(meaning, english, spanish):
    assert (in_words(meaning, "en"), in_words(meaning, "es")) == (english, spanish)


people = st.sampled_from(["my sister", "mi hermana", "Ana López", "José", "Dr. O'Hara"])
acts = st.one_of(st.tuples(st.sampled_from([TEXT, CALL]), st.none()), st.tuples(st.just(TELL), people))


@st.composite
def conditions(draw):
    said = draw(st.lists(acts, min_size=1, max_size=5))
    steps = [SaidStep(act, draw(st.integers(1 if place else 0, 30)), whom) for place, (act, whom) in enumerate(said)]
    return Condition(draw(st.integers(1, 10)), tuple(steps))


@UNHURRIED
@given(st.one_of(conditions(), st.builds(Promise, st.integers(1, 21))), st.sampled_from(["en", "es"]))
def test_what_is_said_again_is_understood_as_the_same(meaning, language):
    assert read(in_words(meaning, language)) == meaning


@UNHURRIED
@given(st.text(alphabet="aeimnostwx ,.2", max_size=300) | st.text(max_size=300))
def test_any_words_are_read_or_not_without_a_stumble(words):
    meaning = read(words)

    assert meaning is None or read(in_words(meaning, "en")) is not None


def test_the_sentence_of_an_agreement_keeps_the_words_and_names_the_person():
    words = "If I miss two, text me, then tell my sister."
    condition = if_missed(2, (TEXT, 0), (TELL, 2, "my sister"))

    assert read(words) == condition
    assert sentence_of(condition, sentence_id=UUID(int=1), words=words, people={"my sister": SISTER}) == Sentence(
        UUID(int=1), words, 2, (Step(TEXT), Step(TELL, 2, SISTER))
    )


def test_nobody_is_told_whom_the_agreement_does_not_know():
    with pytest.raises(KeyError):
        sentence_of(if_missed(1, (TELL, 0, "my sister")), sentence_id=UUID(int=1), words="", people={})
