"""A carrier that behaves like Twilio, as a real HTTP server on 127.0.0.1, and remembers all that it was asked.

In a test: `with FakeCarrier() as carrier: ...`. As a process: `python -m tests.carrier --port 8123`, then

    GET  /_sent        the texts that were taken, oldest first       GET /_asked   every request to send, taken or not
    POST /_next        ["429:3", "accept+hang"]  what the next requests meet (see `carrier_wire.Fault`)
    POST /_inbound     {"url", "from", "to", "body"}  a person texts: posts a signed form to the url
    POST /_outcomes    {"+15035550100": ["undelivered", 30003]}      POST /_forget  start afresh
"""

import argparse
import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from tests.carrier_server import Handler, Server
from tests.carrier_wire import (
    ACCOUNT,
    NUMBER,
    SERVICE,
    TOKEN,
    Fault,
    Text,
    inbound_form,
    new_sid,
    post_signed,
    status_form,
)

MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
WAY = ("queued", "sending", "sent")


class FakeCarrier:
    """The carrier itself. `now` is its clock; hand in a held one where the test holds its own."""

    def __init__(
        self,
        *,
        port: int = 0,
        account: str = ACCOUNT,
        token: str = TOKEN,
        latency: float = 0.0,
        callbacks: str = "off",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account, self.token, self.latency, self.now = account, token, latency, now
        # "off", "ordered", "shuffled" or "doubled"; with "early" in it they come before the answer to the request.
        self.callbacks = callbacks
        self.hang_seconds = 60.0
        # Told of each moment of a request (arrived, accepted, half, answered; list-arrived, ...) and of who asks; says
        # whether to go on, or to hang up.
        self.watch: Callable[[str, str], bool] | None = None
        self.forget()
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self._posting: list[threading.Thread] = []
        self._server = Server(("127.0.0.1", port), Handler)
        self._server.carrier = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def forget(self) -> None:
        """Start afresh."""
        self.sent: list[Text] = []
        self.asked: list[dict[str, str]] = []
        self.faults: deque[Fault] = deque()
        self.list_faults: deque[Fault] = deque()
        self.record_faults: deque[Fault] = deque()
        self.received: dict[str, str] = {}
        self.redacted: list[str] = []
        self.account_status = "active"
        self.services, self.numbers = [SERVICE], [NUMBER]
        self.outcomes: dict[str, tuple[str, int | None]] = {}
        self.opted_out: set[str] = set()
        self.callback_answers: list[int] = []

    @property
    def url(self) -> str:
        """Say where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self.settle()

    def next(self, *spelled: str) -> None:
        """Say what the next requests to send meet (`list:500`, `record:500`: a look at the list, at a record)."""
        queues = {"list": self.list_faults, "record": self.record_faults}
        for one in spelled:
            whose, _, rest = one.partition(":")
            queues.get(whose, self.faults).append(Fault.read(rest if whose in queues else one))

    def next_fault(self, queue: deque[Fault]) -> Fault | None:
        """Give what the request in hand meets, if anything."""
        with self._lock:
            return queue.popleft() if queue else None

    def inbound(self, body: str, *, url: str, sender: str, **more: str) -> int:
        """Let a person text us; say the HTTP status that came back."""
        form = inbound_form(body, sender=sender, **more)
        self.received[form["MessageSid"]] = body
        return post_signed(url, form, token=self.token)

    def tell(self, text: Text, form: Mapping[str, str]) -> int:
        """Call back once about a text; say the HTTP status that came back, 0 if none did."""
        return post_signed(text.callback, form, token=self.token)

    def settle(self) -> None:
        """Wait until all callbacks are out."""
        while self._posting:
            self._posting.pop().join(timeout=20)

    def bodies(self, to: str | None = None) -> list[str]:
        """List what was taken, for one number or all."""
        return [text.body for text in self.sent if to in (None, text.to)]

    def take(self, form: dict[str, str]) -> Text:
        """Take a text, and set its callbacks going."""
        status = "accepted" if form.get("MessagingServiceSid") else "queued"
        text = Text(
            sid=new_sid("SM"), to=form["To"], sender=form.get("From", ""), body=form["Body"],
            service=form.get("MessagingServiceSid", ""), callback=form.get("StatusCallback", ""),
            validity=int(form.get("ValidityPeriod", 36000)), created_at=self.now().replace(microsecond=0),
            status=status, form=form,
        )  # fmt: skip
        with self._lock:
            self.sent.append(text)
        if self.callbacks != "off" and text.callback:
            thread = threading.Thread(target=self._call_back, args=(text,), daemon=True)
            self._posting.append(thread)
            thread.start()
            if "early" in self.callbacks:
                thread.join(timeout=20)
        return text

    def refusal(self, form: Mapping[str, str]) -> int | None:
        """Say the error code of a request that Twilio would refuse, if it would."""
        if not form.get("To"):
            return 21604
        if not (form.get("From") or form.get("MessagingServiceSid")):
            return 21603
        if not form.get("Body"):
            return 21602
        if len(form["Body"]) > 1600:
            return 21617
        if form["To"] in self.opted_out:
            return 21610
        return MAGIC_TO.get(form["To"]) or MAGIC_FROM.get(form.get("From", ""))

    def list_for(self, query: Mapping[str, list[str]]) -> list[Text]:
        """List texts as Twilio does, newest first."""
        wanted, day = query.get("To", [None])[0], query.get("DateSent", [None])[0]
        found = [text for text in self.sent if wanted in (None, text.to)]
        if day:
            found = [text for text in found if text.status != "accepted" and f"{text.created_at:%Y-%m-%d}" == day]
        return found[::-1]

    def _call_back(self, text: Text) -> None:
        status, error_code = self.outcomes.get(text.to, ("delivered", None))
        forms = [status_form(text, step) for step in WAY] + [status_form(text, status, error_code)]
        if "doubled" in self.callbacks:
            forms = [form for form in forms for _ in range(2)]
        if "shuffled" in self.callbacks:
            random.shuffle(forms)
        for form in forms:
            if self.stopping.is_set():
                return
            self.callback_answers.append(self.tell(text, form))
        text.status, text.error_code = status, error_code


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the carrier as a process until it is stopped."""
    parser = argparse.ArgumentParser(description="A carrier that behaves like Twilio.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account", default=ACCOUNT)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--callbacks", default="off", help="off, ordered, shuffled, doubled; early+ before it")
    given = parser.parse_args(None if arguments is None else list(arguments))
    with FakeCarrier(**vars(given)) as carrier:
        print(carrier.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
