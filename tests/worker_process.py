"""A real worker in a process of its own, that texts through the fake carrier over HTTP."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from aftercare import config, jobs
from aftercare.core.db import db
from tests.carrier import FakeCarrier
from tests.carrier_wire import ACCOUNT, SERVICE, TOKEN
from tests.conftest import KEY, SECRET
from tests.house.source import ROOT
from tests.meetings.test_rsvp_rush import real_url

PATIENCE = 180
PROGRAM = (sys.executable, "worker.py")


def environment(app: Flask, carrier: FakeCarrier | None = None, **more: str) -> dict[str, str]:
    """Give the settings of a worker on the database of a test; without a carrier it simulates."""
    named = {
        "AFTERCARE_DATABASE_URL": real_url(app),
        "AFTERCARE_SECRET_KEY": SECRET,
        "AFTERCARE_ENCRYPTION_KEYS": KEY,
        "AFTERCARE_LOG": "json",
    }
    if carrier is not None:
        named |= {
            "AFTERCARE_SMS": "twilio",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
            "AFTERCARE_TWILIO_API_URL": carrier.url,
            "AFTERCARE_SMS_PER_SECOND": "0",
        }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERCARE_", "TWILIO_"))}
    return kept | named | more


@contextmanager
def running(environment: Mapping[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker, and see that it is gone at the end."""
    db.session.rollback()
    worker = subprocess.Popen([*PROGRAM, *words], env=dict(environment), cwd=ROOT)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@contextmanager
def texting_through(app: Flask, carrier: FakeCarrier, **more: object) -> Iterator[jobs.Worker]:
    """Give a worker of this very process."""
    before = app.extensions[config.EXTENSION]
    twilio = {"sms": "twilio", "twilio_account_sid": ACCOUNT, "twilio_auth_tokens": (TOKEN,)}
    reached = {"twilio_messaging_service_sid": SERVICE, "twilio_api_url": carrier.url}
    app.extensions[config.EXTENSION] = replace(before, **twilio | reached | more)
    db.session.rollback()
    yield jobs.Worker(app)
    app.extensions[config.EXTENSION] = before


def wait_until(claim: Callable[[], object], *, patience: float = PATIENCE) -> None:
    """Wait until something holds; fail if it does not in time."""
    give_up = time.monotonic() + patience
    while not claim():
        assert time.monotonic() < give_up, "It did not happen in time."
        time.sleep(0.02)
