import json

import pytest

from aftercare.meetings import types
from tests.meetings.exchange.feeds import FEEDS, needs_feeds


def test_the_list_has_its_87_codes_and_5_proposed():
    assert (len(types.GUIDE), len(types.PROPOSED)) == (87, 5)


@pytest.mark.parametrize("fellowship", types.FELLOWSHIPS)
def test_every_type_has_both_names_and_exports_a_code_of_the_list(fellowship):
    for kind in types.of(fellowship).values():
        assert kind.english
        assert kind.spanish
        assert kind.guide is None or kind.guide in types.GUIDE


def test_own_codes_belong_to_fellowships_we_name():
    assert set(types.OWN) <= set(types.FELLOWSHIPS)


@pytest.mark.parametrize(
    ("fellowship", "code", "english", "spanish"),
    [
        ("aa", "S", "Spanish", "Español"),
        ("aca", "S", "Speaker", "Orador"),
        ("aa", "POA", "Proof of Attendance", "Comprobante de asistencia"),
        ("al-anon", "POA", "Parents of Alcoholics", "Padres de alcohólicos"),
        ("rd", "IS", "Inquiry Study", "Estudio de indagación"),
        ("oa", "W", "Women", "Mujeres"),
        ("aa", "QQ", "QQ", "QQ"),
    ],
)
def test_a_code_is_named_as_its_fellowship_means_it(fellowship, code, english, spanish):
    assert types.name(fellowship, code) == english
    assert types.name(fellowship, code, language="es") == spanish


@pytest.mark.parametrize("text", ["al-anon", "AL-ANON", " Al-Anon "])
def test_a_fellowship_is_found_by_key_or_name(text):
    assert types.find_fellowship(text) == "al-anon"
    assert types.find_fellowship("Teapots") is None


def test_what_needs_a_room_is_in_the_list():
    assert set(types.GUIDE) > types.IN_PERSON_ONLY


@needs_feeds
def test_the_list_agrees_with_the_facts():
    facts = json.loads((FEEDS.parent / "meeting_types.json").read_text())

    assert {code: (kind["category"], kind.get("bcp47")) for code, kind in facts["types"].items()} == {
        code: (kind.category, kind.language) for code, kind in types.GUIDE.items()
    }
    assert set(facts["proposed_new"]) == set(types.PROPOSED)
    assert {code for code, kind in facts["types"].items() if kind.get("in_person_only")} == types.IN_PERSON_ONLY
