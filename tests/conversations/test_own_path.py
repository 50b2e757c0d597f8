from datetime import date, datetime, timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.people import accounts
from aftercare.people.models import Organisation
from aftercare.recovery import progress
from tests.conversations.texting import kinds, text
from tests.factories import make_attendance, make_meeting, make_occurrence, make_organisation, make_person

FORBIDDEN = ("0", "zero", "broken", "lost", "failed", "reset", "cero", "perd", "rot")


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


def came(person, *weeks):
    """Let somebody have come on Mondays, so many weeks ago."""
    meeting = make_meeting(organisation_of(person))
    for week in weeks:
        starts = datetime(2026, 11, 2, 8, 0) - timedelta(weeks=week)
        make_attendance(make_occurrence(meeting, starts=starts, roll="final"), person)


def organisation_of(person):
    return db.session.get(Organisation, person.organisation_id)


def fresh(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def test_the_streak_is_one_line(ana):
    text(ana, "GOAL 2")
    came(ana, 0, 1, 2, 3)

    (said,) = text(ana, "STREAK")

    assert said.body == "Total visits: 4. Weeks on your goal: 4. This week: 1 of 1. Weeks in a row: 4."


def test_the_streak_is_said_in_spanish_and_without_what_somebody_hides(clinic):
    ana = make_person(clinic, language="es")
    came(ana, 0, 1)
    hide_streak(ana)

    (said,) = text(ana, "RACHA")

    assert said.body == "Total de visitas: 2. Semanas con tu meta: 2. Esta semana: 1 de 1."


def hide_streak(person):
    with transaction():
        progress.show_streak(fresh(person), shows=False)


@pytest.mark.parametrize("weeks", [(), (3,), (9, 8, 2)])
@pytest.mark.parametrize("word", ["STREAK", "RACHA"])
def test_the_streak_never_counts_against_anybody(ana, word, weeks):
    came(ana, *weeks)

    (said,) = text(ana, word)

    assert [each for each in FORBIDDEN if each in said.body.casefold()] == []


def test_a_goal_is_set_and_a_rise_waits_for_next_week(ana):
    assert [m.body for m in text(ana, "GOAL 3")] == ["Your goal is 3 a week, from next week on."]
    assert [m.body for m in text(ana, "META 2")] == ["Tu meta ahora es 2 por semana."]
    assert progress.goal_of(fresh(ana)) == 2


def test_the_goal_is_told(ana):
    assert kinds(ana, "GOAL") == ["goal"]


@pytest.mark.parametrize("word", ["GOAL 0", "GOAL 22", "META 999999999999"])
def test_a_goal_that_nobody_can_mean_is_not_set(ana, word):
    assert kinds(ana, word) == ["goal_limits"]
    assert progress.goal_of(fresh(ana)) == 1


def test_a_pause_in_days_is_begun_made_shorter_and_ended(ana):
    (said,) = text(ana, "QUIET 7")
    assert said.body.startswith("No reminders through Sun Nov 8.")
    assert progress.paused_until(fresh(ana)) == date(2026, 11, 8)

    text(ana, "PAUSA 2")
    assert progress.paused_until(fresh(ana)) == date(2026, 11, 3)

    assert kinds(ana, "QUIET 0") == ["quiet_over"]
    assert progress.paused_until(fresh(ana)) is None


@pytest.mark.parametrize("word", ["QUIET", "QUIET 367", "PAUSA 999999999999"])
def test_a_pause_that_nobody_can_take_is_explained(ana, word):
    assert kinds(ana, word) == ["quiet_how"]
    assert progress.paused_until(fresh(ana)) is None


@pytest.mark.parametrize(
    ("before", "word", "after", "body"),
    [
        ("en", "SPANISH", "es", "Desde ahora te escribimos en español."),
        ("en", "español", "es", "Desde ahora te escribimos en español."),
        ("es", "INGLÉS", "en", "From now on we text you in English."),
    ],
)
def test_the_language_is_changed_and_answered_in_it(clinic, before, word, after, body):
    ana = make_person(clinic, language=before)

    assert [m.body for m in text(ana, word)] == [body]
    assert fresh(ana).language == after
