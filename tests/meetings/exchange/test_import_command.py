import io
import json
import re
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner

from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import cli
from aftercare.meetings.exchange import source
from aftercare.meetings.exchange.fetching import NotFetched
from aftercare.meetings.exchange.importing import Waits
from aftercare.meetings.exchange.models import ImportRun, MeetingSource
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.list_site import ListSite


@pytest.fixture
def clinic(app):
    return make_organisation(slug="riverbend")


@pytest.fixture
def listed(tmp_path):
    """A file with a good row, one without a zone and a bad one."""
    file = tmp_path / "list.json"
    rows = (row(), row(slug="lamp", timezone=...), row(slug="late", time="25:00"))
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file


def ran(*words):
    with transaction():
        done = CliRunner().invoke(cli.import_meetings, [*map(str, words), "--organisation", "riverbend"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_an_import_says_what_was_found_and_what_became_of_it(clinic, listed):
    done = ran(listed, "--zone", DENVER)

    assert done.stdout.splitlines() == [
        'noted: list timezone "America/Denver": '
        "In 1 row: no time zone is named; America/Denver, given for the list, was used.",
        'refused: row 3 (late) time "25:00": The time cannot be read; the row was left out.',
        "3 rows. Meetings: 2 new. Findings: 1 refused, 1 noted.",
    ]
    assert done.stderr == ""


def test_an_import_can_report_to_a_script(clinic, listed):
    told = json.loads(ran(listed, "--json").stdout)

    assert told["counts"] == {
        "rows": 3, "listings": 1, "refused": 2, "mended": 0, "noted": 0,
        "new": 1, "changed": 0, "returned": 0, "unchanged": 0, "vanished": 0,
    }  # fmt: skip
    assert told["findings"][1] == {
        "row": 3, "slug": "late", "field": "time", "value": "25:00", "kind": "time_unknown", "severity": "refused",
        "sentence": "The time cannot be read; the row was left out.",
    }  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_who_watches_sees_how_much_of_the_list_has_been_read(clinic, tmp_path, monkeypatch):
    long = tmp_path / "long.json"
    long.write_text(json.dumps([row(slug=f"porch-{n}") for n in range(1200)]), encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", watched := Terminal())

    with transaction():
        cli.import_meetings.main([str(long), "--organisation", "riverbend", "--dry-run"], standalone_mode=False)

    shares = [int(share) for share in re.findall(r"(\d+)%", watched.getvalue())]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 100)
    assert any(0 < share < 100 for share in shares)
    assert "1,200 meetings" in watched.getvalue()


def test_what_was_said_of_a_list_need_not_be_said_again(clinic, listed):
    ran(listed, "--zone", DENVER, "--fellowship", "Narcotics Anonymous")

    assert "2 unchanged" in ran(listed).stdout
    db.session.rollback()
    assert {meeting.fellowship for meeting in db.session.query(Meeting)} == {"na"}


def test_a_list_keeps_its_name_when_its_file_is_called_otherwise(clinic, listed):
    ran(listed, "--list", "https://example.org/meetings.json")
    newer = listed.rename(listed.with_name("list-2.json"))

    assert "1 unchanged" in ran(newer, "--list", "https://example.org/meetings.json").stdout
    assert db.session.query(MeetingSource).count() == 1


def test_a_dry_run_writes_nothing(clinic, listed):
    assert "Nothing was written. It would be: 1 new." in ran(listed, "--dry-run").stdout
    assert db.session.query(Meeting).count() == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("http://example.org/meetings.json?key=secret",), "The address must begin with https://"),
        (("nowhere.json",), "There is no file nowhere.json"),
        (("{listed}", "--fellowship", "teapots"), "teapots is no fellowship we know"),
        (("{listed}", "--zone", "Mountain"), '"Mountain" is no name of a time zone'),
    ],
)
def test_what_cannot_be_imported_is_refused_in_a_sentence(clinic, listed, words, sentence):
    with pytest.raises(Invalid) as refused:
        ran(*(word.format(listed=listed) for word in words))

    assert refused.value.sentence.startswith(sentence)


def test_a_list_is_read_from_the_web_before_the_database_is_looked_at(app, clinic, tmp_path):
    with ListSite(tmp_path) as site:
        app.extensions[source.EXTENSION] = site.fetcher()
        site.answer(body=json.dumps([row()]).encode())

        assert "1 new" in ran(site.url()).stdout
        assert "1 unchanged" in ran(site.url()).stdout
        del app.extensions[source.EXTENSION]

    db.session.rollback()
    assert db.session.query(MeetingSource).one().location == site.url()


def test_an_address_inside_is_never_asked(clinic):
    with pytest.raises(NotFetched, match="leads into a private network"):
        ran("https://127.0.0.1/meetings.json")


def test_an_unknown_organisation_is_refused(app, listed):
    make_organisation(slug="elsewhere")

    with pytest.raises(NotFound):
        ran(listed)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", "Name,Day,Time,Timezone,Address\nPorch,Monday,7:00 PM,America/Denver,9 Hook Lane\n"),
        (
            "group.ics",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Porch\nDTSTART;TZID=America/Denver:20260105T190000\n"
            "RRULE:FREQ=WEEKLY\nLOCATION:9 Hook Lane\nEND:VEVENT\nEND:VCALENDAR\n",
        ),
        (
            "bmlt.json",
            json.dumps(
                [{"id_bigint": "1", "meeting_name": "Porch", "weekday_tinyint": "2", "start_time": "19:00:00",
                  "time_zone": DENVER, "location_street": "9 Hook Lane", "formats": "O"}]
            ),
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_named", [True, False])
def test_every_dialect_comes_in_named_or_not(clinic, tmp_path, name, content, is_named):
    file = tmp_path / name
    file.write_text(content)
    beside = tmp_path / "formats.json"
    beside.write_text('[{"id": "17", "key_string": "O", "world_id": "OPEN", "lang": "en"}]')
    words = ["--format", {"csv": "csv", "ics": "ical", "json": "bmlt"}[file.suffix[1:]]] if is_named else []

    done = ran(file, *words, "--formats", beside)

    assert "1 new" in done.stdout
    meeting = db.session.query(Meeting).one()
    assert (meeting.name, f"{meeting.start_local:%a %H:%M}") == ("Porch", "Mon 19:00")
    assert meeting.is_open is (True if name == "bmlt.json" else None)


def test_a_file_that_is_not_of_the_dialect_named_is_refused(clinic, listed):
    with pytest.raises(Invalid, match="does not name the columns"):
        ran(listed, "--format", "csv")


def test_a_list_that_takes_much_away_changes_nothing_until_the_word_is_said(clinic, listed):
    ran(listed, "--zone", DENVER)
    listed.write_text(json.dumps([row()]), encoding="utf-8")

    with pytest.raises(Waits) as refused:
        ran(listed)
    db.session.rollback()
    assert refused.value.sentence == (
        "Nothing was changed: 1 of 2 meetings are no longer in the list. "
        "If that is right, import it again with --accept-removals."
    )
    assert {meeting.vanished_at for meeting in db.session.query(Meeting)} == {None}
    assert [run.state for run in db.session.query(ImportRun).order_by(ImportRun.at)] == ["done", "waiting"]

    assert "1 vanished" in ran(listed, "--accept-removals").stdout
    db.session.rollback()
    assert sorted(meeting.vanished_at is None for meeting in db.session.query(Meeting)) == [False, True]


def test_the_worker_can_be_told_to_read_a_list_every_day(clinic, listed, monday):
    ran(listed, "--zone", DENVER, "--every", "24")

    db.session.rollback()
    kept = db.session.query(MeetingSource).one()
    assert (kept.every_hours, kept.next_read_at) == (24, monday + timedelta(hours=24))


def test_a_file_that_the_worker_could_not_read_is_refused_before_it_comes_in(clinic, tmp_path):
    long = tmp_path / "long.json"
    with long.open("wb") as file:
        file.truncate(source.MOST_BYTES + 1)

    with pytest.raises(Invalid, match="may have 64 MB; this file is larger"):
        ran(long, "--every", "24")
    db.session.rollback()
    assert db.session.query(MeetingSource).count() == 0
    with long.open("wb") as file:
        file.write(json.dumps([row()]).encode())
        file.truncate(source.MOST_BYTES)
    assert not source.is_too_long_to_follow(str(long))


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/formats.json", "/formats.json"),
        ("/main_server/", "/main_server/client_interface/json/?switcher=GetFormats"),
    ],
)
def test_what_the_formats_of_a_bmlt_server_mean_is_read_from_the_web_too(app, clinic, tmp_path, path, asked):
    file = tmp_path / "bmlt.json"
    file.write_text(
        json.dumps(
            [{"id_bigint": "1", "meeting_name": "Porch", "weekday_tinyint": "2", "start_time": "19:00:00",
              "time_zone": DENVER, "location_street": "9 Hook Lane", "formats": "O"}]
        )
    )  # fmt: skip
    with ListSite(tmp_path) as site:
        app.extensions[source.EXTENSION] = site.fetcher()
        site.answer(asked, b'[{"id": "17", "key_string": "O", "world_id": "OPEN", "lang": "en"}]')
        ran(file, "--formats", site.url(path))
        del app.extensions[source.EXTENSION]

    assert [each for each, _headers in site.asked] == [asked]
    assert db.session.query(Meeting).one().is_open is True


def test_formats_are_never_asked_for_inside(clinic, listed):
    with pytest.raises(NotFetched, match="leads into a private network"):
        ran(listed, "--formats", "https://127.0.0.1/formats.json")


def test_a_list_that_cannot_be_found_again_is_not_read_every_day(clinic, listed):
    with pytest.raises(Invalid, match="needs an https address, or the whole path of a file"):
        ran(listed, "--list", "our list", "--every", "24")
