"""A carrier inside our own database, for the demo and for trying things out: what it takes is shown on a page."""

import uuid
from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.sealed import keyring
from aftercare.messaging.gateway import CarrierCopy, OutgoingText, Sent
from aftercare.messaging.models import SimulatedText

STATUS = "delivered"


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
            taken.order = _next_order(taken.number_hash)
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
                    SimulatedText.created_at >= since,
                )
                .order_by(SimulatedText.order.desc())
            )
            return [CarrierCopy(row.sid, row.body, row.created_at, STATUS) for row in db.session.scalars(wanted)]


def _next_order(number_hash: bytes) -> int:
    last = select(func.max(SimulatedText.order)).where(SimulatedText.number_hash == number_hash)
    return (db.session.scalars(last).one() or 0) + 1
