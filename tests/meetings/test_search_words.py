from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.meetings import search_words, types

PLAIN: dict[str, Any] = {
    "name": "", "group_name": "", "fellowship": "", "languages": [], "attendance": "in_person", "is_open": None,
}  # fmt: skip


def written(pairs=(), place=None, **said):
    return search_words.written(PLAIN | said, place or {}, pairs).split()


def test_words_of_name_group_fellowship_and_place_are_kept_without_accents():
    where = {"name": "Casa Jardín", "address": "5 Calle Olmo, Juniper Falls, CO 80099", "region": "Boulder > Norte"}

    found = written(place=where, name="Café del Sol", group_name="Grupo 7", fellowship="na")

    assert {
        "cafe", "del", "sol", "grupo", "7", "na", "narcotics", "anonymous", "jardin", "olmo", "80099", "boulder",
    } <= set(found)  # fmt: skip


def test_marks_say_what_a_meeting_is_like():
    said = written(
        [("aca", "S"), ("aa", "12x12")], languages=["es", "en"], attendance="hybrid", is_open=False, fellowship="aca"
    )

    assert {"_t_sp_", "_t_12x12_", "_l_es_", "_l_en_", "_in_person_", "_online_", "_hybrid_", "_closed_"} <= set(said)


def test_a_meeting_that_says_nothing_of_itself_has_few_marks():
    assert written() == ["_in_person_", "_l__"]


def test_every_type_has_a_mark_of_its_own():
    codes = list(types.GUIDE)

    assert len({search_words.of_type(code) for code in codes}) == len(codes)


@pytest.mark.parametrize("typed", ["_open_", "_t_sp_", "o'brien", '"x" OR y*', "a:b & !c", "100%"])
def test_what_is_typed_is_words_alone(typed):
    assert all(word.isalnum() for word in search_words.typed(typed))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_becomes_words_that_every_index_can_hold(name, address):
    text = search_words.written(PLAIN | {"name": name}, {"address": address}, [])

    assert text == "".join(f" {word}" for word in text.split(" ")[1:])
    assert text.isascii()
    assert all(len(word) <= search_words.LONGEST_WORD for word in text.split())
    assert len(text.split()) <= search_words.MOST_WORDS + 10


@given(st.text(max_size=60))
def test_words_that_were_written_are_the_words_that_are_typed(text):
    words = search_words.typed(text)

    assert set(words) <= set(search_words.words_of(text))
