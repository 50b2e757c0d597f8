import json

import pytest
from click.testing import CliRunner

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import cli
from aftercare.meetings.exchange import importing
from aftercare.meetings.exchange.models import MeetingSource
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.exchange.test_merging import SLUGS, rows

ADDRESS = "https://lists.example.org/meetings.json"


@pytest.fixture
def clinic(app, monday):
    return make_organisation(slug="riverbend")


def ran(*words):
    [group] = [each for each in cli.commands(lambda command: command) if each.name == "list"]
    with transaction():
        done = CliRunner().invoke(group, [*map(str, words), "--organisation", "riverbend"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    db.session.rollback()
    return done.stdout


def live(clinic):
    return len([each for each in meetings(clinic) if each.vanished_at is None])


def test_the_lists_are_shown_to_people_and_to_scripts(clinic):
    imported(clinic, row(notes="2nd Monday only"), location=f"{ADDRESS}?key=secret")

    [told] = json.loads(ran("show", "--json"))
    assert (told["name"], told["meetings"], told["suggestions"], told["waiting"]) == (ADDRESS, 1, 1, None)
    assert ran("show").splitlines() == [
        f"{told['id']}  {ADDRESS}: 1 meetings; 1 suggestions",
        "    read 2026-11-02 17:00 UTC; not read again by itself",
    ]


def test_what_waits_is_shown_and_taken_or_thrown_away(clinic):
    imported(clinic, *rows(), location="list")
    for word, left in (("dismiss", len(SLUGS)), ("accept", 5)):
        imported(clinic, *[row(slug=slug) for slug in SLUGS[:5]], location="list", dry_run=False)
        with transaction():
            content = json.dumps([row(slug=slug) for slug in SLUGS[:5]]).encode()
            importing.look_ahead(clinic, content, location="list")
        assert "waits for your word" in ran("show")
        assert json.loads(ran("waiting", "list"))["counts"]["vanished"] == len(SLUGS) - 5

        ran(word, "list")
        assert live(clinic) == left

    with pytest.raises(NotFound, match="Nothing of this list waits"):
        ran("accept", "list")


def test_the_last_reading_is_undone(clinic):
    imported(clinic, row(), location="list")
    assert "done: 1 rows. Meetings: 1 new." in ran("readings", "list")

    assert ran("undo", "list") == "Undone: the reading of 2026-11-02 17:00 UTC.\n"

    assert (live(clinic), json.loads(ran("readings", "list", "--json"))[0]["state"]) == (0, "undone")
    with pytest.raises(NotFound, match="can be undone"):
        ran("undo", "list")


def test_a_list_is_read_soon_and_as_often_as_it_is_said(clinic, monday):
    imported(clinic, row(), location=ADDRESS)
    key = db.session.query(MeetingSource.id).scalar()

    assert ran("every", ADDRESS, "24") == "It is read every 24 hours.\n"
    assert ran("read", key) == "The worker reads it in the next minute.\n"
    kept = db.session.query(MeetingSource).one()
    assert (kept.every_hours, kept.next_read_at) == (24, monday)
    assert ran("every", ADDRESS, "never") == "It is read no more by itself.\n"
    with pytest.raises(Invalid, match="or never"):
        ran("every", ADDRESS, "often")


def test_suggestions_are_taken_or_left(clinic):
    imported(clinic, row(notes="2nd Monday only"), row(slug="lamp", notes="1st Monday only"))
    first, second = json.loads(ran("suggestions", "--json"))
    assert f'{first["id"]}  {first["meeting"]}: "{first["note"]}" {first["rule"]}' in ran("suggestions")

    assert first["rule"] in ran("take", first["id"])
    ran("leave", second["id"])

    assert ran("suggestions") == ""
    with pytest.raises(Conflict, match="settled this already"):
        ran("take", second["id"])


def test_a_list_that_is_not_there_is_refused(clinic):
    with pytest.raises(NotFound, match="no such list"):
        ran("undo", "elsewhere")
