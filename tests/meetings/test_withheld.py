from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.meetings import answer_links, changes, drafts, form_filled
from aftercare.meetings.models import Meeting
from tests.calendars.devices import fetch, subscribe
from tests.conftest import MONDAY
from tests.factories import make_member, make_organisation, make_person, make_rsvp
from tests.meetings.serial import dates, edit, publish, say_yes
from tests.programs import Program
from tests.signing_in import sign_in

SECRETS = ("canary.example", "7205550123", "canary words")
JOIN = {"join_url": "https://canary.example/7", "join_phone": "+17205550123", "join_notes": "canary words"}
ANSWERS = ("maybe", "waitlisted", "offered", "declined", "cancelled", "going")
BOX = "Show how to join only to people who said they come"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def group_of(clinic, **given):
    return publish(clinic, **JOIN | {"attendance": "online", "is_open": True, "is_join_withheld": True} | given)


def told(page):
    # A calendar breaks its lines anywhere.
    said = page.get_data(as_text=True).replace("\r\n ", "")
    return sum(word in said for word in SECRETS)


def link_to(date, person):
    with transaction():
        return "/r/" + answer_links.create(date.organisation_id, date.id, person.id)


def seen_by(client, group, person):
    """Say how much of how to join a patient reads on the page, in their week, behind a link, and in calendars."""
    link = link_to(dates(group)[0], person)
    calendars = [fetch(client, subscribe(person, level)) for level in ("full", "discreet", "busy")]
    sign_in(client, person)
    return [told(each) for each in (client.get(f"/m/{group.id}"), client.get("/week"), client.get(link), *calendars)]


def test_only_who_said_yes_to_a_date_is_told_how_to_join_it(client, clinic):
    group = group_of(clinic)
    date = dates(group)[0]
    people = {answer: make_person(clinic) for answer in ("none", *ANSWERS)}
    for answer, person in people.items():
        make_member(group, person)
        if answer != "none":
            until = MONDAY + timedelta(hours=4) if answer == "offered" else None
            make_rsvp(date, person, status=answer, offered_until=until, position=1)

    seen = {answer: seen_by(client, group, person) for answer, person in people.items()}

    assert seen == dict.fromkeys(people, [0] * 6) | {"going": [3, 3, 3, 3, 0, 0]}


def test_a_yes_to_one_date_tells_nothing_in_the_entries_of_the_others(client, clinic):
    group, ana = group_of(clinic), make_person(clinic)
    make_member(group, ana)
    say_yes(dates(group)[1], ana)

    calendar = fetch(client, subscribe(ana)).text.replace("\r\n ", "")

    assert [SECRETS[0] in entry for entry in calendar.split("BEGIN:VEVENT")[1:]] == [False, True] + [False] * 8


def test_staff_know_how_to_join_and_other_organisations_do_not(client, clinic):
    group = group_of(clinic)
    people = [make_person(clinic, role="counsellor"), make_person(clinic, role="support"), make_person()]

    assert [told(sign_in(client, each).get(f"/m/{group.id}")) for each in people] == [3, 0, 0]


@pytest.mark.parametrize("is_withheld", [True, False])
def test_nothing_that_anybody_can_read_tells_what_is_withheld(client, clinic, is_withheld):
    group = group_of(clinic, is_join_withheld=is_withheld)
    list_of = f"/o/{clinic.slug}/meetings"
    paths = [f"/m/{group.id}", f"/m/{group.id}.ics", f"/m/{group.id}/dates/2026-11-03.ics"]
    paths += [list_of + end for end in (".ics", ".ics?day=tue", ".json", ".csv", "/find.json", "/print")]
    pages = [client.get(path) for path in (*paths, f"{list_of}/embed")]
    program = Program(client, clinic)
    found = [program.get(path) for path in (f"/meetings/{group.id}", "/meetings", "/meetings/search")]

    assert {each.status_code for each in (*pages, *found)} == {200}
    assert all(told(each) for each in (*pages[:-1], *found)) is not is_withheld
    assert any(told(each) for each in (*pages, *found)) is not is_withheld


def test_an_answer_brings_it_to_the_page_at_once_and_another_takes_it_away(client, clinic):
    group, ana = group_of(clinic), make_person(clinic)
    date = dates(group)[0]
    sign_in(client, ana)
    calendar, where = subscribe(ana), f"/m/{group.id}/dates/{date.id}/answer"

    seen = []
    for answer in ("maybe", "yes", "no"):
        swapped = client.post(where, data={"answer": answer}, headers={"HX-Request": "true"})
        behind = client.post(link_to(date, ana), data={"answer": answer})
        seen.append([told(each) for each in (swapped, behind, fetch(client, calendar))])

    assert seen == [[0, 0, 0], [3, 3, 3], [0, 0, 0]]


def test_a_date_that_is_called_off_tells_nobody_any_more(client, clinic):
    group, ana = group_of(clinic), make_person(clinic)
    date = dates(group)[0]
    say_yes(date, ana)
    assert seen_by(client, group, ana) == [3, 3, 3, 3, 0, 0]

    with transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=None)

    assert seen_by(client, group, ana) == [0] * 6


def test_what_is_withheld_later_leaves_calendars_and_the_finder_at_once(client, clinic):
    group, ana, ben = group_of(clinic, is_join_withheld=False), make_person(clinic), make_person(clinic)
    make_member(group, ben)
    say_yes(dates(group)[0], ana)
    paths = [subscribe(ana), subscribe(ben), f"/m/{group.id}.ics", f"/o/{clinic.slug}/meetings/find.json"]
    assert [told(fetch(client, path)) for path in paths] == [3] * 4

    edit(group, is_join_withheld=True)

    assert [told(fetch(client, path)) for path in paths] == [3, 0, 0, 0]


def test_staff_tick_it_in_the_editor_and_read_of_it_in_the_history(client, clinic):
    group = group_of(clinic, is_join_withheld=False)
    sign_in(client, make_person(clinic, role="counsellor"))
    where, filled = f"/staff/meetings/{group.id}", form_filled.filled(drafts.of(group)) | {"scope": "all", "from": ""}
    assert BOX in client.get(f"{where}/edit").text

    client.post(f"{where}/edit", data=filled | {"withheld": "yes"})

    db.session.rollback()
    assert db.session.scalars(select(Meeting.is_join_withheld)).all() == [True]
    assert 'value="yes" checked' in client.get(f"{where}/edit").text
    assert f"{BOX}: Yes" in client.get(f"{where}/history").text
    client.post(f"{where}/edit", data={name: each for name, each in filled.items() if name != "withheld"})
    db.session.rollback()
    assert db.session.scalars(select(Meeting.is_join_withheld)).all() == [False]


def test_programs_say_it_and_read_whether_it_is_so(client, clinic):
    program = Program(client, clinic)
    group = group_of(clinic, is_join_withheld=False)
    where = f"/meetings/{group.id}"

    changed = program.patch(where, {"is_join_withheld": True}).json
    back = program.patch(where, {"is_join_withheld": False}).json

    assert (changed["is_join_withheld"], changed["join_url"]) == (True, "")
    assert (back["is_join_withheld"], back["join_url"]) == (False, JOIN["join_url"])


def test_a_listing_cannot_withhold_it_for_nobody_says_yes_there(clinic):
    with pytest.raises(Invalid) as refusal:
        group_of(clinic, kind="fellowship")

    assert set(refusal.value.fields) == {"is_join_withheld"}
