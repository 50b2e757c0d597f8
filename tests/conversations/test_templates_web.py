import re

import pytest

from aftercare.conversations import text_titles
from aftercare.core.db import db
from aftercare.messaging import fault_words, own_words, template_rules
from aftercare.messaging.catalogue import CATALOGUE
from aftercare.messaging.free_words import Fault
from tests.factories import make_organisation, make_person
from tests.signing_in import sign_in

OURS = "See you {when:day}? Y or N. HELP for help, STOP to end texts."
ORIGINAL = "Reminder: {when:day}. Reply Y if you are coming, N if not. HELP for help, STOP to end texts."
TOO_MUCH = f"Your therapy: {OURS}"
URL = "/staff/texts/reminder"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def desk(client, clinic):
    return sign_in(client, make_person(clinic, role="admin"))


def own(clinic):
    db.session.rollback()
    return own_words.own_words(clinic.id)


@pytest.mark.parametrize("role", ["patient", "counsellor", "manager"])
def test_only_admins_change_texts(client, clinic, role):
    desk = sign_in(client, make_person(clinic, role=role))

    asked = [
        desk.get("/staff/texts"),
        desk.get(URL),
        *(desk.post(URL + more) for more in ("", "/preview", "/original")),
    ]

    assert [page.status_code for page in asked] == [403] * 5
    assert own(clinic) == {}


def test_every_text_is_listed_and_those_that_are_changed_are_marked(desk, clinic):
    before = desk.get("/staff/texts").text
    desk.post(URL, data={"en-discreet": OURS})

    after = desk.get("/staff/texts").text

    assert before.count("Your own words") == 0
    assert after.count("Your own words") == 1
    for kind in CATALOGUE:
        assert (f'href="/staff/texts/{kind}"' in after) is template_rules.is_editable(kind)
    assert "people in danger" in after


def test_every_text_has_a_title_and_every_value_a_meaning():
    titled = {kind for _title, titles in text_titles.groups() for kind in titles}
    known = {
        field for kind in CATALOGUE if template_rules.is_editable(kind) for field in template_rules.fields_of(kind)
    }

    assert set(CATALOGUE) <= titled
    assert "Other texts" not in [title for title, _titles in text_titles.groups()]
    assert known <= set(text_titles.fields())


def test_an_admin_finds_the_page_from_every_page(desk):
    assert 'href="/staff/texts"' in desk.get(URL).text


def test_a_text_is_shown_in_both_languages_and_at_both_levels(desk):
    page = desk.get(URL).text

    assert re.findall(r'<textarea id="([^"]+)"', page) == ["en-discreet", "es-discreet", "en-plain", "es-plain"]
    assert "Reminder: Tue Dec 1, 6:00 PM." in page
    assert "Recordatorio: Tools for the Week, mar 1 dic, 6:00 p.m.," in page
    assert "58 letters left" in page


def test_words_are_saved_and_their_original_stays_at_hand(desk, clinic):
    saved = desk.post(URL, data={"en-discreet": OURS}, follow_redirects=True)

    assert own(clinic) == {("reminder", "en", "discreet"): OURS}
    assert "Saved." in saved.text
    assert "See you Tue Dec 1, 6:00 PM?" in saved.text
    assert "Reminder: {when:day}." in saved.text


def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(desk, clinic):
    page = desk.post(URL, data={"en-discreet": TOO_MUCH, "es-plain": "{name} {when:day} mañana"})

    assert page.status_code == 422
    assert 'href="#en-discreet"' in page.text
    assert "Say it without “therapy”" in page.text
    assert TOO_MUCH in page.text
    assert "{name} {when:day} mañana" in page.text
    assert own(clinic) == {}


def test_the_preview_shows_what_words_become_and_saves_nothing(desk, clinic):
    page = desk.post(f"{URL}/preview", data={"en-discreet": OURS, "es-discreet": "Hola {when:day"})

    assert page.status_code == 200
    assert "See you Tue Dec 1, 6:00 PM?" in page.text
    assert "Close each {" in page.text
    assert own(clinic) == {}


def test_while_one_types_only_the_look_of_that_field_is_asked_for(desk):
    piece = desk.post(f"{URL}/preview?of=en-discreet", data={"en-discreet": TOO_MUCH}, headers={"HX-Request": "true"})

    assert piece.status_code == 200
    assert "<html" not in piece.text
    assert "Your therapy: See you Tue Dec 1" in piece.text
    assert "Say it without “therapy”" in piece.text


def test_what_is_typed_is_shown_as_it_is_and_runs_nowhere(desk):
    page = desk.post(f"{URL}/preview", data={"en-discreet": "<script>alert(1)</script> {when:day} {{ 7*7 }}"})

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_one_goes_back_to_the_original_words(desk, clinic):
    desk.post(URL, data={"en-discreet": OURS})

    page = desk.post(f"{URL}/original", data={"of": "en-discreet"}, follow_redirects=True)

    assert "the original words again" in page.text
    assert own(clinic) == {}


def test_nothing_changed_says_so(desk):
    assert "Nothing was changed." in desk.post(URL, data={"en-discreet": ORIGINAL}, follow_redirects=True).text


@pytest.mark.parametrize("kind", ["crisis", "stop", "signin_code", "nothing-of-the-kind"])
def test_texts_that_are_the_same_everywhere_have_no_editor(desk, kind):
    assert desk.get(f"/staff/texts/{kind}").status_code == 404
    assert desk.post(f"/staff/texts/{kind}", data={"en-discreet": OURS}).status_code == 404


def test_spanish_readers_get_the_page_in_spanish(desk):
    page = desk.get(URL, query_string={"lang": "es"}).text

    assert 'lang="es"' in page
    assert "Lo que dicen" in desk.get("/staff/texts?lang=es").text


CODES = (
    "empty", "braces", "brackets", "idle_brackets", "strange_field", "unknown_field", "may_be_missing", "missing_field",
    "missing_day", "must_say", "too_long", "letter", "link", "forbidden", "carrier_word", "not_understood",
    "read_as_stop", "read_as_crisis", "name",
)  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_fault_is_a_sentence(app, code):
    with app.test_request_context():
        said = fault_words.said(Fault(code, "{when:day}"))

    assert said.endswith(".")
    assert len(said) > 10
