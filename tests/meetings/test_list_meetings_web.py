import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import local_edits
from aftercare.meetings.exchange.models import RuleSuggestion
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation, make_person
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.kept_lists import only_source, url
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def staff(client, clinic):
    return sign_in(client, make_person(clinic, role="manager"))


def test_a_suggestion_is_taken_or_left(staff, clinic):
    imported(clinic, row(notes="2nd and 4th Mondays only"), row(slug="odd", notes="Meets every other Monday only"))
    key, page = only_source().id, url(only_source().id, "suggestions")
    found = {each.rule is None: each.id for each in db.session.scalars(select(RuleSuggestion))}
    text = staff.get(page).text
    for words in ("2nd and 4th Mondays only", "Then: The second and fourth Monday of every month", "Change it by hand"):
        assert words in text

    told = staff.post(f"{page}/{found[False]}/taking", follow_redirects=True).text
    assert "The meeting now is: The second and fourth Monday of every month" in told
    assert "Somebody has settled this already." in staff.post(
        f"{page}/{found[False]}/taking", follow_redirects=True
    ).text  # fmt: skip
    told = staff.post(f"{page}/{found[True]}/dismissal", follow_redirects=True).text

    assert "No note speaks of dates" in told
    assert "What you say instead of the list" in staff.get(url(key)).text


def test_what_we_say_instead_is_shown_and_the_lists_word_taken_back(staff, clinic):
    imported(clinic, row())
    with transaction():
        local_edits.change(db.session.scalars(select(Meeting)).one(), {"name": "Ours", "is_open": False}, by=None)
    meeting = meetings(clinic)[0]
    page = url(meeting.source_id, "edits")
    text = staff.get(page).text
    for words in ("You: Ours", "The list: Porch Group", "You: Only people who belong to it", "The list: Everybody"):
        assert words in text

    told = staff.post(f"{page}/{meeting.id}", data={"field": "name"}, follow_redirects=True).text
    again = staff.post(f"{page}/{meeting.id}", data={"field": "name"}, follow_redirects=True).text

    assert "The list&#39;s word holds again." in told
    assert "Here the list&#39;s word holds already." in again
    assert (meetings(clinic)[0].name, list(meetings(clinic)[0].local_edits)) == ("Porch Group", ["is_open"])
