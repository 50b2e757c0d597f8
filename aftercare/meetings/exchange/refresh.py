"""Read lists again and again, by themselves: when each is due, what came of it, and when to try again if it failed.

What is read for the first time, or because somebody asked, waits for a look; a list that is read every day comes in by
itself. Whatever fails is told in a sentence and tried again after growing pauses; the meetings stay as they were.
"""

import uuid
from datetime import timedelta

from sqlalchemy import select, update

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound, Refused
from aftercare.meetings.exchange import importing, runs, source
from aftercare.meetings.exchange.fetching import Fetched, Seen
from aftercare.meetings.exchange.models import MeetingSource
from aftercare.people import organisations

#: A worker that dies while it reads is not waited for longer than this.
LEASE = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
LEAST_HOURS, MOST_HOURS = 1, 24 * 31
OUR_FAULT = "Something went wrong on our side. It is tried again."


def read_due(organisation_id: uuid.UUID, source_id: uuid.UUID) -> None:
    """Read a list that is due, unless another worker does. Opens its own transactions; none while the site answers."""
    with transaction():
        claimed = _claim(organisation_id, source_id)
    if claimed is None:
        return
    location, dialect, seen = claimed
    try:
        fetched = source.read(location, dialect=dialect, seen=seen)
        with transaction():
            # Somebody may have removed the list while its site answered; then nobody waits for it.
            if kept := _find_locked(organisation_id, source_id):
                _bring_in(kept, fetched)
    except Refused as refusal:
        _tell_failure(organisation_id, source_id, refusal.sentence)
    except Exception:
        _tell_failure(organisation_id, source_id, OUR_FAULT)
        raise


def read_soon(organisation_id: uuid.UUID, source_id: uuid.UUID) -> MeetingSource:
    """Let the worker read a list as soon as it can, whole, whether or not it says that it has changed."""
    kept = _locked(organisation_id, source_id)
    if not source.can_be_read_again(kept.location):
        raise Invalid("This list was a file. Send in the newer file.", code="source_is_upload")
    kept.next_read_at, kept.etag, kept.last_modified = clock.now(), None, None
    runs.forget_dismissal(organisation_id, source_id)
    return kept


def read_every(organisation_id: uuid.UUID, source_id: uuid.UUID, hours: int | None) -> MeetingSource:
    """Let a list be read by itself every so many hours, or no more."""
    kept = _locked(organisation_id, source_id)
    set_pace(kept, hours)
    return kept


def set_pace(kept: MeetingSource, hours: int | None) -> None:
    """Say how often a list is read by itself; raise Invalid where it cannot be."""
    check_pace(kept.location, hours)
    kept.every_hours = hours
    kept.next_read_at = clock.now() + timedelta(hours=hours) if hours else None


def check_pace(location: str, hours: int | None) -> None:
    """Raise Invalid where a list cannot be read by itself so often, or not at all."""
    if hours is not None and not LEAST_HOURS <= hours <= MOST_HOURS:
        sentence = f"Choose between {LEAST_HOURS} and {MOST_HOURS} hours."
        raise Invalid(sentence, fields={"every_hours": sentence})
    if hours is not None and not source.can_be_read_again(location):
        sentence = "A list that is read by itself needs an https address, or the whole path of a file."
        raise Invalid(sentence, fields={"every_hours": sentence})
    if hours is not None and source.is_too_long_to_follow(location):
        sentence = "A list that is read by itself may have 64 MB; this file is larger."
        raise Invalid(sentence, fields={"every_hours": sentence})


def note_success(kept: MeetingSource, seen: Seen) -> None:
    """Note that a list was read, and when it is to be read again."""
    now = clock.now()
    kept.last_read_at, kept.failure, kept.failures = now, None, 0
    kept.etag, kept.last_modified = seen.etag, seen.last_modified
    kept.next_read_at = now + timedelta(hours=kept.every_hours) if kept.every_hours else None


def note_failure(kept: MeetingSource, sentence: str) -> None:
    """Note why a list could not be read, and try again after a pause that grows."""
    kept.failure, kept.failures = sentence, kept.failures + 1
    kept.next_read_at = clock.now() + pause(kept.failures, kept.every_hours)


def pause(failures: int, every_hours: int | None) -> timedelta:
    """Law: say how long to wait after so many failures in a row; never longer than until the next reading."""
    longest = min(timedelta(hours=every_hours), LONGEST_PAUSE) if every_hours else LONGEST_PAUSE
    wait: timedelta = FIRST_PAUSE * 2 ** min(failures - 1, 10)
    return min(wait, longest)


def _claim(organisation_id: uuid.UUID, source_id: uuid.UUID) -> tuple[str, str, Seen] | None:
    """Take a list that is due, so that no other worker reads it; None if one has."""
    now = clock.now()
    mine = update(MeetingSource).where(
        MeetingSource.organisation_id == organisation_id,
        MeetingSource.id == source_id,
        MeetingSource.next_read_at <= now,
    )
    taken = mine.values(next_read_at=now + LEASE).returning(
        MeetingSource.location, MeetingSource.format, MeetingSource.etag, MeetingSource.last_modified
    )
    row = db.session.execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    return None if row is None else (row[0], row[1], Seen(row[2], row[3]))


def _tell_failure(organisation_id: uuid.UUID, source_id: uuid.UUID, sentence: str) -> None:
    with transaction():
        if kept := _find_locked(organisation_id, source_id):
            note_failure(kept, sentence)


def _locked(organisation_id: uuid.UUID, source_id: uuid.UUID) -> MeetingSource:
    kept = _find_locked(organisation_id, source_id)
    if kept is None:
        raise NotFound("There is no such list.")
    return kept


def _find_locked(organisation_id: uuid.UUID, source_id: uuid.UUID) -> MeetingSource | None:
    wanted = select(MeetingSource).where(
        MeetingSource.organisation_id == organisation_id, MeetingSource.id == source_id
    )
    return db.session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}).one_or_none()


def _bring_in(kept: MeetingSource, fetched: Fetched) -> None:
    if fetched.content is not None:
        _take_in(kept, fetched.content)
    note_success(kept, fetched.seen)


def _take_in(kept: MeetingSource, content: bytes) -> None:
    waits_for_a_look = kept.every_hours is None or runs.newest_done(kept.organisation_id, kept.id) is None
    if waits_for_a_look and runs.was_dismissed(kept, content):
        return
    organisation = organisations.get_organisation(kept.organisation_id)
    bring_in = importing.look_ahead if waits_for_a_look else importing.import_list
    feed = importing.defaults_of(kept)
    bring_in(organisation, content, location=kept.location, defaults=feed, dialect=kept.format)
