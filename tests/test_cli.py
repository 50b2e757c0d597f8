import subprocess
import sys

import pytest

from aftercare import cli, inside
from tests import postgres
from tests.conftest import KEY, SECRET


@pytest.fixture
def configured(monkeypatch):
    """Set what the command needs besides a database."""
    for name, value in {"SECRET_KEY": SECRET, "ENCRYPTION_KEYS": KEY, "BASE_URL": "http://localhost"}.items():
        monkeypatch.setenv(f"AFTERCARE_{name}", value)


@pytest.fixture
def empty(configured, database, tmp_path, monkeypatch):
    """Point the command at a database without tables."""
    in_file = f"sqlite:///{tmp_path / 'new.sqlite'}"
    url = in_file if database == "sqlite" else postgres.start().create(f"without_{tmp_path.name[-12:]}")
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)


def said(capsys, *words):
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("words", [("audit", "verify", "--organisation", "elm"), ("serve",), ("worker", "--once")])
def test_a_database_without_tables_is_answered_by_the_command_that_makes_them(empty, capsys, words):
    sentence = said(capsys, *words)

    assert sentence == (
        "The database has no tables yet, or old ones. Bring it to the newest shape with: aftercare db upgrade\n"
    )


def test_an_address_that_is_none_is_said_in_a_sentence(configured, capsys, monkeypatch):
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", "elm")

    assert said(capsys, "db", "upgrade").startswith("AFTERCARE_DATABASE_URL is no address of a database")


def test_a_server_that_is_not_there_is_said_in_a_sentence(configured, capsys, monkeypatch):
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    assert said(capsys, "db", "upgrade").startswith("The database cannot be used: ")


def test_an_organisation_that_is_not_there_is_named(app, capsys, monkeypatch):
    monkeypatch.setattr(inside, "application", lambda: app)

    assert said(capsys, "token", "list", "--organisation", "elm") == "There is no organisation called elm.\n"


def test_the_worker_loads_no_doors_and_nothing_that_only_they_need():
    doors = ("aftercare.app", "aftercare.commands", "flask_security", "marshmallow", "icalendar", "granian", "webauthn")
    look = f"import sys, aftercare.cli; print([name for name in {doors} if name in sys.modules])"

    looked = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert looked.stdout == "[]\n"
