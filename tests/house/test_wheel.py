import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from aftercare.core.crypto import new_key
from tests.house.source import ROOT

SOURCES = ("aftercare", "templates", "migrations")
BESIDE = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "worker.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy: the build writes beside what it reads."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        shutil.copy(ROOT / name, copy / name)
    built = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", copy / "dist", copy]
    subprocess.run(built, check=True, capture_output=True)
    return next((copy / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel into a fresh environment that borrows the libraries, but not the checkout, of this one."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", symlinks=True)
    python = home / "venv/bin/python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home / "venv")}))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "venv/bin"


@pytest.fixture
def elsewhere(tmp_path):
    """Give a folder that has nothing to do with the checkout, and settings for a service in it."""
    kept = {name: word for name, word in os.environ.items() if not name.startswith(("AFTERCARE_", "TWILIO_", "PYTHON"))}
    settings = {
        "AFTERCARE_SECRET_KEY": "only-for-tests-0123456789abcdefghij",
        "AFTERCARE_ENCRYPTION_KEYS": new_key(1),
        "AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'away.sqlite'}",
    }
    return {"cwd": tmp_path, "env": kept | settings}


def run(program, *words, elsewhere):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=600, **elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def served(program, elsewhere):
    """Serve on a free port until the block ends, then as politely as a service manager asks."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [program, "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **elsewhere)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        print(server.communicate(timeout=120)[0])


def page(address):
    """Fetch a page; the server may still be starting."""
    give_up = time.monotonic() + 180
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


def test_the_wheel_holds_every_file_that_runs(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    places = {"aftercare": "aftercare", "templates": "aftercare/templates", "migrations": "aftercare/migrations"}
    outside = {
        f"{place}/{path.relative_to(ROOT / name).as_posix()}"
        for name, place in places.items()
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pot"
    }

    assert sorted(outside - inside) == []
    assert "worker.py" in inside


def test_the_installed_command_knows_its_words(installed, elsewhere):
    assert "Usage: aftercare" in run(installed / "aftercare", "--help", elsewhere=elsewhere)


def test_nothing_is_taken_from_the_checkout(installed, elsewhere):
    asked = "import aftercare, worker; print(aftercare.__file__, worker.__file__)"

    found = run(installed / "python", "-c", asked, elsewhere=elsewhere).split()

    assert [path for path in found if not path.startswith(str(installed.parent))] == []


def test_an_installed_service_migrates_and_serves_a_page(installed, elsewhere):
    founding = "organisation create riverbend --name Riverbend --discreet-name Riverbend --zone America/Denver"
    run(installed / "aftercare", "db", "upgrade", elsewhere=elsewhere)
    run(installed / "aftercare", *founding.split(), elsewhere=elsewhere)

    with served(installed / "aftercare", elsewhere) as address:
        status, text = page(f"{address}/o/riverbend/meetings")

    assert status == 200
    assert "</html>" in text


def test_an_installed_worker_makes_one_pass(installed, elsewhere):
    run(installed / "aftercare", "db", "upgrade", elsewhere=elsewhere)

    run(installed / "python", "-m", "worker", "--once", elsewhere=elsewhere)
