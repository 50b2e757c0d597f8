"""The table of the worker's jobs, and the loops that run them. Every item of a job is a transaction of its own."""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

import structlog
from flask import Flask

from aftercare import config
from aftercare.attendance import roll
from aftercare.config import Settings
from aftercare.conversations import (
    incoming,
    letters,
    missed,
    number_texts,
    prospects,
    reminder_words,
    reminders,
    second_look,
    sign_in_texts,
    unreachable,
    upkeep,
)
from aftercare.core import clock, logs, throttle, turns
from aftercare.core.db import transaction
from aftercare.http import idempotency
from aftercare.meetings import rederiving, rsvps, schedule
from aftercare.meetings.exchange import due_lists
from aftercare.messaging import beats, callbacks, carriers, inbox, reconciliation, redaction, senders
from aftercare.messaging.delivery import Delivery
from aftercare.messaging.gateway import Carrier
from aftercare.messaging.senders import Sender, mailbox_from, sender_from
from aftercare.people import number_changes, organisations, patient_codes
from aftercare.recovery import awards, late_news, outreach

log = structlog.get_logger()
_TICK = 0.5
_LOOK_UP_EVERY = 5.0
_AFTER_TROUBLE = 2.0
_STOP_WITHIN = 9.0
LETTERS_AT_ONCE = 2
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

Item = tuple[Any, ...]


@dataclass(frozen=True)
class Job:
    """Work that comes up again and again: what it finds to do, and the verb that does one item of it.

    Of several workers one takes each turn, unless the job `is_everyones`: then it must bear being done twice at once.
    What `is_slow` has a thread of its own, so that nobody waits for it.
    """

    name: str
    every: timedelta
    find: Callable[[], Iterable[Item]]
    do: Callable[..., object]
    opens_transactions: bool = False
    is_everyones: bool = False
    is_slow: bool = False


def _once() -> Iterable[Item]:
    """Find one thing to do: the whole."""
    return [()]


def _every_organisation() -> Iterable[Item]:
    return [(organisation_id,) for organisation_id in organisations.every_id()]


def _plan_reminders(organisation_id: uuid.UUID) -> None:
    reminders.plan_organisation(organisation_id, clock.now())


def _sweep() -> None:
    now = clock.now()
    throttle.sweep(now)
    patient_codes.sweep(now)
    number_changes.sweep(now)
    idempotency.sweep(now)
    turns.sweep(now - timedelta(days=2))
    beats.sweep()


def _unread_texts() -> Iterable[Item]:
    return [(inbound_id,) for inbound_id in inbox.find_unread()]


def _read_list(*key: Any) -> None:
    """Read a list. Whoever reads lists loads readers of every dialect; most workers need none for days."""
    import_module("aftercare.meetings.exchange.refresh").read_due(*key)


JOBS = (
    Job("sign_in_texts", timedelta(seconds=1), sign_in_texts.due, sign_in_texts.post_due, is_everyones=True),
    Job("number_texts", timedelta(seconds=1), number_texts.due, number_texts.post_due, is_everyones=True),
    Job("horizon", timedelta(hours=1), schedule.due_for_extension, schedule.extend_by_id),
    Job("clocks", timedelta(hours=1), rederiving.due, rederiving.rederive),
    Job("offers", timedelta(minutes=1), rsvps.dates_with_a_line, rsvps.offer_free_seats),
    Job("rolls", timedelta(minutes=5), roll.due_for_final, roll.finalise),
    Job("roll_tasks", timedelta(minutes=15), outreach.rolls_to_ask_for, outreach.ask_for_roll),
    Job("late_news", timedelta(minutes=1), late_news.due, late_news.ask),
    Job("heard_news", timedelta(minutes=5), late_news.asked, late_news.close_if_over),
    Job("answered_rolls", timedelta(minutes=15), outreach.with_roll_tasks, outreach.close_answered_rolls),
    Job("milestones", timedelta(seconds=10), awards.due, awards.note_of),
    Job("reminders", timedelta(minutes=1), _every_organisation, _plan_reminders, opens_transactions=True),
    Job("missed", timedelta(minutes=30), missed.due, missed.tell),
    Job("unread_texts", timedelta(seconds=10), _unread_texts, incoming.read_again),
    Job("watch", timedelta(minutes=1), _once, upkeep.look, opens_transactions=True),
    Job("unreachable", timedelta(minutes=5), _every_organisation, unreachable.ask_staff),
    Job("carrier_events", timedelta(minutes=1), callbacks.find_unsettled, upkeep.settle_event),
    Job("confirm", timedelta(hours=1), upkeep.to_confirm, upkeep.confirm, opens_transactions=True, is_slow=True),
    Job("old_events", timedelta(hours=1), _once, upkeep.drop_old_events, opens_transactions=True, is_slow=True),
    Job("erase", timedelta(hours=1), _every_organisation, redaction.erase_all, opens_transactions=True, is_slow=True),
    Job("erase_common", timedelta(hours=1), _once, redaction.erase_common, opens_transactions=True, is_slow=True),
    Job("redact", timedelta(minutes=10), upkeep.to_redact, upkeep.redact, opens_transactions=True, is_slow=True),
    Job("lists", timedelta(seconds=10), due_lists.find, _read_list, opens_transactions=True, is_slow=True),
    Job("sweep", timedelta(days=1), _once, _sweep),
)


class Worker:
    """All jobs of one process: those of the table, delivery, and the looking up of what is in doubt."""

    def __init__(self, app: Flask, jobs: Sequence[Job] = JOBS) -> None:
        self._app, self._jobs = app, jobs
        self._settings: Settings = app.extensions[config.EXTENSION]
        self._carrier: Carrier = carriers.carrier_for(app, self._settings)
        self._mail: Carrier | None = carriers.mail_carrier(app, self._settings)
        self._done: dict[str, datetime] = {}
        self._name = f"{socket.gethostname()}:{os.getpid()}"

    def run(self, stop: threading.Event, wait: Callable[[], object] | None = None) -> None:
        """Work until told to stop; come back when what is in flight has landed. `wait` is what the caller sits in."""
        threads = [
            threading.Thread(target=delivery.run, args=(stop,), name="delivery", daemon=True)
            for delivery in self._deliveries()
        ]
        threads += [
            threading.Thread(target=self._plan, args=(stop, self._of_kind(is_slow=False)), name="jobs", daemon=True),
            threading.Thread(target=self._plan, args=(stop, self._of_kind(is_slow=True)), name="slow", daemon=True),
            threading.Thread(target=self._beat, args=(stop,), name="beat", daemon=True),
            threading.Thread(target=self._look_up, args=(stop,), name="look-up", daemon=True),
        ]
        self._attempt("begin", self._begin)
        for thread in threads:
            thread.start()
        (wait or stop.wait)()
        stop.set()
        log.info("stopping")
        # What hangs is left behind: delivery has written down what it waited for, and a look-up only asks.
        until = clock.monotonic() + _STOP_WITHIN
        for thread in threads[:-1]:
            thread.join(max(0.0, until - clock.monotonic()))
        self._attempt("end", self._end)

    def run_once(self) -> bool:
        """Do everything that there is to do now; say whether all went well."""
        steps: list[tuple[str, Callable[[], None]]] = [("begin", self._begin)]
        steps += [(job.name, partial(self._do_all, job)) for job in self._jobs]
        steps += [("look_up", self._reconcile), *(("delivery", each.drain) for each in self._deliveries())]
        results = [self._attempt(name, step) for name, step in [*steps, ("end", self._end)]]
        return all(results)

    def _begin(self) -> None:
        """Say that we start. What we were refused for may have been mended: one text may try."""
        with self._app.app_context(), transaction():
            beats.begin(self._name)
            for sender in senders.all_from(self._settings):
                senders.try_soon(sender, now=clock.now())

    def _end(self) -> None:
        """Say that we stop because we were asked to."""
        with self._app.app_context(), transaction():
            beats.stop(self._name)

    def _beat(self, stop: threading.Event) -> None:
        while not stop.wait(beats.EVERY.total_seconds()):
            self._attempt("beat", self._live)

    def _live(self) -> None:
        with self._app.app_context(), transaction():
            beats.beat(self._name)

    def _deliveries(self) -> list[Delivery]:
        """Make what sends texts, and what sends letters where there is a mail server."""
        settings = self._settings
        made = [self._delivery(self._carrier, sender_from(settings), settings.worker_concurrency)]
        if self._mail is not None:
            made.append(self._delivery(self._mail, mailbox_from(settings), LETTERS_AT_ONCE))
        return made

    def _delivery(self, carrier: Carrier, sender: Sender, concurrency: int) -> Delivery:
        settings = self._settings
        return Delivery(
            self._app,
            carrier,
            sender,
            concurrency=concurrency,
            callback_base=settings.base_url if settings.sms == "twilio" else "",
            unwanted=second_look.still_wanted,
            words=reminder_words.words,
            letter=letters.letter,
            ahead=prospects.of,
        )

    def _of_kind(self, *, is_slow: bool) -> list[Job]:
        return [job for job in self._jobs if job.is_slow is is_slow]

    def _plan(self, stop: threading.Event, jobs: Sequence[Job]) -> None:
        """Run some of the table. The clock is asked often, because that of the demo jumps."""
        while not stop.wait(_TICK):
            for job in jobs:
                if stop.is_set():
                    return
                if not self._attempt(job.name, partial(self._take_turn, job, stop)):
                    stop.wait(_AFTER_TROUBLE)

    def _take_turn(self, job: Job, stop: threading.Event) -> None:
        slot = _slot(clock.now(), job.every)
        if self._done.get(job.name) == slot:
            return
        found = self._find(job)
        if found and (job.is_everyones or self._is_ours(job, slot)):
            self._do_all(job, found, stop)
        self._done[job.name] = slot

    def _is_ours(self, job: Job, slot: datetime) -> bool:
        with self._app.app_context(), transaction():
            return turns.take(job.name, slot)

    def _do_all(self, job: Job, found: list[Item] | None = None, stop: threading.Event | None = None) -> None:
        """Do all that a job finds, each item once, until told to stop; one that fails does not keep back the next."""
        tried: set[Hashable] = set()
        items = self._find(job) if found is None else found
        while items:
            for item in items:
                if stop is not None and stop.is_set():
                    return
                tried.add(item)
                self._attempt(job.name, partial(self._do, job, item), item)
            items = [item for item in self._find(job) if item not in tried]

    def _find(self, job: Job) -> list[Item]:
        with self._app.app_context(), transaction(reading=True):
            return [tuple(item) for item in job.find()]

    def _do(self, job: Job, item: Item) -> None:
        with self._app.app_context():
            if job.opens_transactions:
                job.do(*item)
                return
            with transaction():
                job.do(*item)

    def _look_up(self, stop: threading.Event) -> None:
        while not stop.wait(_LOOK_UP_EVERY):
            self._attempt("look_up", self._reconcile)

    def _reconcile(self) -> None:
        with self._app.app_context():
            reconciliation.reconcile(self._carrier)
            if self._mail is not None:
                reconciliation.reconcile(self._mail, "email")

    def _attempt(self, name: str, work: Callable[[], object], item: Item = ()) -> bool:
        """Do something; if it fails, say which and go on: one bad item stops no job, one bad job no other."""
        try:
            work()
        except Exception as trouble:
            told = {"item": [str(part) for part in item], "kind": type(trouble).__name__}
            log.error("job_stumbled", job=name, **told, where=logs.where(trouble))
            return False
        return True


def _slot(now: datetime, every: timedelta) -> datetime:
    return _EPOCH + (now - _EPOCH) // every * every
