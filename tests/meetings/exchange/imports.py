"""Imports in tests, and everything that they may write."""

import json

from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db, transaction
from aftercare.meetings.exchange.importing import import_list
from aftercare.meetings.exchange.models import ImportRun, ImportStep, MeetingSource, RuleSuggestion
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.people.models import DirectoryEntry

TABLES = (
    Meeting, MeetingDay, MeetingType, Place, MeetingSource, DirectoryEntry, AuditEvent, ImportRun, ImportStep,
    RuleSuggestion,
)  # fmt: skip


def imported(organisation, *rows, location="list", defaults=None, **more):
    source = rows[0] if rows and isinstance(rows[0], bytes) else json.dumps(rows).encode()
    with transaction():
        return import_list(organisation, source, location=location, defaults=defaults, **more)


def contents():
    """Everything that an import may write, row by row, but for when a list was read."""
    db.session.rollback()
    kept = {}
    for model in TABLES:
        columns = [column for column in model.__table__.columns if column.name != "last_read_at"]
        kept[model.__tablename__] = sorted(map(repr, db.session.execute(select(*columns))))
    return kept


def meetings(organisation):
    db.session.rollback()
    return db.session.scalars(
        select(Meeting).where(Meeting.organisation_id == organisation.id).order_by(Meeting.source_key)
    ).all()
