import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from aftercare import foundation, watchdog
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import beats
from aftercare.recovery.models import OutreachTask
from tests.conftest import settings_for
from tests.factories import make_person
from tests.meetings.test_rsvp_rush import real_url
from tests.messaging.posting import post_text
from tests.worker_process import wait_until

SOON = 0.05


@pytest.fixture
def watched(app):
    """Keep watch over the database of a test, as another process would."""
    stop = threading.Event()
    thread = watchdog.keep_watch(foundation.lay(settings_for(real_url(app))), stop, every=SOON)
    yield
    stop.set()
    thread.join(120)


def tasks():
    db.session.rollback()
    wanted = db.select(OutreachTask.kind, OutreachTask.closed_at.is_(None))
    return [tuple(row) for row in db.session.execute(wanted)]


def test_the_web_tells_that_no_worker_is_left(app, watched):
    post_text(make_person())

    wait_until(lambda: tasks() == [("worker_silent", True)])


def test_the_alarm_ends_by_itself_when_a_worker_is_back(app, watched):
    post_text(make_person())
    wait_until(tasks)
    with transaction():
        beats.begin("server:7")

    wait_until(lambda: tasks() == [("worker_silent", False)])


def test_a_database_that_is_away_does_not_end_the_watch(tmp_path):
    away = foundation.lay(settings_for(f"sqlite:///{tmp_path / 'nowhere' / 'away.sqlite'}"))
    stop = threading.Event()
    with capture_logs() as lines:
        thread = watchdog.keep_watch(away, stop, every=SOON)
        wait_until(lambda: len([line for line in lines if line["event"] == "watch_stumbled"]) > 1)
        assert thread.is_alive()
        stop.set()
        thread.join(120)


def test_what_is_well_raises_no_alarm(app):
    with transaction():
        beats.begin("server:7")
    post_text(make_person(), due_at=clock.now() + timedelta(hours=1))

    watchdog.look_once(foundation.lay(settings_for(real_url(app))))

    assert tasks() == []
