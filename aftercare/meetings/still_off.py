"""Dates that stay off though the text that told of them was taken back, because it told of another date as well."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings import members, series_notices
from aftercare.meetings.models import Occurrence
from aftercare.meetings.series_notices import News
from aftercare.messaging import outbox


def closed_with(occurrence: Occurrence, closure_id: uuid.UUID | None, now: datetime) -> Sequence[Occurrence]:
    """Give the other dates to come that a closure of a date keeps off."""
    if closure_id is None:
        return ()
    wanted = select(Occurrence).where(
        Occurrence.organisation_id == occurrence.organisation_id,
        Occurrence.closure_id == closure_id,
        Occurrence.status == "cancelled",
        Occurrence.starts_at > now,
        Occurrence.id != occurrence.id,
    )
    return db.session.scalars(wanted.order_by(Occurrence.starts_at, Occurrence.id)).all()


def news(dates: Sequence[Occurrence], unaware: Collection[uuid.UUID], now: datetime) -> list[outbox.Draft]:
    """Write to those whose text was taken back that these dates are off all the same."""
    if not (dates and unaware):
        return []
    ties = {date: members.affected(date, leaving_out=("declined", "cancelled")) for date in dates}
    told = [News(date, series_notices.OFF, date.starts_at, {*unaware} & {*people}) for date, people in ties.items()]
    return series_notices.written(told, now=now)
