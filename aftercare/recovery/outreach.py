"""What staff are asked to do: call somebody, answer a text, take a roll. Each is asked once, for ever (`once`)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from aftercare.attendance import roll
from aftercare.audit import trail
from aftercare.core import clock, ids
from aftercare.core.db import db, insert_once
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import schedule
from aftercare.recovery.models import UNATTENDED, OutreachTask

OUTCOMES = ("reached", "left_message", "no_answer", "not_needed", "done")
IN_TOUCH = ("reached", "left_message")
#: Kinds that are about the sending of texts: for whoever may see the queue.
OPERATIONS = ("worker_silent", "sender_paused", "texts_filtered")
Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Standing:
    """A task that is still to do, read once: its key, and what gave rise to it."""

    organisation_id: uuid.UUID
    id: uuid.UUID
    facts: Mapping[str, Any]


def open_task(
    organisation_id: uuid.UUID,
    kind: str,
    *,
    once: str,
    person_id: uuid.UUID | None = None,
    is_urgent: bool = False,
    due_at: datetime | None = None,
    **facts: str | int | bool,
) -> OutreachTask | None:
    """Ask staff to do something; None if that was asked before. Facts hold ids and states only, never a text."""
    now, task_id = clock.now(), ids.new()
    is_new = insert_once(
        OutreachTask, organisation_id=organisation_id, id=task_id, person_id=person_id, kind=kind, once=once,
        is_urgent=is_urgent, facts=facts, opened_at=now, due_at=due_at or now,
    )  # fmt: skip
    if not is_new:
        return None
    trail.record(
        "task.opened", organisation_id=organisation_id, about="task", about_id=task_id, person_id=person_id, kind=kind
    )
    return get_task(organisation_id, task_id)


def open_tasks(organisation_id: uuid.UUID, *, limit: int = 50, without: Sequence[str] = ()) -> Sequence[OutreachTask]:
    """Give what is still to do, but some kinds: urgent things first, people before rolls, then by when it is due."""
    wanted = (
        select(OutreachTask)
        .where(OutreachTask.organisation_id == organisation_id, OutreachTask.closed_at.is_(None))
        .where(OutreachTask.kind.not_in(without))
        .order_by(OutreachTask.is_urgent.desc(), OutreachTask.kind == "roll", OutreachTask.due_at, OutreachTask.id)
        .limit(limit)
    )
    return db.session.scalars(wanted).all()


def has_open(organisation_id: uuid.UUID, kind: str, *, person_id: uuid.UUID) -> bool:
    """Tell whether staff have been asked for something for a person, and have not done it yet."""
    wanted = select(OutreachTask.id).where(
        OutreachTask.organisation_id == organisation_id,
        OutreachTask.person_id == person_id,
        OutreachTask.kind == kind,
        OutreachTask.closed_at.is_(None),
    )
    return db.session.scalars(wanted.limit(1)).first() is not None


def open_operations(kind: str) -> Sequence[Standing]:
    """Give what is still to do about the sending of texts, in all organisations: for the worker alone."""
    columns = (OutreachTask.organisation_id, OutreachTask.id, OutreachTask.facts)
    return [Standing(*row) for row in db.session.execute(select(*columns).where(UNATTENDED, OutreachTask.kind == kind))]


def get_task(organisation_id: uuid.UUID, task_id: uuid.UUID) -> OutreachTask:
    """Give a task of an organisation; raise NotFound."""
    task = db.session.get(OutreachTask, (organisation_id, task_id))
    if task is None:
        raise NotFound("There is no such task.")
    return task


def close_task(organisation_id: uuid.UUID, task_id: uuid.UUID, *, by: uuid.UUID | None, outcome: str) -> OutreachTask:
    """Note that a task is done, and what came of it; closing it again changes nothing."""
    if outcome not in OUTCOMES:
        raise Invalid("Say what came of it.", fields={"outcome": "Say what came of it."})
    task = get_task(organisation_id, task_id)
    if task.closed_at is None:
        task.closed_at, task.closed_by, task.outcome = clock.now(), by, outcome
        db.session.flush()
        trail.record(
            "task.closed", organisation_id=organisation_id, about="task", about_id=task_id, person_id=task.person_id,
            actor_id=by, outcome=outcome,
        )  # fmt: skip
    return task


def who_was_reached(organisation_id: uuid.UUID, *, since: datetime) -> set[uuid.UUID]:
    """Tell with whom staff were in touch since a moment, as far as they noted it."""
    wanted = select(OutreachTask.person_id).where(
        OutreachTask.organisation_id == organisation_id,
        OutreachTask.closed_at >= since,
        OutreachTask.outcome.in_(IN_TOUCH),
    )
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


def who_was_asked_about(
    organisation_id: uuid.UUID, person_ids: Iterable[uuid.UUID], *, kind: str, since: datetime
) -> set[uuid.UUID]:
    """Tell for which of these people staff were asked for something since a moment, in one query."""
    wanted = select(OutreachTask.person_id).where(
        OutreachTask.organisation_id == organisation_id,
        OutreachTask.person_id.in_(list(person_ids)),
        OutreachTask.kind == kind,
        OutreachTask.opened_at >= since,
    )
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


def rolls_to_ask_for(*, limit: int = 500) -> Sequence[Key]:
    """Find dates of which nobody has said a word in 24 h, and nobody was asked: (organisation, date)."""
    found = roll.untold(limit=limit)
    wanted = select(OutreachTask.organisation_id, OutreachTask.once).where(
        OutreachTask.organisation_id.in_({organisation_id for organisation_id, _ in found}),
        OutreachTask.once.in_([_roll_name(occurrence_id) for _, occurrence_id in found]),
    )
    asked = {(row[0], row[1]) for row in db.session.execute(wanted)}
    return [key for key in found if (key[0], _roll_name(key[1])) not in asked]


def ask_for_roll(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> OutreachTask | None:
    """Ask staff for the roll of a date: until somebody says a word, nobody is known to have come or not."""
    occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
    return open_task(
        organisation_id,
        "roll",
        once=_roll_name(occurrence_id),
        occurrence_id=str(occurrence_id),
        meeting_id=str(occurrence.meeting_id),
    )


def close_answered_rolls(organisation_id: uuid.UUID) -> int:
    """Close the questions for rolls that have been taken meanwhile; say how many."""
    asked = [task for task in open_tasks(organisation_id, limit=500) if task.kind == "roll"]
    done = [task for task in asked if _roll_state(task) != "open"]
    for task in done:
        close_task(organisation_id, task.id, by=None, outcome="done")
    return len(done)


def with_roll_tasks() -> Sequence[tuple[uuid.UUID]]:
    """Find the organisations that have been asked for a roll and have not closed the question."""
    wanted = select(OutreachTask.organisation_id).where(OutreachTask.closed_at.is_(None), OutreachTask.kind == "roll")
    return [(organisation_id,) for organisation_id in db.session.scalars(wanted.distinct())]


def _roll_state(task: OutreachTask) -> str:
    return schedule.get_occurrence(task.organisation_id, uuid.UUID(task.facts["occurrence_id"])).roll


def _roll_name(occurrence_id: uuid.UUID) -> str:
    return f"roll:{occurrence_id}"
