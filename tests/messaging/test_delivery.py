from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import claims, results, senders
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import Sent
from aftercare.messaging.results import Outcome
from aftercare.people import accounts
from tests.factories import make_organisation, make_person
from tests.messaging.posting import SENDER, Carrier, delivery, only_message, post_text, states

NIGHT = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)  # Ten in the evening in Denver.


def drain(app, carrier, **given):
    db.session.rollback()
    delivery(app, carrier, **given).drain()


def test_a_text_that_is_due_goes_to_the_carrier_once_and_is_recorded(app, monday):
    ana = make_person()
    post_text(ana, body="See you Tuesday.")
    carrier = Carrier()

    drain(app, carrier)
    drain(app, carrier)

    assert [(text.to, text.body) for text in carrier.took] == [(ana.phone, "See you Tuesday.")]
    message = only_message()
    assert (message.state, message.sid, message.attempts) == ("accepted", f"SM{1:032d}", 1)
    assert message.sent_at == monday
    assert message.lease_owner is None


def test_a_text_that_is_not_due_yet_waits(app, monday):
    post_text(make_person(), due_at=monday + timedelta(seconds=1))
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, states()) == (0, ["pending"])


def test_a_text_is_valid_at_the_carrier_as_long_as_it_is_useful(app, monday):
    post_text(make_person(), useful_until=monday + timedelta(minutes=10))
    carrier = Carrier()

    drain(app, carrier, callback_base="https://meet.example.org")

    message, (text,) = only_message(), carrier.took
    assert text.valid_seconds == 600
    written = f"{message.organisation_id.hex}-{message.id.hex}-{message.occurs_on:%Y%m%d}"
    assert text.status_callback == f"https://meet.example.org/sms/status?m={written}&a=1"


def test_a_text_that_came_too_late_expires_unsent(app, monday):
    post_text(make_person(), useful_until=monday)
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, only_message().state, only_message().reason) == (0, "expired", "too_late")


def test_stop_said_after_planning_keeps_the_text_back(app, monday):
    ana = make_person()
    post_text(ana)
    with transaction():
        ledger.withdraw_texts(ana, way="text")
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, only_message().state, only_message().reason) == (0, "cancelled", "no_consent")


def test_the_last_word_after_stop_still_goes(app, monday):
    ana = make_person()
    post_text(ana, kind="stop", needs_consent=False)
    with transaction():
        ledger.withdraw_texts(ana, way="text")
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, states()) == (1, ["accepted"])


def test_nothing_goes_to_a_frozen_number(app, monday):
    ana = make_person()
    post_text(ana)
    with transaction():
        accounts.freeze_phone(ana)
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, states()) == (0, ["cancelled"])


def test_a_text_written_for_an_older_number_does_not_go(app, monday):
    ana = make_person()
    post_text(ana, number="+13035559999")
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, only_message().reason) == (0, "other_number")


def test_in_quiet_hours_a_text_waits_for_the_morning_and_an_answer_goes(app, hold):
    hold(NIGHT)
    ana = make_person()
    late = post_text(ana, is_answer=False, useful_until=NIGHT + timedelta(days=1), body="A reminder")
    post_text(ana, is_answer=True, body="An answer")
    carrier = Carrier()

    drain(app, carrier)

    assert carrier.bodies == ["An answer"]
    db.session.refresh(late)
    assert (late.state, late.due_at) == ("pending", datetime(2026, 11, 3, 16, 0, tzinfo=UTC))


def test_in_quiet_hours_a_text_that_is_useless_by_morning_expires(app, hold):
    hold(NIGHT)
    post_text(make_person(), is_answer=False, useful_until=NIGHT + timedelta(hours=2))
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, only_message().state) == (0, "expired")


def test_a_text_that_became_pointless_is_cancelled_with_its_reason(app, monday):
    ana = make_person()
    answered, _wanted = post_text(ana, body="Answered"), post_text(ana, body="Wanted")
    carrier = Carrier()
    key = answered.id

    drain(app, carrier, unwanted=lambda _messages: {key: "answered"})

    assert carrier.bodies == ["Wanted"]
    db.session.refresh(answered)
    assert (answered.state, answered.reason) == ("cancelled", "answered")


def test_a_text_that_cannot_be_opened_stops_none_beside_it(app, monday):
    ana = make_person()
    broken, _whole = post_text(ana), post_text(ana, body="Whole")
    with transaction():
        broken.body_sealed = b"\x00\x09not sealed by any key"
    carrier = Carrier()

    drain(app, carrier)

    assert carrier.bodies == ["Whole"]
    db.session.refresh(broken)
    assert (broken.state, broken.reason) == ("cancelled", "unreadable")


def test_no_transaction_is_open_while_the_carrier_is_asked(app, monday):
    post_text(make_person())
    seen = []

    def look(_text):
        with app.app_context(), transaction():
            seen.append(only_message().state)
            db.session.execute(db.text("UPDATE messages SET reason = 'not locked'"))

    drain(app, Carrier(look))

    assert (seen, only_message().reason) == (["sending"], "not locked")


def test_texts_of_ten_people_do_not_wait_for_those_of_a_thousand(app, monday):
    great, small = make_person(), make_person()
    post_many(great, 300)
    post_many(small, 10)
    carrier = Carrier()

    drain(app, carrier)

    numbers = [text.to for text in carrier.took]
    assert len(numbers) == 310
    assert numbers.index(small.phone) < 64
    assert max(place for place, number in enumerate(numbers) if number == small.phone) < 100


def test_the_most_urgent_text_of_an_organisation_goes_first(app, monday):
    ana = make_person()
    post_text(ana, body="Tomorrow", useful_until=monday + timedelta(days=1))
    post_text(ana, body="In ten minutes", useful_until=monday + timedelta(minutes=10))
    carrier = Carrier()

    drain(app, carrier, concurrency=1)

    assert carrier.bodies == ["In ten minutes", "Tomorrow"]


def test_a_pace_is_kept(app):
    ana = make_person(make_organisation(quiet_until=0, quiet_from=1440))
    post_many(ana, 8)
    began = clock.monotonic()

    drain(app, carrier := Carrier(), sender=senders.Sender("slow", per_second=5))

    assert len(carrier.took) == 8
    assert clock.monotonic() - began >= 0.5


def test_a_batch_takes_as_many_statements_for_three_texts_as_for_thirty(app, monday):
    clinic = make_organisation()

    assert statements_of_a_batch(clinic, 3) == statements_of_a_batch(clinic, 30) == (9, 2)


def statements_of_a_batch(clinic, size):
    """Count the statements that claim and that record so many texts, each of somebody else."""
    for _ in range(size):
        post_text(make_person(clinic))
    worker = claims.Worker("test", SENDER, "", nothing_unwanted)
    organisations = [clinic.id]
    with statements() as claiming, transaction():
        found = claims.claim(organisations, 100, by=worker)
    outcomes = [Outcome(each, Sent(f"SM{number}", "accepted")) for number, each in enumerate(found.texts)]
    with statements() as recording, transaction():
        results.record(outcomes, SENDER)
    assert len(found.texts) == size
    return len(claiming), len(recording)


@contextmanager
def statements():
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def post_many(person, count):
    for number in range(count):
        post_text(person, body=f"Text {number}")
