import configparser
import subprocess
import sys

from tests.house.source import ROOT, shipped


def contracts():
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings


LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def test_no_room_imports_from_a_floor_above():
    command = [sys.executable, "-c", LINT, "--config", "setup.cfg", "--no-cache"]

    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_law_of_the_contract_is_a_file():
    laws = contracts()["importlinter:contract:laws"]["source_modules"].split()
    files = {path.stem for path in shipped()}

    assert [law for law in laws if law.rpartition(".")[2] not in files] == []
