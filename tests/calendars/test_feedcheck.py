import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.calendars import nasty, served

FEEDCHECK = Path(__file__).parents[3] / "shared" / "tools" / "feedcheck" / "check_feed.py"
#: Two engines of Python are always asked; where this names a folder of npm, three of JavaScript are too.
NODE_MODULES = os.environ.get("FEEDCHECK_NODE_MODULES")
ENGINES = "rie,ical" + (",icaljs,nodeical,expander" if NODE_MODULES else "")

pytestmark = pytest.mark.skipif(
    not FEEDCHECK.exists(), reason="feedcheck lies beside the project, in ../shared/tools, and is not here"
)


@pytest.mark.parametrize("zone", nasty.ZONES)
def test_feedcheck_finds_nothing_in_a_feed_of_nasty_series(zone, tmp_path):
    assert found_in(nasty.feed(nasty.every_pattern(zone)), tmp_path) == []


def test_feedcheck_finds_what_is_wrong(tmp_path):
    wrong = nasty.feed([nasty.make("evening", "Europe/London")]).replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0200")

    assert any("wrong offset" in line for line in found_in(wrong, tmp_path))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("zone", ["America/New_York", "Africa/Casablanca", "Australia/Lord_Howe"])
def test_feedcheck_finds_nothing_in_any_feed_that_is_served(client, hold, zone, tmp_path):
    hold(served.NOW)
    life = served.make_life(zone)
    feeds = [served.personal(client, life), served.of_clinic(client, life), served.of_meeting(client, life.groups[0])]

    assert [found for feed in feeds for found in found_in(feed, tmp_path)] == []


@pytest.mark.skipif(
    not NODE_MODULES, reason="FEEDCHECK_NODE_MODULES names no folder with ical.js, node-ical, ical-expander"
)
def test_the_engines_of_javascript_are_really_asked(tmp_path):
    file = tmp_path / "feed.ics"
    file.write_bytes(nasty.feed([nasty.make("evening", "Europe/London")]))

    assert "agree: rie ical icaljs nodeical expander" in asked(file).stdout


def found_in(feed: bytes, folder: Path) -> list[str]:
    file = folder / "feed.ics"
    file.write_bytes(feed)
    answer = asked(file)
    # A series without an end is what we mean; feedcheck only remarks on it.
    lines = [line for line in answer.stdout.splitlines()[1:] if "endless RRULE" not in line]
    return lines + answer.stderr.splitlines()


def asked(file: Path) -> subprocess.CompletedProcess[str]:
    window = ("--from", "2026-01-01", "--to", "2027-01-15")
    command = [sys.executable, str(FEEDCHECK), str(file), *window, "-e", ENGINES]
    return subprocess.run(command, capture_output=True, text=True, check=False)
