from datetime import UTC, date, datetime

import pytest

from aftercare.core.db import transaction
from aftercare.meetings import closures
from aftercare.meetings.closures import Plan
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.factories import make_meeting, make_occurrence, make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation(slug="riverbend", name="Riverbend")
    imported(
        organisation,
        row(),
        row(slug="lamp", name="Lamplight", day=2, types=["C", "ST", "X"]),
        row(slug="screen", name="Screen Group", day=3, types=["O", "ONL"], conference_url="https://zoom.us/j/123"),
    )
    return organisation


def get(client, path="/print", language="en"):
    return client.get(f"/o/riverbend/meetings{path}", headers={"Accept-Language": language})


def shows(answer, *words):
    return [word for word in words if word not in answer.text]


def test_the_print_shows_seven_days_each_with_its_whole_date(client, clinic):
    answer = get(client)

    assert answer.status_code == 200
    assert shows(answer, "Monday, November 2, 2026", "Porch Group", "7:00 PM", "77 Copperleaf Way") == []
    assert shows(answer, "Tuesday, November 3, 2026", "Lamplight", "Wednesday, November 4, 2026") == []
    assert shows(answer, "All times are Mountain Time.") == []
    assert "Today" not in answer.text.split('class="sheet')[1]


def test_the_print_begins_with_the_whole_day_however_late_it_is_made(client, clinic, hold):
    hold(datetime(2026, 11, 3, 4, 30, tzinfo=UTC))

    assert "Porch Group" in get(client).text


def test_kinds_are_marks_and_a_legend_names_each_that_is_used_and_no_other(client, clinic):
    answer = get(client)

    assert "(C, ST, X)</p>" in answer.text
    legend = [each.split("</dt>")[0] for each in answer.text.split("<dt>")[1:]]
    assert legend == ["C", "O", "ST", "X"]
    assert shows(answer, "<dd>Step Study</dd>", "<dd>Wheelchair Access</dd>", "Alcoholics Anonymous.") == []


def test_a_code_that_two_fellowships_read_differently_gets_two_marks(client, app, monday):
    organisation = make_organisation(slug="riverbend")
    imported(organisation, row(types=["B"]), location="aa")
    imported(organisation, row(slug="money", types=["B"]), location="da", defaults=FeedDefaults(fellowship="da"))
    answer = get(client)

    assert shows(answer, "(AA, B)</p>", "(DA, B DA)</p>", "<dd>Big Book</dd>", "<dd>Business Owners</dd>") == []
    assert shows(answer, "<dd>Alcoholics Anonymous</dd>", "<dd>Debtors Anonymous</dd>") == []


def test_an_online_meeting_prints_its_link_as_text(client, clinic):
    assert "https://zoom.us/j/123" in get(client).text


def test_the_link_of_a_group_that_is_not_open_to_all_is_never_printed(client, clinic):
    group = make_meeting(clinic, name="Our Group", attendance="online", join_url="https://secret.example/j/9")
    make_occurrence(group)
    answer = get(client)

    assert "Our Group" in answer.text
    assert "secret.example" not in answer.text


def test_a_cancelled_date_says_so(client, clinic):
    make_occurrence(make_meeting(clinic, name="Our Group"), status="cancelled")

    assert "<b>Cancelled</b>" in get(client).text


def test_what_is_closed_for_a_time_says_so_on_its_days(client, clinic):
    plan = Plan(scope="organisation", first_day=date(2026, 11, 3), last_day=date(2026, 11, 3))
    with transaction():
        closures.close(clinic.id, plan, by=None)
    answer = get(client)

    assert answer.text.count("<b>Cancelled</b>") == 1
    assert answer.text.index("Porch Group") < answer.text.index("<b>Cancelled</b>") < answer.text.index("Screen Group")


def test_meetings_by_appointment_come_last(client, clinic):
    imported(clinic, row(slug="call", name="Call First", day=..., time=...), location="more")
    answer = get(client)

    assert answer.text.index("Screen Group") < answer.text.index("By appointment") < answer.text.index("Call First")


def test_paper_goes_by_day_and_hour_whatever_the_finder_was_sorted_by(client, clinic):
    answer = get(client, "/print?near=39.74,-104.98&within=50&sort=distance")

    assert answer.status_code == 200
    assert "sort=distance" not in answer.text.split("<article")[1]


def test_a_place_that_nobody_knows_is_said(client, clinic):
    assert get(client, "/print?near=Nowhereville").status_code == 422


def test_the_print_speaks_spanish(client, clinic):
    answer = get(client, language="es-MX")

    assert '<html lang="es">' in answer.text
    assert (
        shows(answer, "lunes, 2 de noviembre de 2026", "<dd>Estudio de pasos</dd>", "Qué quieren decir las letras")
        == []
    )


def test_what_was_chosen_in_the_finder_is_chosen_on_paper(client, clinic):
    answer = get(client, "/print?day=tue&type=ST")

    assert "Lamplight" in answer.text
    assert "Porch Group" not in answer.text


def test_large_print_is_an_address_of_its_own(client, clinic):
    assert 'class="sheet large"' in get(client, "/print?size=large").text
    assert "size=large" in get(client, "/print?size=large").text.split("meetings.pdf?")[1][:40]


def test_the_foot_gives_the_address_of_the_newest_list_a_code_for_it_and_the_day_of_printing(client, clinic):
    answer = get(client)

    assert (
        shows(answer, "http://localhost/o/riverbend/meetings</span>", 'class="qr"', "Printed Monday, November 2, 2026.")
        == []
    )


def test_a_choice_that_is_not_offered_is_said(client, clinic):
    answer = get(client, "/print?day=noday")

    assert answer.status_code == 422
    assert "Choose from the list." in answer.text


def test_a_page_that_does_not_exist_is_said(client, clinic):
    assert get(client, "/print?after=nonsense").status_code == 422


def test_a_list_longer_than_a_print_goes_on_with_the_next(client, clinic):
    every_day = (row(slug=f"row-{n}", name=f"Group {n}", day=[*range(7)], time="08:00") for n in range(145))
    imported(clinic, *every_day, location="more")
    first = get(client)
    following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get(following)

    assert "This list is long." in first.text
    assert [first.text.count('class="time"'), second.text.count('class="time"')] == [1000, 18]
    assert "This list is long." not in second.text


def test_a_long_list_takes_as_many_statements_as_a_short_one(client, clinic, statements):
    short = statements(lambda: get(client))
    imported(
        clinic, *(row(slug=f"row-{n}", name=f"Group {n}", day=n % 7, time="08:00") for n in range(60)), location="more"
    )
    long = statements(lambda: get(client))

    assert get(client).text.count('class="time"') == 63
    assert long == short <= 12


def test_the_finder_leads_to_the_print_with_the_same_choices(client, clinic):
    answer = client.get("/o/riverbend/meetings?day=tue&type=ST")

    assert 'href="/o/riverbend/meetings/print?day=tue&amp;type=ST"' in answer.text
    assert "Print this list" in answer.text
