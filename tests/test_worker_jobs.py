import threading
from datetime import datetime, timedelta

import structlog

from aftercare.core.db import db, transaction
from aftercare.core.turns import JobTurn
from aftercare.jobs import JOBS, Job, Worker
from aftercare.meetings.models import Occurrence
from aftercare.messaging.models import SimulatedText
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.worker_process import wait_until


def run_once(app, jobs=JOBS):
    db.session.rollback()
    went_well = Worker(app, jobs).run_once()
    db.session.rollback()
    return went_well


def job(items, do, **given):
    return Job("test", timedelta(hours=1), lambda: [(item,) for item in items], do, **given)


def test_one_bad_item_stops_no_other(app, monday):
    done = []

    def do(item):
        if item == "bad":
            raise ValueError("Ana Rivera, +13035550100")
        done.append(item)

    with structlog.testing.capture_logs() as lines:
        went_well = run_once(app, [job(["one", "bad", "two"], do)])

    assert (done, went_well) == (["one", "two"], True)
    (line,) = [line for line in lines if line["event"] == "job_stumbled"]
    assert (line["job"], line["item"], line["kind"]) == ("test", ["bad"], "ValueError")
    assert "Ana" not in str(lines)


def test_what_a_bad_item_wrote_is_undone(app, monday):
    def do(name):
        make_row(name)
        if name == "bad":
            raise ValueError

    run_once(app, [job(["good", "bad"], do)])

    assert db.session.scalars(db.select(JobTurn.job)).all() == ["good"]


def make_row(name):
    db.session.add(JobTurn(job=name, slot=datetime.fromisoformat("2026-11-02T17:00:00Z")))
    db.session.flush()


def test_a_job_whose_search_fails_stops_no_other_and_is_told(app, monday):
    done: list[str] = []

    def fail():
        raise ValueError

    failing = Job("failing", timedelta(hours=1), fail, print)

    assert not run_once(app, [failing, job(["one"], done.append)])
    assert done == ["one"]


def test_of_two_workers_one_takes_each_turn(app, monday):
    done: list[str] = []
    stop = threading.Event()
    db.session.rollback()
    workers = [Worker(app, [job(["one"], done.append), beat]) for beat in (beating("first"), beating("second"))]
    threads = [threading.Thread(target=worker.run, args=(stop,)) for worker in workers]
    for thread in threads:
        thread.start()
    wait_until(lambda: {"first", "second"} <= BEATS)
    stop.set()
    for thread in threads:
        thread.join()

    assert done == ["one"]


BEATS: set[str] = set()


def beating(name):
    """Make a job that shows that a worker has been through its whole table."""
    BEATS.discard(name)
    return Job(name, timedelta(hours=1), lambda: [()], lambda: BEATS.add(name), is_everyones=True)


def test_the_table_writes_dates_out_and_reminds_who_comes(app, monday, hold):
    clinic = make_organisation()
    meeting = make_meeting(clinic)
    ana = make_person(clinic)
    make_rsvp(make_occurrence(meeting, starts=datetime(2026, 11, 3, 18, 0)), ana)
    with transaction():
        meeting.horizon_until = None
    hold(monday + timedelta(hours=30))  # Two hours before it begins.

    assert run_once(app)

    assert db.session.scalar(db.select(db.func.count()).select_from(Occurrence)) > 20
    texts = db.session.scalars(db.select(SimulatedText)).all()
    assert [text.number for text in texts] == [ana.phone]
    assert texts[0].body.startswith("Reminder: Tue Nov 3, 6:00 PM.")


def test_every_job_of_the_table_has_a_name_of_its_own():
    names = [job.name for job in JOBS]

    assert len(set(names)) == len(names)
    assert {"horizon", "offers", "rolls", "milestones", "reminders", "sign_in_texts", "unread_texts"} <= set(names)


def test_nothing_waits_for_a_slow_job_and_a_stop_leaves_its_next_items_for_later(app, monday):
    begun, go_on, stop = threading.Event(), threading.Event(), threading.Event()
    done = []

    def dawdle(item):
        begun.set()
        go_on.wait()
        done.append(item)

    slow = job(["one", "two"], dawdle, is_slow=True)
    db.session.rollback()
    jobs = [slow, beating("beside a slow one")]
    worker = threading.Thread(target=Worker(app, jobs).run, args=(stop,), daemon=True)
    worker.start()
    assert begun.wait(10)
    wait_until(lambda: "beside a slow one" in BEATS)

    stop.set()
    go_on.set()
    worker.join()

    assert done == ["one"]
