import os
import shutil
import subprocess

import pytest

from tests.house.source import ROOT

#: A Python that is new enough, but comes without venv, as Debian's does.
WITHOUT_VENV = """#!/bin/sh
case "$*" in
  *ensurepip*) exit 1 ;;
  *version_info\\[:2\\]*) echo 3.11 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path):
    """Copy what ./run needs to begin, into a folder whose name has spaces."""
    folder = tmp_path / "a new folder"
    folder.mkdir()
    for name in ("run", "setup.cfg", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(checkout, *words, **environment):
    return subprocess.run(
        [checkout / "run", *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def stand_in(path, script):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


def test_without_a_word_the_commands_are_listed(checkout):
    answer = run(checkout)

    assert answer.returncode == 0
    words = ("demo", "test", "check", "bench", "crash", "setup", "translations", "lock")
    assert [word for word in words if f"\n  {word} " not in answer.stdout] == []


def test_an_unknown_word_is_wrong_usage(checkout):
    answer = run(checkout, "dance")

    assert answer.returncode == 2
    assert 'There is no command "dance".' in answer.stderr


def test_an_unfit_python_is_named(checkout):
    answer = run(checkout, "setup", PYTHON="/nowhere/python")

    assert answer.returncode == 1
    assert answer.stderr == "PYTHON is set to /nowhere/python, which is not a Python 3.11 or newer.\n"


def test_a_python_without_venv_is_told_which_package_to_install(checkout, tmp_path):
    answer = run(checkout, "setup", PYTHON=stand_in(tmp_path / "bin/python3", WITHOUT_VENV))

    assert answer.returncode == 1
    assert answer.stderr.endswith("On Debian or Ubuntu: apt-get install python3.11-venv\n")


def test_a_refused_set_up_leaves_the_folder_free_for_the_next(checkout):
    run(checkout, "setup", PYTHON="/nowhere/python")

    assert sorted(path.name for path in checkout.glob(".venv*")) == []


def test_a_finished_set_up_is_not_done_again(checkout):
    ready(checkout)

    answer = run(checkout, "setup", PYTHON="/nowhere/python")

    assert (answer.returncode, answer.stderr) == (0, "Ready. Start the demo with: ./run demo\n")


@pytest.mark.parametrize("changed", ["requirements.lock", "setup.cfg", "run"])
def test_a_change_of_what_it_was_made_from_sets_up_again(checkout, changed):
    ready(checkout)
    with (checkout / changed).open("a") as file:
        file.write("# changed\n")

    answer = run(checkout, "setup")

    assert "Installing Aftercare itself" in answer.stderr
    assert answer.returncode == 0


def test_an_interrupted_set_up_is_begun_again(checkout):
    ready(checkout)
    (checkout / ".venv/unfinished").touch()

    answer = run(checkout, "setup", PYTHON="/nowhere/python")

    assert "The last set-up was interrupted; starting it again." in answer.stderr
    assert answer.returncode == 1


def test_a_moved_folder_is_set_up_again(checkout):
    ready(checkout)
    moved = checkout.rename(checkout.with_name("elsewhere"))

    answer = run(moved, "setup", PYTHON="/nowhere/python")

    assert "This folder was moved; setting up again." in answer.stderr


def test_the_demo_gets_its_words_and_its_exit_status(checkout):
    ready(checkout)
    stand_in(checkout / ".venv/bin/aftercare", '#!/bin/sh\nprintf "%s|" "$@"\nexit 3\n')

    answer = run(checkout, "demo", "--port", "9000", "two words")

    assert (answer.stdout, answer.returncode) == ("demo|--port|9000|two words|", 3)


def test_crashes_get_their_words_and_their_exit_status(checkout):
    ready(checkout)
    stand_in(checkout / ".venv/bin/python", '#!/bin/sh\n[ "$2" = tests.crash ] || exit 0\nprintf "%s|" "$@"\nexit 1\n')

    answer = run(checkout, "crash", "--rounds", "2")

    assert (answer.stdout, answer.returncode) == ("-m|tests.crash|--rounds|2|", 1)


def ready(checkout):
    """Set up with a Python that does nothing, and so does it at once."""
    stand_in(checkout / ".venv/bin/python", "#!/bin/sh\nexit 0\n")
    answer = run(checkout, "setup")
    assert "Set-up done." in answer.stderr, answer.stderr
