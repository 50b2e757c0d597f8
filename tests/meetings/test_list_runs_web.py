import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import local_edits
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation, make_person
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.exchange.test_merging import SLUGS, rows
from tests.meetings.kept_lists import ADDRESS, a_file, live, newest_run, only_source, run_url, sent, taken, url
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def staff(client, clinic):
    return sign_in(client, make_person(clinic, role="manager"))


def test_a_file_is_shown_before_anything_comes_in_and_then_comes_in_as_it_was_shown(staff, clinic):
    answer = sent(staff, row(), row(slug="late", time="25:00"))
    run = newest_run()
    assert (answer.status_code, answer.location) == (303, run_url(run))
    text = staff.get(run_url(run)).text
    for words in (
        "This would change",
        "Porch Group",
        "Every Monday at 7:00",
        "1 row was left out",
        "<b>1</b>row left out",
        "The time cannot be read",
    ):
        assert words in text
    assert meetings(clinic) == []

    told = taken(staff, run).text

    assert "Taken over: 1 new. Undo puts it all back." in told
    assert (live(clinic), newest_run().state, newest_run().body) == (["porch"], "done", None)


def test_the_same_file_again_changes_nothing_and_a_newer_one_waits(staff, clinic):
    sent(staff, row())
    taken(staff, newest_run())
    key = only_source().id

    again = staff.post(url(key, "file"), data={"file": a_file(row())}, follow_redirects=True)
    newer = staff.post(url(key, "file"), data={"file": a_file(row(name="Other", day=3))}, follow_redirects=True)

    assert "The file changes nothing" in again.text
    for words in ("1 meeting says something else", "<del>", "Every Monday at 7:00", "Every Wednesday at 7:00"):
        assert words in newer.text
    assert [each.name for each in meetings(clinic)] == ["Porch Group"]


def test_a_list_that_takes_much_away_says_so_first(staff, clinic):
    imported(clinic, *rows(), location="upload:aa")
    staff.post(url(only_source().id, "file"), data={"file": a_file(*[row(slug=each) for each in SLUGS[:5]])})
    run = newest_run()

    text = staff.get(run_url(run)).text

    assert "More than a fifth of the meetings would go" in text
    assert f"5 of {len(SLUGS)} meetings are no longer in the list." in text
    assert len(live(clinic)) == len(SLUGS)
    taken(staff, run)
    assert len(live(clinic)) == 5


def test_taking_and_leaving_count_once(staff, clinic):
    sent(staff, row())
    run = newest_run()
    taken(staff, run)

    again = staff.post(run_url(run, "acceptance"), data={"seen": "x"}, follow_redirects=True)
    left = staff.post(run_url(run, "dismissal"), follow_redirects=True)

    assert "This waits no longer" in again.text
    assert "This waits no longer" in left.text
    assert live(clinic) == ["porch"]


def test_what_was_not_seen_is_not_taken_but_shown_as_it_is_now(staff, clinic):
    imported(clinic, *rows(), location="upload:aa")
    staff.post(url(only_source().id, "file"), data={"file": a_file(*[row(slug=s, name="Theirs") for s in SLUGS])})
    run = newest_run()
    staff.get(run_url(run))
    with transaction():
        ours = db.session.scalars(select(Meeting).where(Meeting.source_key == SLUGS[0])).one()
        local_edits.change(ours, {"name": "Ours"}, by=None)

    told = taken(staff, run)

    assert "The meetings have changed since this was shown." in told.text
    assert "yours stays: Ours" in told.text
    assert {each.name for each in meetings(clinic)} == {"Porch Group", "Ours"}
    assert "Taken over" in taken(staff, run).text


def test_a_reading_is_undone_and_says_what_that_brings_back(staff, clinic):
    sent(staff, row())
    run = newest_run()
    taken(staff, run)
    assert "1 meeting that came in is taken off." in staff.get(run_url(run)).text

    first = staff.post(run_url(run, "undoing"), follow_redirects=True).text
    second = staff.post(run_url(run, "undoing"), follow_redirects=True).text

    assert "Everything is as it was before." in first
    assert "This was undone already" in second
    assert live(clinic) == []
    assert "Gone since" in staff.get(url(run.source_id, "gone")).text


def test_the_pages_are_whole_in_spanish(staff, clinic):
    imported(clinic, row(notes="2nd Monday only"), location="upload:aa")
    staff.post(url(only_source().id, "file"), data={"file": a_file(row(day=3), row(slug="late", time="25:00"))})
    run = newest_run()

    text = staff.get(f"{run_url(run)}?lang=es").text

    for words in ("Esto cambiaría", "<b>1</b>cambiada<", "Todos los miércoles a las 7:00", "No se entiende la hora"):
        assert words in text
    assert "El segundo lunes de cada mes" in staff.get(f"{url(run.source_id, 'suggestions')}?lang=es").text


def test_the_whole_report_is_there_as_a_file(staff, clinic):
    sent(staff, row(), row(slug="late", time="25:00"))

    given = staff.get(run_url(newest_run(), "report.json"))

    assert given.headers["Content-Disposition"] == 'attachment; filename="report.json"'
    assert [each["slug"] for each in given.json["findings"]] == ["late"]


def test_the_report_keeps_the_key_of_an_address_to_itself(staff, clinic):
    imported(clinic, row(), location=f"{ADDRESS}?key=secret")

    assert staff.get(run_url(newest_run(), "report.json")).json["source"] == ADDRESS
