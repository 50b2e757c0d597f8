from urllib.parse import unquote

import pytest
from flask import Flask, abort, render_template, request

from aftercare.app import create_app
from aftercare.core.errors import Conflict, Invalid
from aftercare.http import guards
from aftercare.meetings import closures
from tests.conftest import settings_for
from tests.factories import make_organisation, make_person
from tests.signing_in import sign_in

SPANISH = {"Accept-Language": "es"}


@pytest.fixture
def troubled(tmp_path) -> Flask:
    """Give a service with doors that refuse and crash, and a switch that breaks every page."""
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'troubled.sqlite'}"))
    doors = {
        "/refuses": refuse, "/api/refuses": refuse, "/fields": refuse_fields, "/own": refuse_in_own_words,
        "/crashes": crash, "/api/crashes": crash,
    }  # fmt: skip
    for address, door in doors.items():
        app.add_url_rule(address, endpoint=address, view_func=guards.public(door))
    app.context_processor(lambda: {"broken": 1 / ("break" not in request.args)})
    return app


@pytest.fixture
def visitor(troubled):
    return troubled.test_client()


def refuse() -> str:
    raise Conflict("This date was cancelled.")


def refuse_fields() -> str:
    wrong = {"name": "Enter a name.", "time": "Enter a time, like 18:30."}
    raise Invalid(" ".join(wrong.values()), fields=wrong)


def refuse_in_own_words() -> str:
    abort(409, "This date is over.")


def crash() -> str:
    return render_template("no/such/template.html")


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/refuses", 409, "Esta fecha se canceló."),
        ("/fields", 422, "Escribe un nombre. Escribe una hora, como 18:30."),
        ("/own", 409, "Esta fecha ya pasó."),
        ("/nowhere", 404, "El enlace puede ser viejo. Busca una reunión, o ve a tu semana."),
        ("/crashes", 500, "Algo no funcionó de nuestro lado. No se guardó nada. Intenta otra vez en un minuto."),
    ],
)
def test_a_page_says_in_the_readers_language_what_went_wrong(visitor, address, status, sentence):
    answer = visitor.get(address, headers=SPANISH)

    assert answer.status_code == status
    assert '<html lang="es">' in answer.text
    assert f'<p class="lead">{sentence}</p>' in answer.text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/api/refuses", "This date was cancelled."),
        ("/api/crashes", "Something went wrong on our side. Nothing was saved. Try again in a minute."),
    ],
)
def test_a_program_reads_english(visitor, address, sentence):
    assert visitor.get(address, headers=SPANISH).json["detail"] == sentence


def test_when_no_page_can_be_made_a_plain_one_says_so_in_both_languages(visitor):
    answer = visitor.get("/crashes?break")

    assert answer.status_code == 500
    assert "It is our fault, not yours." in answer.text
    assert "Es culpa nuestra, no tuya." in answer.text


@pytest.mark.parametrize(
    ("address", "door"),
    [("/week", "/sign-in?next=/week"), ("/staff?day=2", "/staff/sign-in?next=/staff?day%3D2")],
)
def test_whoever_is_not_signed_in_is_led_to_their_door_and_back(client, address, door):
    answer = client.get(address)

    assert answer.status_code == 401
    first = answer.text.split('class="btn wide" href="')[1].split('"')[0]
    assert unquote(first) == unquote(door)


def test_what_a_database_cannot_keep_is_said_and_nothing_is_saved(app, client, database):
    clinic = make_organisation()
    sign_in(client, make_person(clinic, role="counsellor"))
    given = {"what": "organisation", "first_day": "2030-11-03", "last_day": "2030-11-04", "reason": "Fl\0od"}

    look = client.post("/staff/closures/new", data=given | {"do": "look"}).text
    token = look.split('name="seen" value="')[1].split('"')[0] if 'name="seen"' in look else ""
    answer = client.post("/staff/closures/new", data=given | {"do": "do", "seen": token})

    # SQLite keeps whatever it is given.
    assert answer.status_code == (422 if database == "postgresql" else 303)
    if database == "postgresql":
        assert "cannot be kept" in answer.text
        assert closures.standing(clinic.id) == []
