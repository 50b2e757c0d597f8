import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests import postgres, postgres_keeper

# The server is shared by every process of the run, so each has names of its own.
ONE, TWO = f"house_one_{os.getpid()}", f"house_two_{os.getpid()}"
RUN_AND_DIE = """
import os, signal, sys
from tests import postgres
run = postgres.Run()
url = postgres.start().create("mortal")
print(run.folder, url, flush=True)
os.kill(os.getpid(), getattr(signal, sys.argv[1]))
"""


def rows(url, question):
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        asked = connection.execute(question)
        return asked.fetchall() if asked.description else []


@pytest.fixture
def server():
    server = postgres.start()
    yield server
    for name in (ONE, TWO):
        server.drop(name)


def test_a_copied_database_has_the_rows_of_its_template(server):
    original = server.create(ONE)
    rows(original, "CREATE TABLE seats AS SELECT 20 AS number")

    copy = server.create(TWO, template=ONE)

    assert rows(copy, "SELECT number FROM seats") == [(20,)]


def test_every_process_of_a_run_shares_one_server(server):
    asked = "from tests import postgres; print(postgres.start().url('any'))"

    other = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert other.stdout.strip() == server.url("any")


def test_the_server_folds_letters_of_every_language(server):
    assert rows(server.create(ONE), "SELECT lower('AÑO É')") == [("año é",)]


def test_a_named_server_is_used_and_keeps_only_its_own_databases(server, tmp_path, monkeypatch):
    monkeypatch.setenv(postgres.RUN_FOLDER, str(tmp_path))
    monkeypatch.setenv(postgres.GIVEN, server.url("postgres"))
    theirs = postgres.start()
    theirs.create(ONE)

    theirs.stop()

    left = {name for (name,) in rows(server.url("postgres"), "SELECT datname FROM pg_database")}
    assert "postgres" in left
    assert not [name for name in left if name.startswith(ONE)]


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_no_server_outlives_a_killed_run(how):
    killed = subprocess.run([sys.executable, "-c", RUN_AND_DIE, how], capture_output=True, text=True, check=False)
    folder, url = killed.stdout.split()

    wait_until(lambda: not Path(folder).exists())

    assert killed.returncode == -getattr(signal, how)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        rows(url, "SELECT 1")


def test_programs_that_do_not_run_are_passed_over_with_the_reason(tmp_path):
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'no such library' >&2\nexit 127\n")
        (tmp_path / name).chmod(0o755)

    with pytest.raises(postgres_keeper.Unusable, match="no such library"):
        postgres_keeper.Keeper(tmp_path).start([tmp_path])


def test_a_client_without_a_server_is_passed_over_with_the_reason(tmp_path):
    with pytest.raises(postgres_keeper.Unusable, match="initdb is missing"):
        postgres_keeper.Keeper(tmp_path).start([tmp_path])


def test_a_machine_without_postgresql_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv(postgres.RUN_FOLDER, str(tmp_path))
    monkeypatch.delenv(postgres.GIVEN, raising=False)
    (tmp_path / "refusal").write_text("no programs found")

    with pytest.raises(postgres.NoPostgres, match="apt-get install postgresql"):
        postgres.start()


@pytest.mark.parametrize("folder", list(dict.fromkeys(postgres_keeper.candidates())), ids=str)
def test_every_postgresql_on_this_machine_starts(folder, open_folder):
    keeper = postgres_keeper.Keeper(open_folder)
    try:
        address = keeper.start([folder])
        assert rows(address, "SELECT current_setting('fsync'), current_setting('max_connections')") == [("off", "200")]
    finally:
        keeper.stop()


@pytest.fixture
def open_folder():
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def wait_until(claim):
    give_up = time.monotonic() + 120
    while not claim() and time.monotonic() < give_up:
        time.sleep(0.05)
