"""A carrier inside our own database, for the demo and for trying things out: what it takes is shown on a page."""

import uuid
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import database_now, db, transaction
from aftercare.core.sealed import keyring
from aftercare.messaging.gateway import CarrierCopy, OutgoingText, Sent
from aftercare.messaging.models import SimulatedText
from aftercare.messaging.retries import CLOCK_SLACK

STATUS = "delivered"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SimulatedCarrier:
    """Carries texts to the simulated phones. Like a real carrier it knows nothing of our transactions."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def send(self, text: OutgoingText) -> Sent:
        """Take one text, in a transaction of its own: it was sent even if the worker dies right after."""
        with self._app.app_context(), transaction():
            taken = SimulatedText(
                sid=f"SM{uuid.uuid4().hex}", message_ref=str(text.message_id), number=text.to, body=text.body
            )
            taken.created_at = clock.now()
            taken.order = _microseconds(database_now())
            sid = taken.sid
            db.session.add(taken)
        return Sent(sid, STATUS)

    def sent_since(self, to: str, since: datetime) -> list[CarrierCopy]:
        """List what was taken for a number since a time, newest first."""
        with self._app.app_context(), transaction(reading=True):
            wanted = (
                select(SimulatedText)
                .where(
                    SimulatedText.number_hash.in_(keyring().marks(to, purpose="phone")),
                    SimulatedText.order >= _microseconds(since - CLOCK_SLACK),
                )
                .order_by(SimulatedText.order.desc(), SimulatedText.id.desc())
            )
            return [CarrierCopy(row.sid, row.body, _moment(row.order), STATUS) for row in db.session.scalars(wanted)]


# A carrier has a clock of its own; the one that people see on their phones, in the demo, may be moved.
def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
