from sqlalchemy import text

from aftercare.core.db import db
from aftercare.people import accounts
from aftercare.recovery import progress
from tests.locks import meeting_halfway
from tests.recovery.deeds import do


def test_a_goal_that_is_sent_twice_at_once_is_set_once(app, ana):
    key = (ana.organisation_id, ana.id)
    db.session.rollback()

    failed = meeting_halfway(
        app,
        lambda: progress.set_goal(accounts.get_person(*key), 3),
        lambda: progress.set_goal(accounts.get_person(*key), 4),
    )

    assert (failed, progress.goal_of(accounts.get_person(*key))) == ([], 4)


def test_two_who_enrol_somebody_at_once_do_it_once(app, ana):
    key = (ana.organisation_id, ana.id)
    do(db.session.execute, text("DELETE FROM goals"))
    do(db.session.execute, text("DELETE FROM paths"))

    def enrol():
        return progress.enrol(accounts.get_person(*key))

    assert meeting_halfway(app, enrol, enrol) == []
    assert progress.goal_of(accounts.get_person(*key)) == 1
