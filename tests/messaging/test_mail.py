import socket
import uuid

import pytest

from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure, OutgoingText
from aftercare.messaging.mail import MailCarrier, MailServer
from aftercare.messaging.retries import Failure
from tests.mail_server import MailServer as Server

BODY = "A note from Elm St\nReminder: Tue Dec 1, 6:00 PM.\n\nNo more e-mails:\nhttps://meet.example.org/mail/stop/abc"


@pytest.fixture
def server():
    with Server() as running:
        yield running


def letter(to="ana@example.org", body=BODY):
    return OutgoingText(to, body, "", 3600, uuid.UUID(int=7))


def carrier(server, **given):
    return MailCarrier(MailServer("127.0.0.1", server.port, "Elm St <note@example.org>", **given))


def send(server, **given):
    return carrier(server).send(letter(**given))


def test_a_letter_goes_to_one_reader_with_a_subject_that_tells_nothing(server):
    sent = send(server)

    [taken] = server.taken
    assert (taken.sender, taken.to) == ("note@example.org", "ana@example.org")
    assert (taken.letter["From"], taken.letter["To"]) == ("Elm St <note@example.org>", "ana@example.org")
    assert taken.letter["Subject"] == "A note from Elm St"
    assert taken.letter.get_content().startswith("Reminder: Tue Dec 1, 6:00 PM.")
    assert (sent.sid, sent.status) == (taken.letter["Message-ID"], "sent")


def test_a_mail_program_finds_how_to_end_them(server):
    send(server)

    headers = server.taken[0].letter
    assert headers["List-Unsubscribe"] == "<https://meet.example.org/mail/stop/abc>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_letter_bears_the_same_id_each_time_it_is_tried(server):
    assert send(server).sid == send(server).sid


def test_accents_arrive(server):
    send(server, body="Un mensaje de Elm St\nRecordatorio: mañana, a las 6. ¿Vienes?")

    assert server.taken[0].letter.get_content().strip() == "Recordatorio: mañana, a las 6. ¿Vienes?"


def test_no_word_of_a_text_becomes_a_header(server):
    send(server, body="A note\r\nBcc: eve@example.org\r\n\r\nWords")

    [taken] = server.taken
    assert taken.letter["Bcc"] is None
    assert taken.letter["Subject"] == "A note"


@pytest.mark.parametrize(
    ("verb", "answer", "failure"),
    [
        ("RCPT", "550 5.1.1 no such user", Failure.RECIPIENT),
        ("RCPT", "451 try later", Failure.NOT_PROCESSED),
        ("RCPT", "drop", Failure.NOT_PROCESSED),
        ("MAIL", "550 not you", Failure.CONFIGURATION),
        ("MAIL", "421 busy", Failure.NOT_PROCESSED),
        ("DATA", "554 looks like spam", Failure.CONTENT),
        ("DATA", "452 full", Failure.NOT_PROCESSED),
        ("EHLO", "drop", Failure.NOT_PROCESSED),
    ],
)
def test_what_was_surely_not_taken_is_classed(server, verb, answer, failure):
    server.next(verb, answer)

    with pytest.raises(CarrierRefused) as refusal:
        send(server)

    assert (refusal.value.klass, server.taken) == (failure, [])


@pytest.mark.parametrize(("when", "taken"), [("drop before", 0), ("drop after", 1)])
def test_whoever_falls_silent_with_the_words_in_hand_may_have_them(server, when, taken):
    server.next("DATA", when)

    with pytest.raises(CarrierUnsure):
        send(server)

    assert len(server.taken) == taken


def test_a_wrong_password_stops_the_sender(server):
    server.next("AUTH", "535 no")
    server.next("AUTH", "535 no")

    with pytest.raises(CarrierRefused) as refusal:
        carrier(server, user="elm", password="wrong").send(letter())

    assert refusal.value.klass is Failure.CONFIGURATION


def test_a_server_that_is_not_there_is_tried_again():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        nobody = MailCarrier(MailServer("127.0.0.1", reserved.getsockname()[1], "note@example.org"))
        with pytest.raises(CarrierRefused) as refusal:
            nobody.send(letter())

    assert refusal.value.klass is Failure.NOT_PROCESSED


def test_nothing_sensitive_is_printed(server):
    secret = MailServer("127.0.0.1", server.port, "note@example.org", "elm", "s3cret")

    assert "s3cret" not in repr(secret)
