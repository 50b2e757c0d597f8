"""Suggest a rule to staff where a note says that a weekly meeting is not weekly. Nothing is changed until they say so.

A sentence that staff have dismissed is not brought up again, however often the list is read.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.core import clock, ids
from aftercare.core.db import db, is_postgresql
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings import local_edits, schedule
from aftercare.meetings.exchange import hidden_rules
from aftercare.meetings.exchange.listing import Listing
from aftercare.meetings.exchange.models import RuleSuggestion
from aftercare.meetings.models import Meeting
from aftercare.meetings.recurrence import Pattern, normalised

LONGEST = 500


def note(organisation_id: uuid.UUID, listings: Sequence[tuple[uuid.UUID, Listing]]) -> None:
    """Keep what the notes of listings suggest, and forget what they no longer say, unless staff have settled it."""
    found = {meeting_id: said for meeting_id, listing in listings if (said := _sentence(listing))}
    stale = delete(RuleSuggestion).where(
        RuleSuggestion.organisation_id == organisation_id,
        RuleSuggestion.meeting_id.in_([meeting_id for meeting_id, _ in listings]),
        RuleSuggestion.state == "open",
        or_(
            RuleSuggestion.meeting_id.not_in(found),
            and_(RuleSuggestion.meeting_id.in_(found), RuleSuggestion.sentence.not_in(set(found.values()))),
        ),
    )
    db.session.execute(stale, execution_options={"synchronize_session": False})
    rows = [
        {
            "organisation_id": organisation_id, "id": ids.new(), "meeting_id": meeting_id, "found_at": clock.now(),
            "sentence": found[meeting_id], "rule": hidden_rules.read_rule(found[meeting_id], listing.weekdays),
        }
        for meeting_id, listing in listings if meeting_id in found
    ]  # fmt: skip
    if rows:
        make = postgresql.insert if is_postgresql() else sqlite.insert
        once = make(RuleSuggestion).on_conflict_do_nothing(index_elements=["organisation_id", "meeting_id", "sentence"])
        db.session.execute(once, rows)


def waiting(
    organisation_id: uuid.UUID, *, source_id: uuid.UUID | None = None, limit: int = 50
) -> list[tuple[RuleSuggestion, Meeting]]:
    """Give the suggestions that nobody has settled, oldest first, of meetings that are listed; of one list, or all."""
    of_list = [Meeting.source_id == source_id] if source_id else []
    wanted = (
        select(RuleSuggestion, Meeting)
        .join(Meeting, IS_ITS)
        .where(*open_of(organisation_id), *of_list)
        .order_by(RuleSuggestion.rule.is_(None), RuleSuggestion.found_at, RuleSuggestion.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def count(organisation_id: uuid.UUID) -> int:
    """Count the suggestions that nobody has settled."""
    wanted = select(func.count()).select_from(RuleSuggestion).join(Meeting, IS_ITS).where(*open_of(organisation_id))
    return int(db.session.scalar(wanted) or 0)


def take(organisation_id: uuid.UUID, suggestion_id: uuid.UUID, *, by: uuid.UUID | None) -> Meeting:
    """Let a meeting repeat as its note says, from now on, whatever its list says."""
    known = db.session.get(RuleSuggestion, (organisation_id, suggestion_id))
    if known is not None:
        # First the meeting, as a reading of its list does: neither waits for the other.
        schedule.lock_meeting(schedule.get_meeting(organisation_id, known.meeting_id))
    suggestion = _settled(organisation_id, suggestion_id, "taken", by)
    meeting = schedule.get_meeting(organisation_id, suggestion.meeting_id)
    if suggestion.rule is None or meeting.start_local is None:
        raise Conflict("This sentence holds no rule that we can read. Change the meeting by hand.", code="no_rule")
    pattern = Pattern(first=meeting.start_local, minutes=meeting.minutes or 60, rule=suggestion.rule, zone=meeting.zone)
    local_edits.change(meeting, {"rule": suggestion.rule, "start_local": normalised(pattern).first}, by=by)
    return meeting


def dismiss(organisation_id: uuid.UUID, suggestion_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Leave a meeting as it is, and never bring this sentence up again."""
    _settled(organisation_id, suggestion_id, "dismissed", by)


IS_ITS = and_(Meeting.organisation_id == RuleSuggestion.organisation_id, Meeting.id == RuleSuggestion.meeting_id)


def open_of(organisation_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Say which suggestions nobody has settled, of meetings that are listed."""
    return (
        RuleSuggestion.organisation_id == organisation_id,
        RuleSuggestion.state == "open",
        Meeting.ended_at.is_(None),
    )


def _settled(organisation_id: uuid.UUID, suggestion_id: uuid.UUID, state: str, by: uuid.UUID | None) -> RuleSuggestion:
    wanted = select(RuleSuggestion).where(
        RuleSuggestion.organisation_id == organisation_id, RuleSuggestion.id == suggestion_id
    )
    suggestion = db.session.scalars(
        wanted.with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if suggestion is None:
        raise NotFound("There is no such suggestion.")
    if suggestion.state != "open":
        raise Conflict("Somebody has settled this already.", code="settled")
    suggestion.state, suggestion.settled_at, suggestion.settled_by = state, clock.now(), by
    db.session.flush()
    return suggestion


def _sentence(listing: Listing) -> str | None:
    said = hidden_rules.find_rule(listing.notes) if listing.weekdays and listing.start else None
    return said[:LONGEST] if said else None
