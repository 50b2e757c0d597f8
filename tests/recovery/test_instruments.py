import json

import pytest

from aftercare.core.db import transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.messaging import segments, texts
from aftercare.recovery import checkups, instruments
from tests.factories import make_organisation, make_person

TWO = {"name": "Two Things", "language": "en", "low": 1, "high": 6, "items": ["I feel  at home.", "I sleep well."]}


@pytest.fixture
def clinic(app):
    return make_organisation()


def load(clinic, **changed):
    with transaction():
        return instruments.load(clinic, json.dumps(TWO | changed).encode())


def test_a_questionnaire_comes_from_its_file(clinic):
    load(clinic)

    [two] = instruments.loaded(clinic.id)
    assert (two.name, two.low, two.high, two.items) == ("Two Things", 1, 6, ["I feel at home.", "I sleep well."])


def test_loading_it_again_takes_its_new_words(clinic):
    first = load(clinic)

    second = load(clinic, items=["I eat well."])

    assert (second.id, [each.items for each in instruments.loaded(clinic.id)]) == (first.id, [["I eat well."]])


def test_words_that_somebody_answered_to_do_not_change(clinic):
    with transaction():
        checkups.open_checkup(make_person(clinic), load(clinic))

    with pytest.raises(Invalid, match="under another name"):
        load(clinic, items=["I eat well."])
    assert instruments.loaded(clinic.id)[0].items[1] == "I sleep well."


def test_each_language_and_each_organisation_has_its_own(clinic):
    load(clinic)
    load(clinic, language="es", items=["Duermo bien."])

    assert [each.language for each in instruments.loaded(clinic.id)] == ["en", "es"]
    assert [each.items for each in instruments.loaded(clinic.id, "es")] == [["Duermo bien."]]
    other = make_organisation()
    assert list(instruments.loaded(other.id)) == []
    with pytest.raises(NotFound):
        instruments.get_instrument(other.id, instruments.loaded(clinic.id)[0].id)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "name"),
        ({"language": "fr"}, "language"),
        ({"low": 6}, "low to high"),
        ({"high": 12}, "low to high"),
        ({"low": True}, "low to high"),
        ({"items": []}, "items"),
        ({"items": ["I sleep well."] * 31}, "items"),
        ({"items": ["I sleep well.", " "]}, "Item 2 is empty"),
        ({"items": ["I sleep well.", 7]}, "Item 2 is empty"),
        ({"items": ["W" * 111]}, "Item 1 does not fit"),
        ({"items": ["Я сплю"]}, "Item 1 has letters"),
        ({"author": "somebody"}, "nothing else"),
    ],
)
def test_a_wrong_one_is_refused_in_a_sentence_and_nothing_is_kept(clinic, changed, sentence):
    with pytest.raises(Invalid, match=sentence):
        load(clinic, **changed)
    assert list(instruments.loaded(clinic.id)) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 90_000, b"{" + b" " * 100_000 + b"}"])
def test_what_is_no_questionnaire_at_all_is_refused(clinic, content):
    with pytest.raises(Invalid), transaction():
        instruments.load(clinic, content)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_longest_item_is_asked_in_one_part(language):
    item = "W" * instruments.LONGEST_ITEM

    text = texts.render("checkup_item_said", language, nth=29, count=30, low=0, high=9, item=item)

    assert segments.count(text) == 1
    assert item in text
