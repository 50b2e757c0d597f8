import re

import pytest
from click import Context
from click.testing import CliRunner

from aftercare.cli import cli
from tests.house.source import ROOT, name_of

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md")]


def commands():
    """List each command line of the pages' shell blocks, once."""
    blocks = (re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL) for page in PAGES)
    lines = (line.partition("#")[0].strip() for found in blocks for block in found for line in block.splitlines())
    return sorted({line for line in lines if line})


def words_of(line):
    """List the words before the first option or placeholder: `db upgrade` of `aftercare db upgrade --json`."""
    plain = []
    for word in line.split()[1:]:
        if not re.fullmatch(r"[a-z]+", word):
            break
        plain.append(word)
    return plain


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("./run ")])
def test_each_run_command_of_the_docs_exists(line):
    script = (ROOT / "run").read_text(encoding="utf-8")

    assert f"\n    {words_of(line)[0]})\n" in script


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("aftercare ")])
def test_each_aftercare_command_of_the_docs_exists(line):
    assert cli.list_commands(Context(cli))
    command = cli
    for word in words_of(line):
        command = getattr(command, "commands", {}).get(word, command)
    asked = CliRunner().invoke(cli, [*words_of(line), "--help"])

    assert asked.exit_code == 0
    assert command is not cli


def test_each_link_of_the_docs_leads_to_a_file():
    links = [
        (name_of(page), target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert links == []
