"""Delivery: claim, send with no transaction open, record (messaging.md, "The path of one message").

One thread claims and records; the others only call the carrier and never see the database.
"""

import threading
import uuid
from collections import deque
from queue import Empty, SimpleQueue

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from aftercare.core import clock
from aftercare.core.db import transaction
from aftercare.messaging import claims, results, senders
from aftercare.messaging.allowances import Ahead, nothing_ahead
from aftercare.messaging.claims import Claim, Claimed, Worker
from aftercare.messaging.fitness import Unwanted, nothing_unwanted
from aftercare.messaging.gateway import Carrier, CarrierRefused, CarrierUnsure
from aftercare.messaging.results import Answer, Outcome
from aftercare.messaging.senders import Sender
from aftercare.messaging.unwritten import Letter, Words, no_words, words_alone

log = structlog.get_logger()
# Each thread has this many texts before it or in hand, so that it need not wait for the database: with half as many,
# a busy machine sent half as fast. What is wanted back is still taken out of the line.
_AHEAD = 8
_SMALLEST_WINDOW = 64
_RECORD_WITHIN = 0.05
_IDLE = 0.25
_LIST_AGAIN = 1.0
# A carrier that hangs is not waited for: what it has then is looked up later.
_STOP_WITHIN = 6.0


class Delivery:
    """Sends what is due until it is told to stop."""

    def __init__(
        self,
        app: Flask,
        carrier: Carrier,
        sender: Sender,
        *,
        concurrency: int = 8,
        callback_base: str = "",
        unwanted: Unwanted = nothing_unwanted,
        words: Words = no_words,
        letter: Letter = words_alone,
        ahead: Ahead = nothing_ahead,
    ) -> None:
        self._app, self._carrier = app, carrier
        self._worker = Worker(uuid.uuid4().hex, sender, callback_base, unwanted, words, letter, ahead)
        self._threads = max(1, concurrency)
        self._window = max(_SMALLEST_WINDOW, _AHEAD * self._threads)
        self._waiting: SimpleQueue[Claimed | None] = SimpleQueue()
        self._done: SimpleQueue[Outcome] = SimpleQueue()
        self._flying: dict[uuid.UUID, Claimed] = {}
        self._unrecorded: list[Outcome] = []
        self._recalled: frozenset[uuid.UUID] = frozenset()
        self._organisations: deque[uuid.UUID] = deque()
        self._listed_at = float("-inf")
        self._stopping = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; then finish what flies and give the rest back."""
        self._start()
        while not stop.is_set():
            try:
                if not self._turn():
                    stop.wait(_IDLE)
            except Exception as trouble:  # The database may be away for a while: nothing is lost by trying again.
                log.error("delivery_stumbled", kind=type(trouble).__name__)
                stop.wait(_LIST_AGAIN)
        self._finish()

    def drain(self) -> None:
        """Send until nothing more can be sent now: one pass."""
        self._start()
        try:
            while self._turn() or self._is_held_by_pace():
                pass
        finally:
            self._finish()

    def _start(self) -> None:
        for number in range(self._threads):
            threading.Thread(target=self._send_all, name=f"send-{number}", daemon=True).start()

    def _turn(self) -> bool:
        """Claim if there is room, and record what has come back; say whether there was anything to do."""
        with self._app.app_context():
            self._give_back_late()
            self._heed_recalls()
            found = self._claim() if len(self._flying) <= self._window // 2 else claims.NOTHING
            self._collect()
            self._record()
        return bool(found.texts or found.settled or self._flying or (self._organisations and not found.is_held))

    def _claim(self) -> Claim:
        organisations = self._next_organisations()
        if not organisations:
            return claims.NOTHING
        with transaction():
            found = claims.claim(organisations, self._window - len(self._flying), by=self._worker)
        self._organisations.extendleft(reversed(found.unserved))
        self._organisations.extend(each for each in organisations if each in found.organisations)
        for claimed in found.texts:
            self._flying[claimed.reference.id] = claimed
            self._waiting.put(claimed)
        return found

    def _heed_recalls(self) -> None:
        """Learn which of the texts that wait for a thread are wanted back."""
        if not self._waiting.empty():
            with transaction(reading=True):
                self._recalled = claims.wanted_back(self._worker.name)

    def _is_held_by_pace(self) -> bool:
        """Wait a moment if all that keeps due texts back is how many may go in a second."""
        sender = self._worker.sender
        if not sender.per_second:
            return False
        now = clock.now()
        with self._app.app_context(), transaction(reading=True):
            is_held = bool(senders.may_try(sender, 1, now=now) and claims.organisations_with_due(now, sender.channel))
        return is_held and not self._stopping.wait(_IDLE)

    def _next_organisations(self) -> list[uuid.UUID]:
        """Take those whose turn it is; each comes back to the end of the line while it has texts."""
        if not self._organisations or clock.monotonic() - self._listed_at > _LIST_AGAIN:
            with transaction(reading=True):
                due = claims.organisations_with_due(clock.now(), self._worker.sender.channel)
            self._listed_at = clock.monotonic()
            known = set(self._organisations)
            self._organisations.extend(each for each in due if each not in known)
        return [self._organisations.popleft() for _ in range(min(claims.MOST_AT_ONCE, len(self._organisations)))]

    def _collect(self) -> None:
        """Wait a moment for answers, so that many are recorded together."""
        until = clock.monotonic() + _RECORD_WITHIN
        while len(self._unrecorded) < min(self._window // 2, len(self._flying)):
            try:
                self._unrecorded.append(self._done.get(timeout=max(0.0, until - clock.monotonic())))
            except Empty:
                return

    def _record(self) -> None:
        if not self._unrecorded:
            return
        try:
            with transaction():
                results.record(self._unrecorded, self._worker.sender)
        except OperationalError:
            raise
        except Exception:
            self._record_one_by_one()
        for outcome in self._unrecorded:
            self._flying.pop(outcome.claimed.reference.id, None)
        self._unrecorded = []

    def _record_one_by_one(self) -> None:
        """Keep one row that cannot be recorded from holding up the others; its lease runs out, and it is looked up."""
        for outcome in self._unrecorded:
            try:
                with transaction():
                    results.record([outcome], self._worker.sender)
            except Exception as trouble:
                log.error("not_recorded", message=str(outcome.claimed.reference.id), kind=type(trouble).__name__)

    def _send_all(self) -> None:
        while (claimed := self._waiting.get()) is not None:
            self._done.put(Outcome(claimed, self._send(claimed)))

    def _send(self, claimed: Claimed) -> Answer:
        if not self._may_begin(claimed):
            return None
        try:
            return self._carrier.send(claimed.text)
        except (CarrierRefused, CarrierUnsure) as answer:
            return answer
        except Exception as fault:
            log.error("carrier_fault", message=str(claimed.reference.id), kind=type(fault).__name__)
            return CarrierUnsure("a fault of ours")

    def _may_begin(self, claimed: Claimed) -> bool:
        # A worker that was held up (stopped, swapped out) may wake with a lease that is over: then it does not send.
        is_late = clock.monotonic() > claimed.start_by or clock.now() >= claimed.useful_until
        return not (self._stopping.is_set() or is_late or claimed.reference.id in self._recalled)

    def _give_back_late(self) -> None:
        """Give back, while the lease holds, what would be sent too late because the carrier hangs."""
        oldest = next(iter(self._flying.values()), None)
        if oldest is not None and clock.monotonic() > oldest.start_by:
            self._empty_waiting()

    def _empty_waiting(self) -> None:
        while True:
            try:
                claimed = self._waiting.get_nowait()
            except Empty:
                return
            if claimed is not None:
                self._done.put(Outcome(claimed, None))

    def _finish(self) -> None:
        self._stopping.set()
        self._empty_waiting()
        until = clock.monotonic() + _STOP_WITHIN
        while self._flying and clock.monotonic() < until:
            self._record_once_more()
        recorded_next = {outcome.claimed.reference.id for outcome in self._unrecorded}
        left = [claimed for key, claimed in self._flying.items() if key not in recorded_next]
        self._unrecorded += [Outcome(claimed, CarrierUnsure("we stopped")) for claimed in left]
        self._record_once_more()
        for _ in range(self._threads):
            self._waiting.put(None)

    def _record_once_more(self) -> None:
        with self._app.app_context():
            try:
                self._collect()
                self._record()
            except Exception as trouble:
                log.error("delivery_stumbled", kind=type(trouble).__name__)
