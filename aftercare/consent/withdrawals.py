"""How many people took back their agreement to texts: a figure, and nobody's name."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from aftercare.consent.models import TAKEN_BACK, ConsentEvent
from aftercare.core.db import db


def count(organisation_ids: Sequence[uuid.UUID], *, since: datetime) -> Mapping[uuid.UUID, int]:
    """Count, by organisation, who said since a moment that they want no more texts."""
    wanted = (
        select(ConsentEvent.organisation_id, func.count(ConsentEvent.person_id.distinct()))
        .where(ConsentEvent.organisation_id.in_(organisation_ids), TAKEN_BACK, ConsentEvent.at >= since)
        .group_by(ConsentEvent.organisation_id)
    )
    return dict(db.session.execute(wanted).all())
