from datetime import timedelta

import pytest

from aftercare.core.db import database_now, db, transaction
from aftercare.messaging import beats
from aftercare.messaging.beats import Sign
from aftercare.messaging.models import WorkerBeat
from tests.conftest import MONDAY

MINUTE = timedelta(minutes=1)
NOW = MONDAY


def sign(name="one", *, heard=0, started=60, stopped=False):
    """Make a worker that was heard of, and began, so many minutes ago."""
    at = NOW - heard * MINUTE
    return Sign(name, NOW - started * MINUTE, at, at if stopped else None)


def latest():
    with transaction(reading=True):
        return beats.latest()


def act(deed, *given):
    with transaction():
        deed(*given)


def grow_older(name, by):
    with transaction():
        row = db.session.get(WorkerBeat, name)
        assert row is not None
        row.started_at -= by
        row.beat_at -= by


def test_a_worker_is_known_from_its_start_and_heard_of_at_each_beat(app):
    act(beats.begin, "one")
    grow_older("one", MINUTE)
    (before,) = latest()

    act(beats.beat, "one")

    (after,) = latest()
    assert (after.name, after.started_at, after.stopped_at) == ("one", before.started_at, None)
    assert after.beat_at >= before.beat_at + MINUTE


def test_a_worker_that_is_asked_to_stop_says_so_and_may_come_back(app):
    act(beats.begin, "one")
    act(beats.stop, "one")
    (stopped,) = latest()
    assert not stopped.is_living(stopped.beat_at)

    act(beats.begin, "one")

    (again,) = latest()
    assert again.is_living(again.beat_at)


def test_workers_are_told_of_newest_first(app):
    for name in ("one", "two"):
        act(beats.begin, name)
    grow_older("two", MINUTE)

    assert [each.name for each in latest()] == ["one", "two"]


def test_workers_of_long_ago_are_forgotten_but_the_last(app):
    for name in ("one", "two"):
        act(beats.begin, name)
    grow_older("one", timedelta(days=8))
    grow_older("two", timedelta(days=9))

    act(beats.sweep)

    assert [each.name for each in latest()] == ["one"]


def test_signs_are_measured_by_the_databases_clock(app, monday):
    act(beats.begin, "one")

    with transaction(reading=True):
        assert timedelta(0) <= database_now() - latest()[0].beat_at < MINUTE


@pytest.mark.parametrize(
    ("signs", "are_silent"),
    [
        ([], True),
        ([sign(heard=5)], True),
        ([sign(heard=4)], False),
        ([sign(heard=9), sign("two", heard=0)], False),
        ([sign(heard=9), sign("two", heard=6, stopped=True)], True),
        ([sign(heard=1, stopped=True)], False),
    ],
)
def test_all_are_silent_when_none_was_heard_of_for_five_minutes(signs, are_silent):
    assert beats.are_all_silent(signs, now=NOW) is are_silent


@pytest.mark.parametrize(
    ("signs", "names"),
    [
        ([sign(heard=5), sign("two")], ["one"]),
        ([sign(heard=4), sign("two")], []),
        ([sign(heard=5, stopped=True), sign("two")], []),
        ([sign(heard=5), sign("two", started=3)], []),
        ([sign(heard=5), sign("two", heard=5), sign("three")], ["one", "two"]),
        ([], []),
    ],
)
def test_a_worker_vanished_that_neither_said_so_nor_was_replaced(signs, names):
    assert [each.name for each in beats.vanished(signs, now=NOW)] == names
