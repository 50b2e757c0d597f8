import os
import signal
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from multiprocessing import get_context
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from aftercare.app import create_app
from aftercare.conversations import reminder_times, reminders
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import schedule
from aftercare.meetings.recurrence import instant
from aftercare.messaging import outbox, quiet_hours
from aftercare.messaging.models import Message
from tests.conftest import settings_for
from tests.conversations.reminding import plan, texts, thursday, to
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp
from tests.meetings.test_rsvp_rush import real_url

DATES = 4
ZONES = ("America/Denver", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def four_dates(clinic, hold):
    """Make dates of three people each, and let the first reminders of all be near."""
    first = clock.now().replace(tzinfo=None, day=5, hour=17)
    dates = [make_occurrence(make_meeting(clinic), starts=first + timedelta(minutes=10 * n)) for n in range(DATES)]
    people = [make_person(clinic) for _ in range(3)]
    for date in dates:
        for person in people:
            make_rsvp(date, person, created_at=clock.now() - timedelta(days=7))
    to(hold, dates[0], hours=49)
    return {(date.id, person.id) for date in dates for person in people}


def die_planning(url, organisation_id, now, moment, nth):
    """Plan, one date in each page, and be killed at the nth moment of a kind."""
    app = create_app(settings_for(url))
    posts = count(1)

    def die(*sent):
        if (len(sent) == 1 or "INSERT INTO messages" in sent[2]) and next(posts) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context(), clock.held(now):
        event.listen(db.engine, moment, die)
        reminders.plan_organisation(organisation_id, now, dates=1)


@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute", "commit"])
def test_a_planner_killed_at_any_page_loses_and_doubles_nothing(app, clinic, hold, moment, nth):
    wanted = four_dates(clinic, hold)
    given = (real_url(app), clinic.id, clock.now(), moment, nth)
    db.session.remove()
    db.engine.dispose()
    victim = get_context("fork").Process(target=die_planning, args=given)
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    before = len(texts())

    planned = plan()

    assert before + planned == len(wanted)
    assert {(message.occurrence_id, message.person_id) for message in texts()} == wanted
    assert before % 3 == 0


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hours", [71, 49, 47, 25, 3, 1])
def test_the_database_plans_what_the_law_says(clinic, hold, zone, hours):
    occurrence, person = thursday(clinic), make_person(clinic, zone=zone)
    knows = clock.now() - timedelta(days=2)
    make_rsvp(occurrence, person, created_at=knows)
    to(hold, occurrence, hours=hours)
    window = outbox.window_for(clinic, person)
    until, now = occurrence.starts_at, clock.now()
    fit = partial(quiet_hours.fit, window=window, zone=zone, useful_until=until, now=now)

    plan()

    law = reminder_times.times(until, [48, 2], now=now, fit=fit, knows_since=knows)
    assert {int(message.once.split(":")[1]): message.due_at for message in texts()} == law


@pytest.mark.parametrize("days", range(-1, 3))
def test_members_know_of_a_date_since_the_morning_of_a_day_in_their_zone(clinic, hold, days):
    occurrence, person = thursday(clinic), make_person(clinic, zone="Asia/Kathmandu")
    since = occurrence.starts_at - timedelta(hours=49 - 24 * days)
    day = since.astimezone(ZoneInfo(person.zone)).date()
    knows = instant(datetime.combine(day, time()), person.zone)
    make_member(schedule.get_meeting(clinic.id, occurrence.meeting_id), person, since=day)
    to(hold, occurrence, hours=20)
    window = outbox.window_for(clinic, person)
    until, now = occurrence.starts_at, clock.now()
    fit = partial(quiet_hours.fit, window=window, zone=person.zone, useful_until=until, now=now)

    plan()

    law = reminder_times.times(until, [48, 2], now=now, fit=fit, knows_since=knows)
    assert {int(message.once.split(":")[1]) for message in texts()} == set(law)


def test_ids_and_names_are_those_that_python_makes(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)

    plan()

    message = db.session.scalars(select(Message)).one()
    assert message.once == f"reminder:48:{occurrence.id}:{occurrence.sequence}:{ana.id}"
    assert (message.id.version, message.id.variant) == (7, ana.id.variant)
    assert message.id.int >> 80 == int(clock.now().timestamp() * 1000)


def test_nobody_is_left_out_because_a_neighbours_zone_is_gone(clinic, hold):
    occurrence, ana, ben = thursday(clinic), make_person(clinic), make_person(clinic)
    for person in (ana, ben):
        make_rsvp(occurrence, person, created_at=clock.now() - timedelta(days=7))
    with transaction():
        db.session.merge(ben).zone = "Nowhere/Gone"
    to(hold, occurrence, hours=49)

    plan()

    assert [message.person_id for message in texts()] == [ana.id]


def test_a_page_is_planned_without_reading_any_table_whole(app, clinic, hold, database):
    four_dates(clinic, hold)
    sent = []
    event.listen(db.engine, "before_cursor_execute", lambda *what: sent.append(what[2:4]))
    plan()
    about = [
        (said, given) for said, given in list(sent) if said.startswith(("WITH", "SELECT occurrences", "SELECT DIS"))
    ]

    with db.engine.connect() as connection:
        if database == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
        how = "EXPLAIN QUERY PLAN " if database == "sqlite" else "EXPLAIN "
        steps = [row[-1] for said, given in about for row in connection.exec_driver_sql(how + said, given)]

    tables = {"occurrences", "rsvps", "members", "people", "messages", "consent_events"}
    whole = {step.strip() for step in steps if step.strip(" ->").startswith(("SCAN ", "Seq Scan on "))}
    assert len(about) >= 3
    assert {step for step in whole if tables & set(step.replace("_1", "").replace("_2", "").split())} == set()
