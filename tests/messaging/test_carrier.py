import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from aftercare.messaging.gateway import CarrierRefused, OutgoingText
from aftercare.messaging.twilio import Account, TwilioCarrier, signed_by_carrier
from tests.carrier import FakeCarrier
from tests.carrier_wire import ACCOUNT, SERVICE, TOKEN

ANA = "+15035550100"


class Listener:
    """Takes in what the carrier posts to us."""

    def __init__(self):
        self.posted: list[tuple[str, dict[str, str], str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                outer.posted.append((outer.url + self.path, form, self.headers["X-Twilio-Signature"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def statuses(self):
        return [form["MessageStatus"] for _, form, _ in self.posted]


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


def send(carrier_url, callback="", to=ANA, body="Hello"):
    account = Account(sid=ACCOUNT, token=TOKEN, messaging_service=SERVICE, api_url=carrier_url)
    return TwilioCarrier(account).send(OutgoingText(to, body, callback, 600, uuid.uuid4()))


def test_callbacks_are_signed_for_the_address_they_are_asked_at(listener):
    with FakeCarrier(callbacks="ordered") as carrier:
        sent = send(carrier.url, listener.url + "/sms/status?m=1&a=2")
        carrier.settle()

    assert listener.statuses == ["queued", "sending", "sent", "delivered"]
    assert {form["MessageSid"] for _, form, _ in listener.posted} == {sent.sid}
    assert all(signed_by_carrier(url, form, signature, [TOKEN]) for url, form, signature in listener.posted)


def test_callbacks_may_come_before_the_answer(listener):
    with FakeCarrier(callbacks="early") as carrier:
        send(carrier.url, listener.url + "/sms/status")

        assert listener.statuses == ["queued", "sending", "sent", "delivered"]


def test_callbacks_may_come_twice_and_in_any_order(listener):
    with FakeCarrier(callbacks="shuffled doubled") as carrier:
        carrier.outcomes[ANA] = ("undelivered", 30003)
        send(carrier.url, listener.url + "/sms/status")
        carrier.settle()

    assert sorted(listener.statuses) == sorted(["queued", "sending", "sent", "undelivered"] * 2)
    assert {form.get("ErrorCode") for _, form, _ in listener.posted if form["MessageStatus"] == "undelivered"} == {
        "30003"
    }
    assert (carrier.sent[0].status, carrier.sent[0].error_code) == ("undelivered", 30003)


def test_a_person_texts_us_through_the_carrier(listener):
    with FakeCarrier() as carrier:
        status = carrier.inbound("Sí 👍", url=listener.url + "/sms/inbound", sender=ANA, sid="SM1", OptOutType="HELP")

    ((url, form, signature),) = listener.posted
    assert status == 204
    assert {"MessageSid": "SM1", "From": ANA, "Body": "Sí 👍", "OptOutType": "HELP"}.items() <= form.items()
    assert signed_by_carrier(url, form, signature, [TOKEN])


def test_a_person_who_has_opted_out_at_the_carrier_is_refused():
    with FakeCarrier() as carrier:
        carrier.opted_out.add(ANA)

        assert carrier.refusal({"To": ANA, "From": "+15035550111", "Body": "Hello"}) == 21610


def test_the_carrier_runs_as_a_process_that_can_be_asked_and_steered(listener):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.carrier", "--callbacks", "ordered"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        steer(url + "/_next", ["code:30034"])
        steer(url + "/_outcomes", {ANA: ["failed", 30007]})
        with pytest.raises(CarrierRefused, match="30034"):
            send(url)
        sent = send(url, listener.url + "/sms/status")
        answer = steer(url + "/_inbound", {"url": listener.url, "from": ANA, "body": "Y", "sid": "SM2"})
        books = ask(url + "/_sent"), ask(url + "/_asked")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()

    assert answer == {"status": 204}
    assert [text["sid"] for text in books[0]] == [sent.sid]
    assert len(books[1]) == 2


def steer(url, wish):
    with urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(wish).encode(), method="POST")) as answer:
        return json.load(answer)


def ask(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)
