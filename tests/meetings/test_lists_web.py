import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import list_forms
from aftercare.meetings.exchange import importing, refresh, source
from aftercare.meetings.exchange.fetching import UNSEEN, Fetched
from aftercare.meetings.exchange.models import MeetingSource
from tests.factories import make_organisation, make_person
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.kept_lists import ADDRESS, HOME, a_file, live, newest_run, only_source, run_url, sent, taken, url
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def staff(client, clinic):
    return sign_in(client, make_person(clinic, role="manager"))


def test_an_organisation_without_lists_learns_what_they_are_for(staff):
    text = staff.get(HOME).text

    assert "No lists yet" in text
    assert f'href="{HOME}/new"' in text


def test_a_list_that_is_left_changes_nothing_and_can_be_removed(staff, clinic):
    sent(staff, row())
    run = newest_run()

    told = staff.post(run_url(run, "dismissal"), follow_redirects=True).text
    assert "All meetings stay as they are." in told
    assert "Remove this list" in told
    gone = staff.post(url(run.source_id, "stop"), follow_redirects=True).text

    assert "The list is removed." in gone
    assert db.session.scalars(select(MeetingSource)).all() == []


def test_an_address_is_kept_and_read_soon_and_never_asked_by_the_page(staff, clinic, monday):
    answer = staff.post(
        f"{HOME}/new",
        data={"way": "address", "address": f" {ADDRESS}?key=secret ", "name": "AA Denver", "fellowship": "na",
              "zone": "America/Denver", "dialect": "bmlt", "hours": "24"},
    )  # fmt: skip

    kept = only_source()
    assert (answer.status_code, answer.location) == (303, url(kept.id))
    assert (kept.location, kept.name, kept.fellowship, kept.zone, kept.format, kept.every_hours) == (
        f"{ADDRESS}?key=secret", "AA Denver", "na", "America/Denver", "bmlt", 24,
    )  # fmt: skip
    assert (kept.next_read_at, meetings(clinic)) == (monday, [])
    text = staff.get(url(kept.id)).text
    assert "The list is read in the next minute." in text
    assert "secret" not in text + staff.get(HOME).text


@pytest.mark.parametrize("odd", [{"name": "AA\0"}, {"address": f"{ADDRESS}#\0"}, {"hours": "9" * 5000}])
def test_what_no_database_can_keep_is_no_fault_of_ours(staff, odd):
    given = {"way": "address", "address": ADDRESS, "fellowship": "aa", "dialect": "auto", "hours": "24"}

    assert staff.post(f"{HOME}/new", data=given | odd).status_code in (303, 422)


class Site:
    """The open internet, on which there is one list."""

    def __init__(self, *said):
        self.said = said

    def fetch(self, address, *, seen):
        assert (address, seen) == (ADDRESS, UNSEEN)
        return Fetched(json.dumps(self.said).encode())


def test_what_the_worker_reads_first_waits_on_the_page_and_later_comes_in_by_itself(app, staff, clinic, hold, monday):
    typed = {"way": "address", "address": ADDRESS, "fellowship": "aa", "dialect": "auto", "hours": "24"}
    staff.post(f"{HOME}/new", data=typed)
    kept = only_source()
    app.extensions[source.EXTENSION] = Site(row(), row(slug="lamp"))
    refresh.read_due(clinic.id, kept.id)

    assert "The list would change meetings here: 2 new." in staff.get(url(kept.id)).text
    assert "Look at what would change" in staff.get(HOME).text
    taken(staff, newest_run())
    hold(monday + timedelta(hours=24))
    app.extensions[source.EXTENSION] = Site(row(name="Other"), row(slug="lamp"))
    refresh.read_due(clinic.id, kept.id)
    del app.extensions[source.EXTENSION]

    assert sorted(each.name for each in meetings(clinic)) == ["Other", "Porch Group"]
    text = sign_in(staff, make_person(clinic, role="manager")).get(url(kept.id)).text
    assert ("1 changed" in text, "2 new" in text, "waits for your word" in text) == (True, True, False)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"way": "address", "address": "http://lists.example.org/"}, "The address must begin with https://"),
    ({"way": "address", "address": "/etc/passwd"}, "The address must begin with https://"),
    ({"way": "address", "address": "file:///etc/passwd"}, "The address must begin with https://"),
    ({"way": "address", "address": ADDRESS, "fellowship": "teapots"}, "Choose from the list."),
    ({"way": "address", "address": ADDRESS, "dialect": "teapots"}, "Choose from the list."),
    ({"way": "address", "address": ADDRESS, "zone": "Mountain"}, "Choose from the list."),
    ({"way": "address", "address": ADDRESS, "hours": "now"}, "Choose from the list."),
    ({"way": "address", "address": ADDRESS, "hours": "9999"}, "Choose between 1 and 744 hours."),
    ({"way": "address", "address": ADDRESS, "name": "A" * 121}, "Use at most 120 characters."),
    ({"way": "file"}, "Choose a file."),
    ({"way": "file", "file": (b"<html>hello",)}, "This is a web page, not a meeting list"),
    ({"way": "file", "file": (b"",)}, "The file is empty."),
    ({"way": "file", "file": (b"\x00\xff\x17",)}, "This is no meeting list that we can read"),
    ({"way": "file", "file": (b'[{"name": "A"}]',)}, "None of the 1 rows could be taken."),
    ({"way": "file", "file": (b" " * (list_forms.MOST_BYTES + 1),)}, "The file is larger than 8 MB."),
]


def test_what_cannot_be_a_list_is_refused_in_a_sentence_and_keeps_nothing(staff, clinic):
    for given, sentence in WRONG:
        typed = {"fellowship": "aa", "dialect": "auto"} | given
        if "file" in given:
            typed["file"] = a_file(*given["file"])

        answer = staff.post(f"{HOME}/new", data=typed)

        assert (answer.status_code, sentence in answer.text) == (422, True), given.get("address", sentence)
        assert db.session.scalars(select(MeetingSource)).all() == []


def test_what_is_far_too_large_is_not_even_read(staff):
    answer = sent(staff, b" " * (16 * 1024 * 1024))

    assert (answer.status_code, "That is too large" in answer.text) == (413, True)


def test_a_list_that_is_there_is_not_added_again(staff, clinic):
    imported(clinic, row(), location=ADDRESS)
    sent(staff, row(slug="other"), name="Ours")

    by_address = staff.post(
        f"{HOME}/new", data={"way": "address", "address": ADDRESS, "fellowship": "aa", "dialect": "auto"}
    )
    by_name = sent(staff, row(), name="Ours")

    assert "You have this list already." in by_address.text
    assert "You have this list already." in by_name.text


def test_a_list_is_read_now_and_again_as_often_as_staff_say(staff, clinic, monday):
    imported(clinic, row(), location=ADDRESS)
    key = only_source().id

    for hours, told in (("168", "Every week"), ("", "Only when I ask"), ("9999", "Choose between 1 and 744 hours.")):
        assert told in staff.post(url(key, "pace"), data={"hours": hours}, follow_redirects=True).text
    staff.post(url(key, "reading"))

    assert (only_source().every_hours, only_source().next_read_at) == (None, clock.now())
    told = staff.post(url(key, "stop"), follow_redirects=True).text
    assert "The list is read no more. Its meetings stay." in told
    assert (only_source().next_read_at, live(clinic)) == (None, ["porch"])


def test_a_file_cannot_be_read_again_by_itself(staff, clinic):
    imported(clinic, row(), location="upload:aa")

    assert staff.post(url(only_source().id, "reading")).status_code == 422


def test_a_reading_that_did_not_work_is_told_in_a_sentence(staff, clinic):
    imported(clinic, row(), location=ADDRESS)
    with transaction():
        kept = importing.locked_source(clinic.id, ADDRESS, importing.remembered(clinic.id, ADDRESS))
        refresh.note_failure(kept, "lists.example.org cannot be reached.")
    key = only_source().id

    assert "lists.example.org cannot be reached." in staff.get(HOME).text
    assert "All meetings stay as they were. It is tried again" in staff.get(url(key)).text
    assert "No se puede llegar a lists.example.org." in staff.get(f"{url(key)}?lang=es").text


def test_a_list_that_is_not_there_is_not_found(staff):
    assert staff.get(url(uuid.uuid4())).status_code == 404
