import threading
import time

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from aftercare.core import write_lock
from aftercare.core.db import begin_reading

NEWCOMERS, MOST_TURNS = 8, 600


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'line.sqlite'}", pool_size=NEWCOMERS + 2)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE turns (number INTEGER)")
    yield engine
    engine.dispose()


def test_newcomers_do_not_pass_whoever_waits_for_ever(engine):
    is_in, turns = threading.Event(), list[int]()

    def wait_in_line():
        with engine.begin():
            is_in.set()

    def come_again_and_again():
        while not is_in.is_set() and len(turns) < MOST_TURNS:
            with engine.begin():
                turns.append(1)
                time.sleep(0.005)

    early = threading.Thread(target=wait_in_line)
    with engine.begin():
        early.start()
        time.sleep(0.5)  # By now SQLite itself would look only ten times a second.
        newcomers = [threading.Thread(target=come_again_and_again) for _ in range(NEWCOMERS)]
        for newcomer in newcomers:
            newcomer.start()
    for thread in (early, *newcomers):
        thread.join()

    assert len(turns) < MOST_TURNS


def test_whoever_waits_too_long_is_refused_in_the_words_of_the_database(engine):
    begin_reading()
    with engine.connect() as late:
        late.exec_driver_sql("COMMIT")
        with engine.connect() as writer:
            writer.exec_driver_sql("INSERT INTO turns VALUES (1)")

            with pytest.raises(OperationalError, match="database is locked"):
                write_lock.take(late, patience=0.05)

        assert late.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30000
