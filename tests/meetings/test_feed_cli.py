import json

import pytest
from click.testing import CliRunner

from aftercare.core.errors import Refused
from aftercare.meetings.feed_cli import feed
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.list_site import ListSite


@pytest.fixture
def site(tmp_path):
    with ListSite(tmp_path) as site:
        yield site


@pytest.fixture
def written(tmp_path):
    def write(*rows):
        file = tmp_path / "list.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        return str(file)

    return write


def linted(*words, **more):
    return CliRunner().invoke(feed, ["lint", *words], **more)


def test_a_feed_without_defects_is_clean(written):
    done = linted(written(row()))

    assert (done.exit_code, done.stdout) == (0, "1 rows. Nothing found.\n")


def test_a_feed_that_loses_meetings_fails(written):
    done = linted(written(row(), row(slug="late", time="8:00 PM")))

    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        'error: row 2 (late) time "8:00 PM": TSML UI drops the PM and shows 8:00 am. Write 24 hours.',
        "2 rows. 1 errors.",
    ]


def test_warnings_alone_do_not_fail(written):
    assert linted(written(row(types=["ONL"]))).exit_code == 0


def test_a_script_gets_json(written):
    done = linted(written(row(timezone="EST")), "--json")
    told = json.loads(done.stdout)

    assert told["counts"] == {"error": 0, "warning": 1, "note": 0}
    assert told["defects"][0] == {
        "row": 1, "slug": "porch", "field": "timezone", "value": "EST", "kind": "zone_fixed", "severity": "warning",
        "consequence": "This zone keeps no summer time, so TSML UI is an hour off for half the year; "
        "write America/New_York.",
    }  # fmt: skip


@pytest.mark.parametrize("words", [["/nowhere/list.json"], [], ["x", "--fellowship", "teapots"]])
def test_wrong_usage_is_two(words):
    assert linted(*words).exit_code == 2


def test_a_feed_of_the_web_is_fetched_and_its_key_not_told(site):
    site.answer("/list.json?key=secret", body=json.dumps([row(slug="late", time="25:00")]).encode())
    done = linted(site.url("/list.json?key=secret"), "--json", obj=site.fetcher())

    assert done.exit_code == 1
    assert [each["kind"] for each in json.loads(done.stdout)["defects"]] == ["time_unknown"]
    assert "secret" not in done.stdout


def test_an_address_within_is_not_asked():
    refused = linted("https://127.0.0.1/list.json").exception

    assert isinstance(refused, Refused)
