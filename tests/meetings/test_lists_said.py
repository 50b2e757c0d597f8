from datetime import datetime

import pytest
from flask_babel import force_locale

from aftercare.core.errors import Invalid
from aftercare.meetings import lists_said
from aftercare.meetings.exchange import dialects, findings
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.recurrence import Pattern, in_words
from tests import translations

#: Sentences that only the command line says, and two that are put together from words (told below, as they come).
FOR_OPERATORS = ("Nothing was changed: ", "There is no dialect ")
PUT_TOGETHER = ("The list is not valid JSON x: ", "This is x, not a meeting list;")


@pytest.fixture
def spanish(app):
    with app.test_request_context("/"), force_locale("es"):
        yield


def glued():
    paths = sorted((translations.ROOT / "aftercare/meetings/exchange").glob("*.py"))
    found = {text for path in paths for _line, text in translations.glued(path, of_readers=True)}
    return sorted(text for text in found if not text.startswith(FOR_OPERATORS + PUT_TOGETHER))


def test_every_refusal_around_a_value_is_known_by_its_words():
    assert [text for text in glued() if not lists_said.knows(text)] == []
    assert len(glued()) > 8


def test_a_reason_is_told_in_the_readers_language_with_its_values(spanish):
    assert lists_said.sentence("lists.example.org cannot be reached.") == "No se puede llegar a lists.example.org."
    assert lists_said.sentence("The file is empty.") == "El archivo está vacío."
    assert (
        lists_said.sentence("None of the 3 rows could be taken. Row 1: The time cannot be read; the row was left out.")
        == "No se pudo tomar ninguna de las 3 filas. Fila 1: No se entiende la hora; la fila quedó fuera."
    )
    assert lists_said.sentence("What nobody has translated") == "What nobody has translated"


def test_a_reason_that_is_put_together_is_known_too():
    for content in (b"<html>", b"<xml>", b"[1, 2", b'[{"a": 1},'):
        with pytest.raises(Invalid) as refused:
            dialects.read(content, dialect="meeting-guide", feed=FeedDefaults())

        assert lists_said.knows(refused.value.sentence), content


def test_a_finding_is_told_in_the_readers_language_with_what_was_made_of_it(spanish):
    for kind, template in findings.SENTENCES.items():
        english = findings.sentence(kind, made="A {b} %(c)s", count=2)

        told = lists_said.finding(english, kind)

        assert told != english
        kept = ("A {b} %(c)s" in told, "2 filas" in told)
        assert kept == ("{made}" in template, "{rows}" in template), kind


def test_a_field_says_what_stands_in_it_in_words(spanish):
    def said(name, value):
        return lists_said.value(name, value, fellowship="aa", language="es")

    assert said("types", "O, C") == "Abierta, Cerrada"
    assert (said("attendance", "hybrid"), said("is_open", "True"), said("name", "Porch")) == (
        "Las dos",
        "Cualquier persona",
        "Porch",
    )


MONDAYS = {"start_local": "2026-01-05T19:00:00", "rule": "FREQ=WEEKLY;BYDAY=MO"}
NOWHERE = {"start_local": None, "rule": None, "zone": None}


@pytest.mark.parametrize(
    ("zones", "named"),
    [
        (["America/Denver"], ["hora de la montaña"]),
        (["America/Denver", "America/New_York"], ["hora de la montaña", "hora oriental"]),
        (["America/Denver", "America/Denver"], ["hora de la montaña"] * 2),
        # Both are called Mountain Time: told by that name alone, nothing would differ.
        (["America/Denver", "America/Boise"], ["America/Denver", "America/Boise"]),
    ],
)
def test_a_zone_is_named_as_on_every_page_unless_two_zones_share_a_name(spanish, monday, zones, named):
    words = in_words(Pattern(datetime(2026, 1, 5, 19), 60, MONDAYS["rule"], zones[0]), "es")

    told = lists_said.whens([MONDAYS | {"zone": zone} for zone in zones], language="es")

    assert told == [f"{words} ({name})" for name in named]
    assert lists_said.whens([NOWHERE], language="es") == [""]
