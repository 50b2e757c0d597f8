import configparser
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.house.source import ROOT, imports, name_of, shipped

LOCKS = ("requirements.lock", "requirements-test.lock")


def pins(lock):
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def declared(section, option):
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return set(re.findall(r"^[a-z0-9-]+", settings[section][option], re.MULTILINE))


def test_the_tests_try_the_versions_that_the_demo_runs():
    tested = pins("requirements-test.lock")

    assert {name: tested.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8"))

    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_of_the_machine_that_made_it(lock):
    options = [line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if line.startswith("-")]

    assert options == []
    assert not re.search(r"https?:|file:|/home/|/tmp/", (ROOT / lock).read_text(encoding="utf-8"))


def test_every_declared_dependency_is_locked():
    assert declared("options", "install_requires") <= set(pins("requirements.lock"))
    assert declared("options.extras_require", "test") <= set(pins("requirements-test.lock"))


def test_what_the_service_imports_is_in_the_lock_of_the_demo():
    owners = packages_distributions()
    ours = {"aftercare", "worker"} | set(sys.stdlib_module_names)
    locked = set(pins("requirements.lock"))
    wanted = {
        (name_of(path), top)
        for path in shipped()
        for name, _ in imports(path)
        if (top := name.partition(".")[0]) not in ours
    }

    unlocked = {
        (path, top)
        for path, top in wanted
        if not {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners.get(top, [])} & locked
    }

    assert unlocked == set()
