"""Five hundred people, four processes, twenty seats (product.md 3: never overbooked, whatever the concurrency)."""

import multiprocessing
import uuid
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.engine import make_url

from aftercare.app import create_app
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps, schedule
from tests.conftest import settings_for
from tests.factories import make_crowd, make_meeting, make_occurrence, make_organisation

PROCESSES, THREADS, SEATS, PEOPLE = 4, 8, 20, 500


def rush(url, organisation_id, occurrence_id, people, start):
    """Let a share of the people answer at once, each in a transaction of its own."""
    app = create_app(settings_for(url))
    start.wait(600)

    def say_yes(person_id):
        with app.app_context(), transaction():
            rsvps.answer(organisation_id, occurrence_id, person_id, "yes", via="web")

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(say_yes, people))


def real_url(app):
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    return url.render_as_string(hide_password=False)


def test_five_hundred_at_once_for_twenty_seats_fill_twenty_and_wait_in_order(app, monday):
    clinic = make_organisation()
    occurrence = make_occurrence(make_meeting(clinic, capacity=SEATS), starts=None)
    people = [person.id for person in make_crowd(clinic, PEOPLE)]
    keys: tuple[uuid.UUID, uuid.UUID] = (clinic.id, occurrence.id)
    starts_at = occurrence.starts_at
    db.session.remove()
    context = multiprocessing.get_context("fork")
    start = context.Event()
    shares = [people[number::PROCESSES] for number in range(PROCESSES)]

    workers = [context.Process(target=rush, args=(real_url(app), *keys, share, start)) for share in shares]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(600)

    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    rows = rsvps.answers(schedule.get_occurrence(*keys))
    assert sum(row.status == "going" for row in rows) == SEATS
    waiting = sorted((row for row in rows if row.status == "waitlisted"), key=lambda row: row.position or 0)
    assert [row.position for row in waiting] == list(range(1, PEOPLE - SEATS + 1))
    assert [row.updated_at for row in waiting] == sorted(row.updated_at for row in waiting)
    assert starts_at > monday
