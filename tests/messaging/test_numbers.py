import threading
from datetime import timedelta

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import holders, numbers, outbox
from aftercare.messaging.retries import Failure
from aftercare.people import accounts, directory
from tests.factories import make_occurrence, make_person
from tests.locks import meeting_halfway, someone_waits
from tests.messaging.posting import only_message, post_text
from tests.worker_process import wait_until


def test_a_dead_number_is_learned_of_while_a_date_moves_and_neither_waits_for_the_other(app):
    person, occurrence = make_person(), make_occurrence()
    key, number, date_id = (person.organisation_id, person.id), person.phone, occurrence.id
    post_text(person, occurrence_id=date_id, due_at=clock.now() + timedelta(hours=1))
    db.session.rollback()
    failed = []

    def learn():
        try:
            with app.app_context(), transaction():
                numbers.learn(number, Failure.RECIPIENT)
        except Exception as trouble:
            failed.append(type(trouble).__name__)

    learning = threading.Thread(target=learn)
    with transaction():
        outbox.cancel(key[0], about=date_id, reason="meeting moved")
        learning.start()
        wait_until(someone_waits)
        accounts.touch_calendars(key[0], [key[1]])
    learning.join(300)

    assert failed == []
    assert (only_message().state, only_message().reason) == ("cancelled", "meeting moved")
    assert accounts.get_person(*key).phone_frozen_at is not None


def test_of_two_numbers_that_somebody_takes_at_once_one_stays(app):
    person = make_person()
    key = (person.organisation_id, person.id)

    def take(number):
        return lambda: numbers.take(accounts.get_person(*key), number, way="web")

    failed = meeting_halfway(app, take("+13035550177"), take("+13035550178"))

    assert failed == []
    assert accounts.get_person(*key).phone == "+13035550178"
    assert (holders.of("+13035550177"), len(directory.find_by_phone("+13035550178"))) == ([], 1)
    assert directory.find_by_phone("+13035550177") == []
