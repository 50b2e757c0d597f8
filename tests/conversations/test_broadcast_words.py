import pytest

from aftercare.core.errors import Invalid
from tests.conversations.broadcasting import draft, foresee, members, posted, send
from tests.factories import make_meeting, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor", name="Sam Ortiz")


@pytest.fixture
def meeting(clinic):
    return make_meeting(clinic)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Your therapy is at 6", "therapy"),
        ("Tools for the Week moves", "tools for the week"),
        ("Elm Street Center is closed", "elm street center"),
        ("Bring cake for Ana", "Ana"),
        ("ask ortiz for the key", "Ortiz"),
        ("See https://elm.example", "https"),
        ("Reply CANCEL if you cannot come", "CANCEL"),
        ("Nos vemos ma\u00f1ana, s\u00ed", "\u00ed"),
        ("x " * 150, "2"),
        ("", "Write the message"),
    ],
)
def test_words_that_must_not_go_are_refused_with_what_to_do(clinic, meeting, sam, words, said):
    members(meeting, make_person(clinic, name="Ana Lee"), make_person(clinic))

    for act in (lambda: foresee(meeting, draft({"en": words})), lambda: send(meeting, draft({"en": words}), sam)):
        with pytest.raises(Invalid) as refused:
            act()
        assert said in refused.value.fields["words_en"]
    assert posted() == []


def test_a_name_that_is_a_word_as_well_is_one_only_with_its_capital(clinic, meeting, sam):
    members(meeting, make_person(clinic, name="Will Page"))

    assert foresee(meeting, draft({"en": "We will meet on page 2."})).people == 1
    with pytest.raises(Invalid):
        foresee(meeting, draft({"en": "Cake is for Will."}))


def test_two_parts_are_the_most(clinic, meeting):
    members(meeting, make_person(clinic))

    [(_, _, body)] = foresee(meeting, draft({"en": "x" * 270})).texts

    assert len(body) == 270 + len("Elm St: ") + len(". STOP to end texts.")
    with pytest.raises(Invalid, match="cannot be sent"):
        foresee(meeting, draft({"en": "x" * 290}))


def test_braces_in_a_message_are_only_braces(clinic, meeting, sam):
    members(meeting, make_person(clinic))

    send(meeting, draft({"en": "Room {sender} [4] {when.__class__}"}), sam)

    assert posted()[0].body == "Elm St: Room {sender} [4] {when.__class__}. STOP to end texts."
