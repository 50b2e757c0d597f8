"""Caps where several workers claim at once, and whatever was planned."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.messaging import claims
from aftercare.messaging.claims import Worker
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.models import Message
from aftercare.messaging.senders import Sender
from tests.factories import ZONE, make_organisation, make_person
from tests.messaging.capping import capped, drain, waits
from tests.messaging.posting import SENDER, post_together

DENVER = ZoneInfo(ZONE)
WORKER = Worker("w", SENDER, "", nothing_unwanted)


def test_the_claim_asks_as_many_questions_for_one_as_for_many(app, monday, statements):
    clinic = make_organisation()

    def count_for(people):
        post_together(*(capped(person) for person in people))
        db.session.rollback()
        return statements(lambda: claim(clinic.id))

    assert count_for([make_person(clinic)]) == count_for([make_person(clinic) for _ in range(5)])


def test_what_another_worker_is_judging_waits_a_moment(app, database, monday):
    if database == "sqlite":
        assert db.engine.dialect.name == "sqlite"  # Writers take turns there: nobody judges at the same time.
        return
    clinic = make_organisation()
    ana, ben = make_person(clinic), make_person(clinic)
    of_ana, _ = post_together(capped(ana), capped(ben, body="Of Ben"))
    with db.engine.begin() as other:
        other.exec_driver_sql(f"SELECT 1 FROM people WHERE id = '{ana.id}' FOR NO KEY UPDATE")  # noqa: S608
        assert drain(app) == ["Of Ben"]

    assert waits(of_ana) == monday + timedelta(seconds=1)


def test_three_workers_at_once_keep_the_caps(app, monday):
    clinic = make_organisation()
    people = [make_person(clinic) for _ in range(12)]
    post_together(*(capped(person) for person in people for _ in range(4)))
    db.session.rollback()
    workers = [Worker(f"w{number}", Sender(f"s{number}"), "", nothing_unwanted) for number in range(3)]

    threads = [threading.Thread(target=claim_all, args=(app, clinic.id, worker)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    sent = db.session.execute(select(Message.person_id).where(Message.state == "sending")).scalars().all()
    assert len(sent) == len(set(sent)) > 0


def claim_all(app, organisation_id, worker):
    with app.app_context():
        for _ in range(12):
            claim(organisation_id, worker)


def claim(organisation_id, worker=WORKER):
    """Claim what may go now; say how many texts."""
    with transaction():
        return len(claims.claim([organisation_id], 50, by=worker).texts)


plans = st.lists(
    st.tuples(
        st.integers(0, 20 * 24), st.integers(1, 96), st.sampled_from(["reminder", "broadcast", "cancelled", "thanks"])
    ),
    max_size=14,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans, a_day=st.integers(0, 2), a_week=st.integers(0, 4))
def test_however_texts_are_planned_nobody_gets_more_than_they_chose(app, hold, plan, a_day, a_week):
    begins = datetime(2026, 10, 25, 17, tzinfo=UTC)
    hold(begins)
    ana = make_person(texts_a_day=a_day, texts_a_week=a_week)
    post_together(*(
        capped(ana, kind=kind, is_answer=kind == "thanks", due_at=begins + timedelta(hours=due),
               useful_until=begins + timedelta(hours=due + lasts))
        for due, lasts, kind in plan
    ))  # fmt: skip
    for hours in range(0, 26 * 24, 8):
        hold(begins + timedelta(hours=hours))
        claim(ana.organisation_id)

    db.session.rollback()
    counted = (Message.person_id == ana.id, Message.left_at.is_not(None), Message.kind != "thanks")
    left = db.session.scalars(select(Message).where(*counted)).all()
    for message in left:
        if message.kind != "cancelled":
            before = [_days_between(each, message) for each in left if _left(each) <= _left(message)]
            assert not a_day or before.count(0) <= a_day
            assert not a_week or sum(days < 7 for days in before) <= a_week


def _days_between(earlier, later):
    return (_left(later).date() - _left(earlier).date()).days


def _left(message):
    assert message.left_at is not None
    return message.left_at.astimezone(DENVER)
