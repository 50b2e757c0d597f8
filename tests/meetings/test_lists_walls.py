import pytest
from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings.exchange import runs
from aftercare.meetings.exchange.models import MeetingSource
from tests.factories import make_organisation, make_person
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings
from tests.meetings.kept_lists import ADDRESS, HOME, a_file, newest_run, something_of, url
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def staff(client, clinic):
    return sign_in(client, make_person(clinic, role="manager"))


def test_nothing_of_another_organisation_can_be_seen_or_touched(staff, clinic):
    other = make_organisation()
    paths = something_of(other)
    data = {"field": "name", "hours": "24", "seen": runs.mark(newest_run().report)}

    answers = {path: getattr(staff, way)(path, **({"data": data} if way == "post" else {})) for way, path in paths}
    [sends] = [path for _way, path in paths if path.endswith("/file")]
    answers["with a file"] = staff.post(sends, data={"file": a_file(row())})

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 404} == {}
    assert (newest_run().state, meetings(other)[0].name, meetings(clinic)) == ("waiting", "Ours", [])
    assert ADDRESS not in staff.get(HOME).text


def test_a_reading_is_shown_under_its_own_list_alone(staff, clinic):
    something_of(clinic)
    run = newest_run()
    imported(clinic, row(slug="else"), location="upload:else")
    [other] = [each.id for each in db.session.scalars(select(MeetingSource)) if each.id != run.source_id]

    assert staff.get(url(other, "runs", run.id)).status_code == 404
    ours = next(each.id for each in meetings(clinic) if each.local_edits)
    assert staff.post(url(other, "edits", ours), data={"field": "name"}).status_code == 404


@pytest.mark.parametrize("role", ["patient", "counsellor"])
def test_only_managers_and_admins_keep_lists(client, clinic, role):
    paths = [("get", HOME), ("get", f"{HOME}/new"), ("post", f"{HOME}/new"), *something_of(clinic)]
    browser = sign_in(client, make_person(clinic, role=role))

    assert {getattr(browser, way)(path).status_code for way, path in paths} == {403}
    assert f'href="{HOME}"' not in browser.get("/staff" if role == "counsellor" else "/week").text


def test_a_forged_post_changes_nothing(staff, clinic, app):
    paths = [path for way, path in something_of(clinic) if way == "post"]
    app.config["WTF_CSRF_ENABLED"] = True

    assert {staff.post(path, data={"seen": "", "hours": "24"}).status_code for path in [f"{HOME}/new", *paths]} == {400}
    app.config["WTF_CSRF_ENABLED"] = False
    assert newest_run().state == "waiting"
