"""Caps where the claim keeps them; tests/messaging/test_caps.py tries the law alone."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import claims
from aftercare.messaging.allowances import Prospect
from aftercare.messaging.claims import Worker
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.models import Message
from aftercare.messaging.senders import Sender
from tests.factories import ZONE, make_meeting, make_occurrence, make_organisation, make_person
from tests.messaging.posting import SENDER, Carrier, delivery, post_text, post_together, text_for

DAY = timedelta(days=1)
DENVER = ZoneInfo(ZONE)
WORKER = Worker("w", SENDER, "", nothing_unwanted)


def capped(person, **given):
    """Write a text that nobody waits for, due now."""
    now = clock.now()
    return text_for(person, **{"is_answer": False, "kind": "broadcast", "useful_until": now + 10 * DAY} | given)


def remind(person, date, **given):
    """Write a reminder of a date, due now."""
    about = {"occurrence_id": date.id, "occurs_on": date.occurs_on, "useful_until": date.starts_at}
    return capped(person, kind="reminder", **about | given)


def drain(app, **given):
    """Let a worker send all that may go now; give the words it sent."""
    db.session.rollback()
    carrier = Carrier()
    delivery(app, carrier, **given).drain()
    return sorted(carrier.bodies)


def again(message):
    db.session.rollback()
    db.session.refresh(message)
    return message.state, message.reason


def waits(message):
    db.session.rollback()
    db.session.refresh(message)
    assert message.state == "pending"
    return message.due_at.astimezone(UTC)


def date_on(clinic, day, hour=18):
    """Make a date in November 2026, of a meeting of its own."""
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, day, hour))


def test_one_text_a_day_goes_and_the_next_waits_for_the_morning(app, monday):
    ana = make_person()
    first, second = post_together(
        capped(ana, body="First", useful_until=monday + DAY * 2),
        capped(ana, body="Second", useful_until=monday + DAY * 3),
    )

    assert drain(app) == ["First"]
    assert waits(second) == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
    db.session.refresh(first)
    assert first.left_at == monday


def test_what_waits_for_the_next_day_goes_then(app, monday, hold):
    ana = make_person()
    post_together(capped(ana, body="First", useful_until=monday + DAY * 2), capped(ana, body="Second"))
    drain(app)

    hold(monday + DAY)

    assert drain(app) == ["Second"]


def test_what_would_be_useless_tomorrow_is_given_up_with_its_reason(app, monday):
    ana = make_person()
    post_text(ana, is_answer=False, kind="broadcast", body="First", useful_until=monday + timedelta(hours=2))
    late = post_text(ana, is_answer=False, kind="milestone", useful_until=monday + timedelta(hours=13))

    assert drain(app) == ["First"]
    assert again(late) == ("expired", "cap_day")


def test_three_a_week_go_and_the_fourth_waits_until_a_week_has_passed(app, monday, hold):
    ana = make_person()
    for day in range(3):
        hold(monday + day * DAY)
        post_together(capped(ana))
        assert len(drain(app)) == 1
    hold(monday + 3 * DAY)
    fourth = post_together(capped(ana))[0]

    assert drain(app) == []
    assert waits(fourth) == datetime(2026, 11, 9, 16, 0, tzinfo=UTC)
    hold(monday + 7 * DAY)
    assert len(drain(app)) == 1


def test_a_fourth_that_is_useless_within_the_week_is_given_up(app, monday, hold):
    ana = make_person(texts_a_day=0)
    for _ in range(3):
        post_together(capped(ana))
    assert len(drain(app)) == 3
    (fourth,) = post_together(capped(ana, useful_until=monday + 2 * DAY))

    assert drain(app) == []
    assert again(fourth) == ("expired", "cap_week")


def test_who_chose_no_cap_gets_all(app, monday):
    ana = make_person(texts_a_day=0, texts_a_week=0)
    post_together(*(capped(ana) for _ in range(5)))

    assert len(drain(app)) == 5


def test_answers_in_a_conversation_neither_wait_nor_count(app, monday):
    ana = make_person()
    post_together(*(text_for(ana, kind="thanks", body="Answer") for _ in range(4)))
    assert len(drain(app)) == 4
    post_together(capped(ana, body="Reminder"))

    assert drain(app) == ["Reminder"]


@pytest.mark.parametrize(
    ("kind", "is_answer"), [("cancelled", False), ("moved", False), ("offer", True), ("opt_in", False)]
)
def test_news_goes_beyond_the_cap_and_counts(app, monday, kind, is_answer):
    ana = make_person()
    post_together(capped(ana, body="Capped"))
    drain(app)
    post_together(capped(ana, kind=kind, is_answer=is_answer, body="News"))
    assert drain(app) == ["News"]

    ben = make_person()
    post_together(capped(ben, kind=kind, is_answer=is_answer, body="News"), capped(ben, body="Capped"))

    assert drain(app) == ["News"]


def test_a_text_that_never_arrived_uses_up_nothing(app, monday):
    ana = make_person()
    post_together(capped(ana))
    drain(app)
    with transaction():
        db.session.execute(update(Message).values(state="undelivered"))
    post_together(capped(ana, body="Second"))

    assert drain(app) == ["Second"]


def test_a_text_of_which_nobody_knows_whether_it_went_counts(app, monday):
    ana = make_person()
    post_together(capped(ana))
    drain(app)
    with transaction():
        db.session.execute(update(Message).values(state="unknown", sent_at=None))
    (second,) = post_together(capped(ana))

    assert drain(app) == []
    assert waits(second) > monday


def test_the_day_is_that_of_the_person(app, hold):
    """Eight in the evening in Denver, then nine in the morning: another day in Denver, the same one in UTC."""
    clinic = make_organisation(quiet_from=24 * 60)
    ana = make_person(clinic)
    hold(datetime(2026, 11, 3, 2, 30, tzinfo=UTC))
    post_together(capped(ana))
    assert len(drain(app)) == 1

    hold(datetime(2026, 11, 3, 16, 0, tzinfo=UTC))
    post_together(capped(ana))

    assert len(drain(app)) == 1


def test_tonight_which_nobody_spoke_of_goes_before_the_day_after(app, monday):
    clinic = make_organisation()
    ana = make_person(clinic)
    tonight, wednesday = date_on(clinic, 2), date_on(clinic, 4)
    later, soon = post_together(
        remind(ana, wednesday, body="Wednesday"),
        remind(ana, tonight, body="Tonight", due_at=monday + timedelta(hours=6)),
    )

    assert drain(app) == []
    assert waits(later) == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
    assert waits(soon) == monday + timedelta(hours=6)


def test_a_date_that_was_spoken_of_waits_for_one_that_was_not(app, monday, hold):
    clinic = make_organisation()
    ana = make_person(clinic)
    tonight, wednesday = date_on(clinic, 2), date_on(clinic, 4)
    hold(monday - 2 * DAY)
    post_together(remind(ana, tonight))
    assert len(drain(app)) == 1
    hold(monday)
    second, first = post_together(remind(ana, tonight, body="Again"), remind(ana, wednesday, body="Wednesday"))

    assert drain(app) == ["Wednesday"]
    assert again(second) == ("expired", "cap_day")
    assert again(first)[0] == "accepted"


def test_a_second_word_is_not_said_if_a_later_date_would_go_unsaid(app, monday, hold):
    """Groups on Monday, Wednesday and Friday: three first words are all that a week has room for."""
    clinic = make_organisation()
    ana = make_person(clinic)
    tonight, wednesday, friday, following = (date_on(clinic, day) for day in (2, 4, 6, 9))
    hold(monday - 2 * DAY)
    post_together(remind(ana, tonight))
    assert len(drain(app)) == 1
    hold(monday + timedelta(hours=6))
    (second,) = post_together(remind(ana, tonight))

    coming = [Prospect(each.id, each.starts_at - 2 * DAY, each.starts_at) for each in (wednesday, friday, following)]

    assert drain(app, ahead=lambda people: dict.fromkeys(people, coming)) == []
    assert again(second) == ("expired", "cap_week")


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
            before = [_days_between(each, message) for each in left if each.left_at <= message.left_at]
            assert not a_day or before.count(0) <= a_day
            assert not a_week or sum(days < 7 for days in before) <= a_week


def _days_between(earlier, later):
    return (later.left_at.astimezone(DENVER).date() - earlier.left_at.astimezone(DENVER).date()).days
