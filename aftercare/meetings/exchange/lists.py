"""The lists of an organisation as its staff keep them: what there is of each, add one, send in a newer file."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, func, select

from aftercare.audit import trail
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings.exchange import importing, refresh, source, suggestions, waiting_lists
from aftercare.meetings.exchange.dialects import AUTO
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.models import ImportRun, MeetingSource, RuleSuggestion
from aftercare.meetings.models import Meeting
from aftercare.people.models import Organisation

LONGEST_NAME = 120
#: The worker reads lists one after the other: nobody's many may keep others waiting.
MOST_FOLLOWED = 50
TOO_MANY = "You follow 50 lists already. Stop one that you no longer need."


@dataclass(frozen=True)
class NewList:
    """What somebody says of a list that is to be added."""

    name: str = ""
    fellowship: str = "aa"
    zone: str | None = None
    dialect: str = AUTO

    @property
    def feed(self) -> FeedDefaults:
        """Give what counts where a row says nothing."""
        return FeedDefaults(fellowship=self.fellowship, zone=self.zone)


@dataclass(frozen=True)
class Kept:
    """A list, and what there is of it."""

    source: MeetingSource
    meetings: int
    waiting: uuid.UUID | None
    suggestions: int
    edited: int
    gone: int


@dataclass(frozen=True)
class Reading:
    """One reading of a list, without its rows."""

    id: uuid.UUID
    state: str
    at: datetime
    by: uuid.UUID | None
    undone_at: datetime | None
    undone_by: uuid.UUID | None
    counts: Mapping[str, int]


def every(organisation_id: uuid.UUID) -> list[Kept]:
    """Give the lists of an organisation, by name."""
    wanted = select(MeetingSource).where(MeetingSource.organisation_id == organisation_id)
    kept = db.session.scalars(wanted.order_by(MeetingSource.name, MeetingSource.location)).all()
    return _with_counts(organisation_id, kept)


def get(organisation_id: uuid.UUID, source_id: uuid.UUID) -> Kept:
    """Give a list; raise NotFound."""
    kept = db.session.get(MeetingSource, (organisation_id, source_id))
    if kept is None:
        raise NotFound("There is no such list.")
    return _with_counts(organisation_id, [kept])[0]


def get_called(organisation_id: uuid.UUID, said: str) -> Kept:
    """Give a list by its id, its name or where it comes from; raise NotFound."""
    for each in every(organisation_id):
        if said in (str(each.source.id), each.source.name, each.source.location, source.shown(each.source.location)):
            return each
    raise NotFound("There is no such list.")


def add_address(
    organisation_id: uuid.UUID, address: str, new: NewList, *, hours: int | None, by: uuid.UUID | None
) -> MeetingSource:
    """Follow a list of the web. The worker reads it soon, and what it holds waits for a look."""
    _check(new)
    _refuse_too_many(organisation_id)
    kept = _made(organisation_id, _checked(address), new)
    refresh.set_pace(kept, hours)
    refresh.read_soon(organisation_id, kept.id)
    _record("meetings.list_added", kept, by)
    return kept


def add_file(organisation: Organisation, content: bytes, new: NewList, *, by: uuid.UUID | None) -> ImportRun:
    """Take in a file that somebody sent, for somebody to look at; nothing comes in before they say so."""
    _check(new)
    if not new.name:
        raise Invalid("Give the list a name.", fields={"name": "Give the list a name."})
    kept = _made(organisation.id, source.UPLOADED + new.name, new)
    run = importing.look_ahead(
        organisation, content, location=kept.location, defaults=new.feed, dialect=new.dialect, by=by
    )
    assert run is not None  # a list of which nothing is kept brings something new, or was refused
    _record("meetings.list_added", kept, by)
    return run


def newer_file(
    organisation: Organisation, source_id: uuid.UUID, content: bytes, *, by: uuid.UUID | None
) -> ImportRun | None:
    """Take in a newer file of a list, for somebody to look at; None if it changes nothing."""
    kept = get(organisation.id, source_id).source
    return importing.look_ahead(organisation, content, location=kept.location, dialect=kept.format, by=by)


def stop(organisation_id: uuid.UUID, source_id: uuid.UUID, *, by: uuid.UUID | None) -> bool:
    """Read a list no more; one that brought no meeting is forgotten altogether. Say whether it was."""
    kept = refresh.read_every(organisation_id, source_id, None)
    brought = select(Meeting.id).where(Meeting.organisation_id == organisation_id, Meeting.source_id == source_id)
    _record("meetings.list_stopped", kept, by)
    if db.session.scalars(brought.limit(1)).first() is not None:
        kept.failure, kept.failures = None, 0
        return False
    db.session.execute(
        delete(MeetingSource).where(MeetingSource.organisation_id == organisation_id, MeetingSource.id == source_id)
    )
    return True


def readings(organisation_id: uuid.UUID, source_id: uuid.UUID, *, limit: int = 20) -> list[Reading]:
    """Give the last readings of a list that changed something or wait, newest first, without their rows."""
    wanted = select(
        ImportRun.id, ImportRun.state, ImportRun.at, ImportRun.by, ImportRun.undone_at, ImportRun.undone_by,
        ImportRun.report["counts"],
    ).where(ImportRun.organisation_id == organisation_id, ImportRun.source_id == source_id)  # fmt: skip
    newest_first = wanted.order_by(ImportRun.at.desc(), ImportRun.id.desc()).limit(limit)
    return [Reading(*row) for row in db.session.execute(newest_first)]


def gone(organisation_id: uuid.UUID, source_id: uuid.UUID, *, limit: int = 50) -> Sequence[Meeting]:
    """Give meetings that are no longer in their list, those that went last first. They keep their history."""
    wanted = select(Meeting).where(
        Meeting.organisation_id == organisation_id, Meeting.source_id == source_id, Meeting.vanished_at.is_not(None)
    )
    return db.session.scalars(wanted.order_by(Meeting.vanished_at.desc(), Meeting.source_key).limit(limit)).all()


def _checked(address: str) -> str:
    try:
        return source.checked_address(address)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, fields={"address": refusal.sentence}) from None


def _check(new: NewList) -> None:
    if len(new.name) > LONGEST_NAME:
        sentence = "Use at most 120 characters."
        raise Invalid(sentence, fields={"name": sentence})


def _made(organisation_id: uuid.UUID, location: str, new: NewList) -> MeetingSource:
    if importing.find_source(organisation_id, location) is not None:
        field = "name" if location.startswith(source.UPLOADED) else "address"
        sentence = "You have this list already. Open it to read it again, or to send in a newer file."
        raise Invalid(sentence, fields={field: sentence}, code="list_known")
    kept = importing.locked_source(organisation_id, location, new.feed, new.dialect)
    kept.name = new.name
    return kept


def _refuse_too_many(organisation_id: uuid.UUID) -> None:
    followed = select(func.count()).where(
        MeetingSource.organisation_id == organisation_id, MeetingSource.next_read_at.is_not(None)
    )
    if db.session.scalars(followed).one() >= MOST_FOLLOWED:
        raise Conflict(TOO_MANY, code="too_many_lists")


def _record(act: str, kept: MeetingSource, by: uuid.UUID | None) -> None:
    trail.record(act, organisation_id=kept.organisation_id, about="meeting_source", about_id=kept.id, actor_id=by)


def _with_counts(organisation_id: uuid.UUID, kept: Sequence[MeetingSource]) -> list[Kept]:
    counts = _counts(organisation_id, [each.id for each in kept])
    mine = select(Meeting.source_id, func.count()).join(RuleSuggestion, suggestions.IS_ITS)
    of_lists = mine.where(*suggestions.open_of(organisation_id)).group_by(Meeting.source_id)
    suggested = {row[0]: row[1] for row in db.session.execute(of_lists)}
    waits = {row[0]: row[1] for row in _waiting_runs(organisation_id)}
    return [
        Kept(each, live, waits.get(each.id), suggested.get(each.id, 0), edited, gone)
        for each in kept
        for live, gone, edited in [counts.get(each.id, (0, 0, 0))]
    ]


def _counts(organisation_id: uuid.UUID, source_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID | None, tuple[int, ...]]:
    """Count the meetings of lists: those in them, those in them no more, and those that staff changed."""
    parts = (
        Meeting.vanished_at.is_(None), Meeting.vanished_at.is_not(None), cast(Meeting.local_edits, String) != "{}",
    )  # fmt: skip
    wanted = select(Meeting.source_id, *(func.count().filter(part) for part in parts)).where(
        Meeting.organisation_id == organisation_id, Meeting.source_id.in_(source_ids)
    )
    return {row[0]: tuple(row[1:]) for row in db.session.execute(wanted.group_by(Meeting.source_id))}


def _waiting_runs(organisation_id: uuid.UUID) -> Sequence[Any]:
    return db.session.execute(select(ImportRun.source_id, ImportRun.id).where(*waiting_lists.of(organisation_id))).all()
