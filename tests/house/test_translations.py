import re
from collections import Counter
from io import BytesIO

import pytest
from babel.messages.mofile import read_mo

from tests.factories import make_organisation
from tests.house.source import ROOT, name_of
from tests.translations import SPANISH, compiled, forms, gathered, glued, refusals, spanish

RUN = "to mend it: ./run translations, then fill in what it names"
#: Words that nobody who comes to groups reads here (product.md 5 and 7.13; ui.md, tone 2), as whole words.
NEVER = {
    "en": r"addict\w*|abuse\w*|junk(y|ie)s?|clean|dirty|non-?complian\w+|complian\w+|fail\w*|broken?|lost|reset|"
    r"relaps\w+|no-?shows?|patients?|clients?|dropped out",
    "es": r"\w*adict\w+|abus\w+|borrach\w+|limpi[oa]s?|suci[oa]s?|incumpl\w+|cumplimiento|fracas\w+|falla\w*|falló|"
    r"rot[oa]s?|perdi\w*|pierd\w+|reinici\w+|reca[ií]d\w*|faltas(te)?|faltó|inasistencias?|pacientes?|clientes?|abandon\w+",
}
STAFF = re.compile(
    r"templates/(api|attendance/(_ro|roll)|home/staff|meetings/(dates|edit|list|move)|messaging|people/(staff|password)|"
    r"recovery/task|reports|styleguide)|"
    r"aftercare/(meetings/(changes|exchange|forms|list|publishing|re)|people/(organ|password|tokens)|recovery/(outreach|task)|reports)"
)
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>|%%")
#: Pages whose English stands as it is, each with its reason.
BOTH_AT_ONCE = {
    "templates/errors/plain.html": "the last resort says both languages at once",
    "templates/styleguide.html": "for development only",
    "templates/api/docs.html": "names of HTTP",
}
#: Files whose glued sentences only operators and programs read: they found organisations, name roles and scopes.
FOR_OPERATORS = {"aftercare/people/accounts.py", "aftercare/people/organisations.py", "aftercare/people/tokens.py"}
#: What is the same in every language.
NAMES = {"Aftercare", "English", "Español"}


@pytest.fixture(scope="module")
def known():
    return spanish()


@pytest.fixture(scope="module")
def asked():
    return gathered()


def test_every_sentence_has_its_spanish(known, asked):
    said = {key(each) for each in known if all(forms(each.string))}
    missing = [key(each) for each in asked if each.id and key(each) not in said]

    assert missing == [], RUN


def test_no_translation_is_a_guess_or_left_over(known, asked):
    assert [key(each) for each in known if each.id and (each.fuzzy or key(each) not in asked)] == [], RUN
    assert list(known.obsolete) == [], RUN


def test_the_compiled_spanish_is_that_of_the_source(known):
    served = read_mo(BytesIO(SPANISH.with_suffix(".mo").read_bytes()))

    assert sentences(served) == sentences(read_mo(BytesIO(compiled(known)))), RUN


def test_translations_keep_what_is_filled_in(known):
    differ = [key(each) for each in known if each.id and {kept(each.string, n) for n in (0, -1)} != {kept(each.id, -1)}]

    assert differ == []


def test_nobody_who_comes_reads_a_word_that_hurts(known):
    theirs = [each for each in known if each.id and not all(STAFF.match(place) for place, _line in each.locations)]
    hurting = [
        (word.group(), text)
        for language, texts in (("en", [each.id for each in theirs]), ("es", [each.string for each in theirs]))
        for text in texts
        for form in forms(text)
        for word in re.finditer(rf"\b({NEVER[language]})\b", form, re.IGNORECASE)
    ]

    assert len(theirs) > 200
    assert hurting == []


def test_pages_say_nothing_that_cannot_be_translated():
    bare = {
        name_of(path): words
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if name_of(path) not in BOTH_AT_ONCE and (words := bare_words(path.read_text(encoding="utf-8")))
    }

    assert bare == {}


def test_refusals_are_gathered_without_a_mark():
    found = [text for _line, text in refusals(ROOT / "aftercare/meetings/rsvps.py")]

    assert "Answer yes, no or maybe." in found


def test_refusals_are_not_glued_around_values():
    found = {
        name_of(path): texts
        for path in sorted((ROOT / "aftercare").rglob("*.py"))
        if name_of(path) not in FOR_OPERATORS and (texts := [text for _line, text in glued(path)])
    }

    assert found == {}, "say it without the value, or with _() and a placeholder"


def test_a_spanish_reader_gets_spanish_pages(client):
    for address, words in (
        ("/", "Una reunión a la vez"),
        ("/sign-in", "Iniciar sesión"),
        ("/nowhere", "No encontramos esa página"),
    ):
        text = client.get(address, headers={"Accept-Language": "es-MX"}).text

        assert '<html lang="es">' in text
        assert words in text


def test_looking_for_meetings_in_spanish_leaves_the_page_as_it_is_read(client):
    clinic = make_organisation()

    text = client.get(f"/o/{clinic.slug}/meetings?language=es", headers={"Accept-Language": "en"}).text

    assert '<html lang="en">' in text


def key(message):
    return forms(message.id)[0]


def sentences(catalogue):
    return {tuple(forms(each.id)): forms(each.string) for each in catalogue if each.id}


def kept(text, form):
    """Give what a sentence must not change: the values filled in, and the tags."""
    return frozenset(Counter(FILLED_IN.findall(forms(text)[form])).items())


def bare_words(template):
    """Find the words of a template that stand outside `_()`."""
    text = re.sub(r"\{#.*?#\}", " ", template, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<link[^>]*>", " ", text, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', text)
    text = re.sub(r"<[^>]*>", " ", re.sub(r'[\w-]+="[^"]*"', " ", text))
    return [word for word in re.findall(r"[^\W\d_]{2,}", " ".join([*labels, text])) if word not in NAMES]
