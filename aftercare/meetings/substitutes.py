"""Who leads a date: those who lead its meeting, or whoever stands in for one of them that day (product.md 2)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Invalid
from aftercare.meetings import aftermath, schedule
from aftercare.meetings.change_models import Substitute
from aftercare.meetings.models import Facilitator, Occurrence
from aftercare.people import access, accounts, initials

#: A substitute as the history keeps one: `person_id`, and `for` whom, if for anybody in particular.
Kept = dict[str, str]


@dataclass(frozen=True)
class Leader:
    """Somebody who leads a date, and whether only this one."""

    person_id: uuid.UUID
    name: str
    stands_in: bool


def stand_in(
    organisation_id: uuid.UUID,
    occurrence_id: uuid.UUID,
    person_id: uuid.UUID | None,
    *,
    instead_of: uuid.UUID | None = None,
    by: uuid.UUID | None,
) -> Occurrence:
    """Let somebody of the staff lead one date in another's stead (None: as always); nobody else does so beside them."""
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    aftermath.refuse_if_begun(occurrence, clock.now())
    if person_id is not None and not access.STAFF & accounts.roles_of(organisation_id, person_id):
        raise Invalid("Choose somebody of your staff.", fields={"person": "Choose somebody of your staff."})
    if instead_of is not None and instead_of not in {each.person_id for each in usual_leaders(occurrence)}:
        sentence = "Choose somebody who leads this meeting."
        raise Invalid(sentence, fields={"instead_of": sentence})
    before = _kept(occurrence)
    after = [] if person_id is None else [{"person_id": str(person_id), "for": str(instead_of) if instead_of else ""}]
    if before != after:
        put_substitutes(occurrence, after, by=by)
        aftermath.note(
            occurrence, "occurrence.substitute", by=by, before={"substitutes": before}, after={"substitutes": after}
        )
    return occurrence


def put_substitutes(occurrence: Occurrence, wanted: Sequence[Kept], *, by: uuid.UUID | None) -> None:
    """Let these people stand in at a date, and nobody else."""
    organisation_id, occurrence_id = occurrence.organisation_id, occurrence.id
    standing = delete(Substitute).where(
        Substitute.organisation_id == organisation_id, Substitute.occurrence_id == occurrence_id
    )
    db.session.execute(standing)
    db.session.add_all(_row(occurrence, each, by) for each in wanted)
    aftermath.stamp(occurrence, clock.now())
    aftermath.touch_calendars(occurrence)


def leaders(organisation_id: uuid.UUID, dates: Collection[Occurrence]) -> dict[uuid.UUID, list[Leader]]:
    """Say who leads each of several dates, in three queries."""
    standing = _substitutes(organisation_id, [date.id for date in dates])
    usual = _facilitators(organisation_id, {date.meeting_id for date in dates})
    ids = {row.person_id for rows in standing.values() for row in rows} | set().union(*usual.values())
    people = accounts.people_named(organisation_id, ids) if ids else {}
    names = {key: person.name for key, person in people.items()}
    return {date.id: _leaders(standing[date.id], usual[date.meeting_id], names) for date in dates}


def standing_in(
    organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID], *, after: datetime
) -> dict[uuid.UUID, str]:
    """Name who stands in at those dates of several meetings that end after a moment, as anybody may read it."""
    dates = select(Occurrence.id).where(
        Occurrence.organisation_id == organisation_id,
        Occurrence.meeting_id.in_(meeting_ids),
        Occurrence.ends_at > after,
    )
    wanted = select(Substitute.occurrence_id, Substitute.person_id).where(
        Substitute.organisation_id == organisation_id, Substitute.occurrence_id.in_(dates)
    )
    rows = db.session.execute(wanted.order_by(Substitute.person_id)).all()
    people = accounts.people_named(organisation_id, {row.person_id for row in rows}) if rows else {}
    found: dict[uuid.UUID, list[Leader]] = defaultdict(list)
    for occurrence_id, person_id in rows:
        name = people[person_id].name if person_id in people else ""
        found[occurrence_id].append(Leader(person_id, name, stands_in=True))
    return {key: first_names(leaders) for key, leaders in found.items()}


def usual_leaders(occurrence: Occurrence) -> list[Leader]:
    """Say who leads the meeting of a date otherwise."""
    ids = _facilitators(occurrence.organisation_id, [occurrence.meeting_id])[occurrence.meeting_id]
    people = accounts.people_named(occurrence.organisation_id, ids) if ids else {}
    return [Leader(each, people[each].name, stands_in=False) for each in ids if each in people]


def first_names(found: Sequence[Leader]) -> str:
    """Name who leads as anybody may read it: first name and last initial (product.md 7.10)."""
    return ", ".join(initials.public_name(each.name) for each in found)


def stands_in_at(occurrence: Occurrence, person_id: uuid.UUID) -> bool:
    """Tell whether somebody stands in at a date."""
    return db.session.get(Substitute, (occurrence.organisation_id, occurrence.id, person_id)) is not None


def _row(occurrence: Occurrence, wanted: Kept, by: uuid.UUID | None) -> Substitute:
    return Substitute(
        organisation_id=occurrence.organisation_id, occurrence_id=occurrence.id, occurs_on=occurrence.occurs_on,
        person_id=uuid.UUID(wanted["person_id"]), made_by=by, made_at=clock.now(),
        stands_in_for=uuid.UUID(wanted["for"]) if wanted["for"] else None,
    )  # fmt: skip


def _leaders(standing: Sequence[Substitute], usual: Sequence[uuid.UUID], names: dict[uuid.UUID, str]) -> list[Leader]:
    away = {row.stands_in_for for row in standing}
    # Who stands in for nobody in particular stands in for all.
    still = [] if None in away else [each for each in usual if each not in away]
    found = [Leader(row.person_id, names.get(row.person_id, ""), stands_in=True) for row in standing]
    return found + [Leader(each, names.get(each, ""), stands_in=False) for each in still]


def _kept(occurrence: Occurrence) -> list[Kept]:
    rows = _substitutes(occurrence.organisation_id, [occurrence.id])[occurrence.id]
    return [
        {"person_id": str(row.person_id), "for": str(row.stands_in_for) if row.stands_in_for else ""} for row in rows
    ]


def _substitutes(organisation_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Substitute]]:
    wanted = select(Substitute).where(Substitute.organisation_id == organisation_id, Substitute.occurrence_id.in_(ids))
    found: dict[uuid.UUID, list[Substitute]] = defaultdict(list)
    for row in db.session.scalars(wanted.order_by(Substitute.person_id)):
        found[row.occurrence_id].append(row)
    return found


def _facilitators(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    wanted = select(Facilitator.meeting_id, Facilitator.person_id).where(
        Facilitator.organisation_id == organisation_id, Facilitator.meeting_id.in_(meeting_ids)
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for meeting_id, person_id in db.session.execute(wanted.order_by(Facilitator.person_id)):
        found[meeting_id].append(person_id)
    return found
