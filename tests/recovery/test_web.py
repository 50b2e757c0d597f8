import re
from datetime import date, datetime

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db
from aftercare.recovery import awards, outreach, progress
from aftercare.recovery.models import Goal
from tests.factories import make_member, make_occurrence, make_person, make_rsvp
from tests.recovery.deeds import came, date_of, do
from tests.signing_in import sign_in

FORBIDDEN = r"broken|lost|failed|reset|no-show|no show|absent|zero|perdid[oa]|fallaste|rot[oa]|falló"


@pytest.fixture
def phone(client, ana):
    return sign_in(client, ana)


@pytest.fixture
def desk(client, clinic):
    return sign_in(client, make_person(clinic, role="counsellor"))


def words(page):
    """Give what a reader sees, without marks."""
    main = page.text.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_my_week_says_meetings_first_then_weeks_this_week_and_the_streak(phone, group, ana):
    came(group, ana, 3, 2, 1)
    came(group, ana, 0)

    said = words(phone.get("/week"))

    order = ["4 meetings in all", "4 weeks on your goal", "This week: 1 of 1", "You came 4 weeks in a row."]
    assert [said.index(each) for each in order] == sorted(said.index(each) for each in order)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("weeks", [(), (9, 8), (5, 4, 1)])
def test_my_week_never_counts_against_anybody(phone, group, ana, language, weeks):
    make_member(group, ana)
    came(group, ana, *weeks)
    for week in {7, 6, 3, 2} - set(weeks):
        date_of(group, week, roll="final")

    page = phone.get(f"/week?lang={language}")

    assert page.status_code == 200
    assert re.findall(rf"\b(?:{FORBIDDEN})\b", page.text, re.IGNORECASE) == []
    assert re.findall(r"\b0 (?:of|meeting|week|de|reuni|semana|visita)", words(page)) == []


def test_the_next_date_can_be_answered_from_the_week(phone, group, ana):
    friday = make_occurrence(group, starts=datetime(2026, 11, 6, 18, 0))
    make_member(group, ana)
    page = phone.get("/week")
    action = re.search(r'action="(/m/[^"]+/answer[^"]*)"', page.text)
    assert action

    answer = phone.post(action[1], data={"answer": "yes"})

    assert (answer.status_code, answer.location) == (303, "/week")
    assert "You said you'll be there." in words(phone.get("/week")).replace("&#39;", "'")
    assert str(friday.id) in action[1]


def test_a_cancelled_date_is_not_next_but_is_told(phone, group, ana):
    make_member(group, ana)
    make_occurrence(group, starts=datetime(2026, 11, 5, 18, 0), status="cancelled")
    make_occurrence(group, starts=datetime(2026, 11, 12, 18, 0))

    said = words(phone.get("/week"))

    assert said.index("November 12") < said.index("Coming up") < said.index("Cancelled")


def test_the_door_is_shown_while_it_is_open(phone, group, ana, hold):
    tonight = date_of(group)
    make_rsvp(tonight, ana)
    hold(tonight.starts_at)

    assert "check in" in words(phone.get("/week"))


def test_milestones_are_shown(phone, group, ana):
    came(group, ana, 5, 4, 3, 2, 1)
    do(awards.note, ana)

    page = phone.get("/week")

    assert "5" in words(page)
    assert page.text.count('class="medal') >= 3


def test_the_week_of_another_patient_is_not_seen(phone, group, clinic):
    came(group, make_person(clinic), 1, 2)

    assert "meetings in all" not in words(phone.get("/week"))


def test_weeks_in_a_row_can_be_hidden_and_shown(phone, group, ana):
    came(group, ana, 1)
    assert "in a row" in words(phone.get("/week"))

    phone.post("/week/streak", data={"show": "no"})
    hidden = words(phone.get("/week"))
    phone.post("/week/streak", data={"show": "yes"})

    assert "You came 1 week in a row" not in hidden
    assert "1 meeting in all" in hidden
    assert "You came 1 week in a row" in words(phone.get("/week"))


def test_a_goal_is_chosen_on_the_page(phone, ana):
    assert 'name="goal"' in phone.get("/week/goal").text

    answer = phone.post("/week/goal", data={"goal": "3", "week_start": "6"})

    db.session.rollback()
    path = progress.find_path(ana)
    assert (answer.status_code, answer.location) == (303, "/week")
    assert (progress.goal_of(ana), path.week_start if path else None) == (3, 6)


@pytest.mark.parametrize("goal", ["", "0", "22", "-1", "two", "99999999999999999999"])
def test_a_goal_that_nobody_can_mean_is_asked_for_again(phone, ana, goal):
    answer = phone.post("/week/goal", data={"goal": goal, "week_start": "0"})

    assert answer.status_code == 422
    assert "Choose 1 to 21 meetings a week." in answer.text
    assert len(db.session.scalars(select(Goal)).all()) == 1


def test_a_week_that_begins_on_no_day_changes_nothing(phone, ana):
    answer = phone.post("/week/goal", data={"goal": "3", "week_start": "9"})

    db.session.rollback()
    assert (answer.status_code, progress.goal_of(ana)) == (422, 1)


def test_a_pause_is_begun_and_ended(phone, ana):
    phone.post("/week/pause", data={"days": "14"})
    assert "You are on a pause until" in phone.get("/week/goal").text
    assert progress.paused_until(ana) == date(2026, 11, 17)

    phone.post("/week/pause/end")

    assert "Pause for 1 week" in phone.get("/week/goal").text


@pytest.mark.parametrize("address", ["/week", "/week/goal"])
def test_only_patients_have_a_week(client, clinic, address):
    assert client.get(address).status_code == 401
    assert sign_in(client, make_person(clinic, role="counsellor")).get(address).status_code == 403


def test_a_task_is_closed_with_what_came_of_it(desk, clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1", person_id=ana.id)
    page = desk.get(f"/staff/tasks/{task.id}")
    assert "Asked for a call" in page.text

    desk.post(f"/staff/tasks/{task.id}", data={"outcome": "reached"})

    db.session.rollback()
    assert outreach.get_task(clinic.id, task.id).outcome == "reached"
    assert "This is done." in desk.get(f"/staff/tasks/{task.id}").text


def test_looking_at_a_task_is_noted_with_whom_it_is_about(desk, clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1", person_id=ana.id)

    desk.get(f"/staff/tasks/{task.id}")

    db.session.rollback()
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "task.seen")).all()
    assert [row.person_id for row in noted] == [ana.id]


def test_a_task_without_an_outcome_stays_open(desk, clinic):
    task = do(outreach.open_task, clinic.id, "call", once="1")

    answer = desk.post(f"/staff/tasks/{task.id}", data={})

    assert answer.status_code == 422
    assert [each.id for each in outreach.open_tasks(clinic.id)] == [task.id]


def test_staff_of_another_organisation_find_no_such_task(client, clinic):
    task = do(outreach.open_task, clinic.id, "call", once="1")
    stranger = sign_in(client, make_person(role="counsellor"))

    assert stranger.get(f"/staff/tasks/{task.id}").status_code == 404
    assert stranger.post(f"/staff/tasks/{task.id}", data={"outcome": "done"}).status_code == 404


def test_a_patient_sees_no_tasks(phone, clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1", person_id=ana.id)

    assert phone.get(f"/staff/tasks/{task.id}").status_code == 403
