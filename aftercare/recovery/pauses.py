"""Pauses: days that ask nothing of a patient."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.recovery.models import Pause

Key = tuple[uuid.UUID, uuid.UUID]


def of_people(keys: Collection[Key]) -> Mapping[Key, Sequence[Pause]]:
    """Give the pauses of people named by (organisation, person), in one query."""
    wanted = select(Pause).where(
        Pause.organisation_id.in_({organisation_id for organisation_id, _ in keys}),
        Pause.person_id.in_({person_id for _, person_id in keys}),
    )
    found: dict[Key, list[Pause]] = defaultdict(list)
    for pause in db.session.scalars(wanted):
        found[pause.organisation_id, pause.person_id].append(pause)
    return found
