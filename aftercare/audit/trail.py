"""The audit trail: every act adds a link to its organisation's chain, last in the transaction (product.md 7.8)."""

import hmac
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.audit.models import AuditEvent, AuditHead
from aftercare.core import clock
from aftercare.core.db import before_commit, db, is_postgresql
from aftercare.core.sealed import keyring

_START = b"\0" * 32


def record(
    act: str,
    *,
    organisation_id: uuid.UUID,
    about: str,
    about_id: uuid.UUID | None = None,
    person_id: uuid.UUID | None = None,
    actor_id: uuid.UUID | None = None,
    **facts: str | int | bool | None,
) -> None:
    """Note who did what to which record. Facts hold ids and states only: never a name, a number or a text."""
    noted = AuditEvent(
        organisation_id=organisation_id,
        at=clock.now(),
        actor_id=actor_id,
        act=act,
        about=about,
        about_id=about_id,
        person_id=person_id,
        facts=facts,
    )
    db.session.info.setdefault("audit", []).append(noted)
    before_commit("audit", _write)


def verify(organisation_id: uuid.UUID) -> tuple[int, int | None]:
    """Follow a chain from its start; give how many links hold, and the number of the first that does not."""
    mac, count = _START, 0
    for event in _links(organisation_id):
        mac = _seal(mac, event)
        if event.number != count + 1 or not hmac.compare_digest(mac, event.mac):
            return count, count + 1
        count += 1
    head = db.session.get(AuditHead, organisation_id)
    is_whole = (head.number, head.mac) == (count, mac) if head else count == 0
    return count, None if is_whole else count + 1


def _links(organisation_id: uuid.UUID) -> Iterator[AuditEvent]:
    wanted = select(AuditEvent).where(AuditEvent.organisation_id == organisation_id).order_by(AuditEvent.number)
    yield from db.session.scalars(wanted.execution_options(yield_per=1000))


def _write() -> None:
    """Add what was noted, chains in one order, so that two transactions never wait for each other."""
    noted: list[AuditEvent] = db.session.info.pop("audit", [])
    db.session.flush()
    for organisation_id in sorted({event.organisation_id for event in noted}):
        head = _lock_head(organisation_id)
        for event in noted:
            if event.organisation_id == organisation_id:
                event.number = head.number + 1
                event.mac = _seal(head.mac, event)
                head.number, head.mac = event.number, event.mac
                db.session.add(event)


def _lock_head(organisation_id: uuid.UUID) -> AuditHead:
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    first = insert(AuditHead).values(organisation_id=organisation_id, number=0, mac=_START)
    db.session.execute(first.on_conflict_do_nothing())
    wanted = select(AuditHead).where(AuditHead.organisation_id == organisation_id)
    return db.session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}).one()


def _seal(before: bytes, event: AuditEvent) -> bytes:
    said = [
        before.hex(),
        str(event.organisation_id),
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        *(str(value) for value in (event.actor_id, event.act, event.about, event.about_id, event.person_id)),
        event.facts,
    ]
    return keyring().sign(json.dumps(said, sort_keys=True, default=_plain), purpose="audit")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
