from datetime import timedelta

from sqlalchemy import event

from aftercare.consent import ledger
from aftercare.consent.models import TAKEN_BACK, ConsentEvent
from aftercare.core.db import database_now, db, transaction
from aftercare.messaging import queue_figures
from aftercare.messaging.models import IN_FLIGHT, NOT_REACHED, WAITING, Message
from aftercare.messaging.queue_figures import Figures
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text, post_together, text_for
from tests.messaging.test_recall import plan

MINUTE = timedelta(minutes=1)


def figures(*clinics):
    with transaction(reading=True):
        found = queue_figures.of([clinic.id for clinic in clinics])
    return [found[clinic.id] for clinic in clinics]


def recently():
    with transaction(reading=True):
        return database_now() - MINUTE


def test_an_empty_queue_counts_nothing(app, monday):
    assert figures(make_organisation()) == [Figures()]


def test_what_is_due_late_and_oldest_is_counted(app, monday):
    clinic = make_organisation()
    ana = make_person(clinic)
    for minutes in (-60, 0, 5, 7):
        post_text(ana, due_at=monday - minutes * MINUTE)

    (found,) = figures(clinic)

    assert (found.due, found.late, found.oldest_due) == (3, 2, monday - 7 * MINUTE)


def test_what_is_under_way_is_counted_by_state(app, monday):
    clinic = make_organisation()
    ana = make_person(clinic)
    for state in ("sending", "sending", "unknown", "accepted", "delivered"):
        post_text(ana, state=state, claimed_at=monday)

    (found,) = figures(clinic)

    assert (found.sending, found.unknown) == (2, 1)


def test_what_failed_of_late_is_counted_by_reason_and_code(app):
    clinic = make_organisation()
    ana = make_person(clinic)
    for reason, code in [("blocked", 30007), ("blocked", 30007), ("recipient", 21614), (None, None)]:
        post_text(ana, state="failed", reason=reason, error_code=code, claimed_at=recently())
    post_text(ana, state="failed", reason="blocked", error_code=30004, claimed_at=recently() - timedelta(days=1))

    (found,) = figures(clinic)

    assert found.failed == {("blocked", 30007): 2, ("recipient", 21614): 1, ("unlisted", 0): 1}


def test_people_who_stopped_texts_are_counted_once(app, monday):
    clinic = make_organisation()
    ana = make_person(clinic)
    for way in ("text", "web"):
        with transaction():
            ledger.withdraw_texts(ana, way=way)

    assert figures(clinic)[0].stopped == 1


def test_who_stopped_long_ago_is_not_counted(app, monday, hold):
    clinic = make_organisation()
    with transaction():
        ledger.withdraw_texts(make_person(clinic), way="text")
    hold(monday + timedelta(days=31))

    assert figures(clinic)[0].stopped == 0


def test_each_organisation_sees_its_own_queue_alone(app, monday):
    ours, theirs = make_organisation(), make_organisation()
    post_text(make_person(theirs))
    post_text(make_person(theirs), state="failed", reason="blocked", claimed_at=recently())

    assert figures(ours) == [Figures()]


def test_many_organisations_take_no_more_queries_than_one(app, monday):
    clinics = [make_organisation() for _ in range(3)]
    for clinic in clinics:
        post_text(make_person(clinic))

    assert statements_of(clinics[:1]) == statements_of(clinics)


def statements_of(clinics):
    seen = []

    def note(*sent):
        seen.append(sent[2])

    ids = [clinic.id for clinic in clinics]
    event.listen(db.engine, "before_cursor_execute", note)
    with transaction(reading=True):
        queue_figures.of(ids)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("SELECT")])


def test_every_count_reads_an_index_that_holds_little_else(app, monday):
    post_together(*map(text_for, [make_person()] * 400))  # With no rows, one index is as good as another.
    clinic = make_organisation().id
    ours, count = Message.organisation_id.in_([clinic]), db.func.count()

    assert "ix_messages_waiting" in plan(db.select(count).where(ours, WAITING, Message.due_at <= monday))
    assert "ix_messages_in_flight" in plan(db.select(count).where(ours, IN_FLIGHT))
    assert "ix_messages_failed" in plan(db.select(count).where(ours, NOT_REACHED, Message.claimed_at > monday))
    stopped = (ConsentEvent.organisation_id.in_([clinic]), TAKEN_BACK, ConsentEvent.at >= monday)
    assert "ix_consent_events_taken_back" in plan(db.select(count).where(*stopped))
