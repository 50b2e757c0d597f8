"""Five hundred people want twenty seats at once, from four processes: `./run bench rush`."""

import multiprocessing
import time
import uuid
from statistics import median

from flask import Flask

from aftercare.core.db import db
from aftercare.meetings import rsvps, schedule
from aftercare.people import organisations
from tests.benchmarks.grounds import KINDS, application
from tests.benchmarks.table import Table
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person
from tests.meetings.test_rsvp_rush import PEOPLE, PROCESSES, SEATS, real_url, rush

ROUNDS = 5


def measure() -> Table:
    """Measure the rush on both databases, and look whether every round came out right."""
    rounds: dict[str, list[float]] = {}
    right: dict[str, bool] = {}
    for kind in KINDS:
        with application(kind) as app:
            clinic_id = make_organisation().id
            people = [
                make_person(organisations.get_organisation(clinic_id), phone=None, agrees_to_texts=False).id
                for _ in range(PEOPLE)
            ]
            results = [_round(app, clinic_id, people) for _ in range(ROUNDS)]
            rounds[kind], right[kind] = [taken for taken, _ in results], all(is_right for _, is_right in results)
    rate = ["answers a second", *(f"{PEOPLE / median(rounds[kind]):.0f}" for kind in KINDS)]
    outcome = [f"{SEATS} going, the rest in line, each round", *("yes" if right[kind] else "NO" for kind in KINDS)]
    return Table(
        title="A rush for seats",
        columns=["what", *KINDS],
        lines=[rate, outcome],
        notes=[
            f"{PEOPLE} answers from {PROCESSES} processes for {SEATS} seats of one date: one hot row, each answer a "
            "transaction of its own with its audit event, durable on SQLite. "
            f"Median of {ROUNDS} rounds."
        ],
        rounds=rounds,
    )


def _round(app: Flask, organisation_id: uuid.UUID, people: list[uuid.UUID]) -> tuple[float, bool]:
    meeting = make_meeting(organisations.get_organisation(organisation_id), capacity=SEATS)
    occurrence_id = make_occurrence(meeting).id
    db.session.remove()
    db.engine.dispose()
    context = multiprocessing.get_context("fork")
    start = context.Event()
    shares = [people[number::PROCESSES] for number in range(PROCESSES)]
    given = (real_url(app), organisation_id, occurrence_id)
    workers = [context.Process(target=rush, args=(*given, share, start)) for share in shares]
    for worker in workers:
        worker.start()
    time.sleep(3)
    begun = time.perf_counter()
    start.set()
    for worker in workers:
        worker.join()
    taken = time.perf_counter() - begun
    rows = rsvps.answers(schedule.get_occurrence(organisation_id, occurrence_id))
    going = sum(row.status == "going" for row in rows)
    return taken, (going, len(rows)) == (SEATS, PEOPLE)
