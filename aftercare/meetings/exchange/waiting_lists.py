"""Which lists wait for somebody's word. Kept apart from the readers, which the first page of staff has no need of."""

import uuid

from sqlalchemy import ColumnElement, func, select

from aftercare.core.db import db
from aftercare.meetings.exchange.models import ImportRun


def of(organisation_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Say which readings wait."""
    return ImportRun.organisation_id == organisation_id, ImportRun.state == "waiting"


def count(organisation_id: uuid.UUID) -> int:
    """Count the lists that wait for somebody's word."""
    return int(db.session.scalar(select(func.count()).select_from(ImportRun).where(*of(organisation_id))) or 0)
