"""How often somebody gave a wrong room code: five tries per person and date (product.md section 4)."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.attendance.models import CodeTry
from aftercare.core.db import db, is_postgresql
from aftercare.meetings.models import Occurrence
from aftercare.people.models import Person


def of_person(person: Person, occurrences: Sequence[Occurrence]) -> dict[uuid.UUID, int]:
    """Say how many wrong tries somebody has had at each of these dates. The caller holds the locks of the dates."""
    wanted = select(CodeTry.occurrence_id, CodeTry.tries).where(
        CodeTry.organisation_id == person.organisation_id,
        CodeTry.person_id == person.id,
        CodeTry.occurrence_id.in_([occurrence.id for occurrence in occurrences]),
    )
    tried = {row[0]: row[1] for row in db.session.execute(wanted)}
    return {occurrence.id: tried.get(occurrence.id, 0) for occurrence in occurrences}


def count(person: Person, occurrences: Sequence[Occurrence]) -> None:
    """Count one more wrong try at each of these dates."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    rows = [
        {
            "organisation_id": occurrence.organisation_id,
            "occurrence_id": occurrence.id,
            "person_id": person.id,
            "tries": 1,
        }
        for occurrence in occurrences
    ]
    statement = insert(CodeTry).on_conflict_do_update(
        index_elements=["organisation_id", "occurrence_id", "person_id"], set_={"tries": CodeTry.tries + 1}
    )
    db.session.execute(statement, rows)
