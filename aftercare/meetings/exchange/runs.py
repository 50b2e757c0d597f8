"""Readings of a list that changed something, or wait for somebody's word: keep them, throw them away, undo them."""

import hashlib
import json
import uuid
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings import closed, local_edits
from aftercare.meetings.exchange import import_rows
from aftercare.meetings.exchange.import_report import Report
from aftercare.meetings.exchange.merging import MOMENTS, chunks
from aftercare.meetings.exchange.models import ImportRun, ImportStep, MeetingSource
from aftercare.meetings.local_edits import FIELD_OF, Said
from aftercare.meetings.models import Meeting
from aftercare.people import organisations

KEPT = timedelta(days=90)
#: The parts of a report that say what becomes of the meetings.
COMES_TO = ("counts", "changes")
#: Of a list that somebody threw away stays what its bytes come to, beside its report.
DISMISSED = "dismissed"


def begin(source: MeetingSource, *, by: uuid.UUID | None) -> ImportRun:
    """Begin a reading, in the same transaction as its steps."""
    run = ImportRun(organisation_id=source.organisation_id, source_id=source.id, by=by, at=clock.now(), body=None)
    db.session.add(run)
    db.session.flush()
    return run


def finish(run: ImportRun, report: Report) -> None:
    """Keep what a reading came to. What waited is out of date, and steps of long ago can be undone no more."""
    run.state, run.at, run.report, run.body = "done", clock.now(), report.document(), None
    db.session.flush()
    _drop_waiting(run.organisation_id, run.source_id, but=run.id)
    old = delete(ImportRun).where(
        ImportRun.organisation_id == run.organisation_id,
        ImportRun.source_id == run.source_id,
        ImportRun.at < run.at - KEPT,
    )
    db.session.execute(old, execution_options={"synchronize_session": False})


def hold(
    source: MeetingSource, report: Report, body: bytes, *, by: uuid.UUID | None, is_asked_for: bool = False
) -> ImportRun:
    """Keep a list and what it would come to, until somebody says the word; an earlier one that waits is out of date.

    What was thrown away does not wait again while it comes to the same, unless somebody asked for it.
    """
    if not is_asked_for and (settled := _find_alike(source, report)):
        return settled
    _drop_waiting(source.organisation_id, source.id)
    run = begin(source, by=by)
    run.state, run.report, run.body = "waiting", report.document(), zlib.compress(body)
    db.session.flush()
    return run


def show_anew(run: ImportRun, report: Report) -> None:
    """Keep what a list that waits comes to by now."""
    run.report = report.document()
    db.session.flush()


def mark(report: dict[str, Any]) -> str:
    """Law: name what a report says becomes of the meetings, so that nobody says yes to what was not shown."""
    said = json.dumps([report.get(part) for part in COMES_TO], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def dismiss(organisation_id: uuid.UUID, run_id: uuid.UUID, *, by: uuid.UUID | None) -> ImportRun:
    """Throw away what waits; the meetings stay as they are."""
    run = locked_waiting(organisation_id, run_id)
    run.report = run.report | {DISMISSED: _digest(body_of(run))}
    run.state, run.body, run.undone_at, run.undone_by = "refused", None, clock.now(), by
    db.session.flush()
    _leave_trace("meetings.import_dismissed", run, by)
    return run


def was_dismissed(source: MeetingSource, content: bytes) -> bool:
    """Say whether these very bytes were thrown away the last time, so that nobody is asked about them again."""
    newest = of_source(source.organisation_id, source.id, limit=1)
    return bool(newest) and newest[0].report.get(DISMISSED) == _digest(content)


def forget_dismissal(organisation_id: uuid.UUID, source_id: uuid.UUID) -> None:
    """Let what was thrown away be shown again, because somebody asks for it."""
    for run in of_source(organisation_id, source_id, limit=1):
        run.report = {part: said for part, said in run.report.items() if part != DISMISSED}


def undo(organisation_id: uuid.UUID, run_id: uuid.UUID, *, by: uuid.UUID | None) -> ImportRun:
    """Put everything back as it was before a reading; the list is read no more by itself, or all would come again."""
    # First the list, as a reading does: one that is on its way is waited for, and seen.
    source = _locked_list(organisation_id, get(organisation_id, run_id).source_id)
    run = _locked(organisation_id, run_id)
    if run.state != "done":
        raise Conflict("This was undone already, or it never came in.", code="not_done")
    newest = newest_done(organisation_id, run.source_id)
    if newest is None or newest.id != run.id:
        raise Conflict("The list was read again since then. Undo that first.", code="not_newest")
    closed.hold(organisation_id)
    for steps in chunks(_steps(run)):
        _put_back(organisation_id, steps)
    run.state, run.undone_at, run.undone_by = "undone", clock.now(), by
    source.every_hours = source.next_read_at = source.etag = source.last_modified = None
    db.session.flush()
    _drop_waiting(organisation_id, run.source_id)
    organisations.touch_public_calendar(organisation_id)
    trail.record(
        "meetings.import_undone", organisation_id=organisation_id, about="meeting_source", about_id=run.source_id,
        actor_id=by, run=str(run.id),
    )  # fmt: skip
    return run


def of_source(organisation_id: uuid.UUID, source_id: uuid.UUID, *, limit: int = 20) -> Sequence[ImportRun]:
    """Give the last readings of a list, newest first."""
    wanted = select(ImportRun).where(ImportRun.organisation_id == organisation_id, ImportRun.source_id == source_id)
    return db.session.scalars(wanted.order_by(ImportRun.at.desc(), ImportRun.id.desc()).limit(limit)).all()


def newest_done(organisation_id: uuid.UUID, source_id: uuid.UUID) -> ImportRun | None:
    """Find the reading of a list that can be undone."""
    wanted = select(ImportRun).where(
        ImportRun.organisation_id == organisation_id, ImportRun.source_id == source_id, ImportRun.state == "done"
    )
    return db.session.scalars(wanted.order_by(ImportRun.at.desc(), ImportRun.id.desc()).limit(1)).one_or_none()


def find_waiting(organisation_id: uuid.UUID, source_id: uuid.UUID) -> ImportRun | None:
    """Find what waits for somebody's word."""
    wanted = select(ImportRun).where(
        ImportRun.organisation_id == organisation_id, ImportRun.source_id == source_id, ImportRun.state == "waiting"
    )
    return db.session.scalars(wanted).one_or_none()


def get(organisation_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    """Give a reading of a list; raise NotFound."""
    run = db.session.get(ImportRun, (organisation_id, run_id))
    if run is None:
        raise NotFound("There is no such reading of a list.")
    return run


def locked_waiting(organisation_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    """Give what waits, with nobody else settling it; raise Conflict if it waits no longer."""
    run = _locked(organisation_id, run_id)
    if run.state != "waiting":
        raise Conflict("This waits no longer: somebody has settled it, or the list was read again.", code="not_waiting")
    return run


def body_of(run: ImportRun) -> bytes:
    """Give the list that waits, as it was shown."""
    return zlib.decompress(run.body or b"")


def _locked(organisation_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    wanted = select(ImportRun).where(ImportRun.organisation_id == organisation_id, ImportRun.id == run_id)
    run = db.session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}).one_or_none()
    if run is None:
        raise NotFound("There is no such reading of a list.")
    return run


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _leave_trace(act: str, run: ImportRun, by: uuid.UUID | None) -> None:
    trail.record(
        act, organisation_id=run.organisation_id, about="meeting_source", about_id=run.source_id, actor_id=by,
        run=str(run.id),
    )  # fmt: skip


def _locked_list(organisation_id: uuid.UUID, source_id: uuid.UUID) -> MeetingSource:
    key = (organisation_id, source_id)
    return db.session.get_one(MeetingSource, key, with_for_update=True, populate_existing=True)


def _find_alike(source: MeetingSource, report: Report) -> ImportRun | None:
    newest = of_source(source.organisation_id, source.id, limit=1)
    if not newest or mark(newest[0].report) != mark(report.document()):
        return None
    was_thrown_away = newest[0].state == "refused" and newest[0].undone_at is not None
    return newest[0] if was_thrown_away or newest[0].state == "waiting" else None


def _drop_waiting(organisation_id: uuid.UUID, source_id: uuid.UUID, *, but: uuid.UUID | None = None) -> None:
    waiting = find_waiting(organisation_id, source_id)
    if waiting is not None and waiting.id != but:
        waiting.state, waiting.body = "refused", None
        db.session.flush()


def _steps(run: ImportRun) -> Sequence[ImportStep]:
    wanted = select(ImportStep).where(ImportStep.organisation_id == run.organisation_id, ImportStep.run_id == run.id)
    return db.session.scalars(wanted.order_by(ImportStep.meeting_id)).all()


def _put_back(organisation_id: uuid.UUID, steps: Sequence[ImportStep]) -> None:
    now = clock.now()
    import_rows.take_off(organisation_id, [step.meeting_id for step in steps if step.act == "new"], now=now)
    before = {step.meeting_id: step.before for step in steps if step.act != "new"}
    wanted = select(Meeting).where(Meeting.organisation_id == organisation_id, Meeting.id.in_(before))
    meetings = db.session.scalars(wanted, execution_options={"populate_existing": True}).all()
    for meeting in meetings:
        _put_meeting_back(meeting, before[meeting.id])
        meeting.sequence += 1
        meeting.updated_at = now
    db.session.flush()


def _put_meeting_back(meeting: Meeting, before: Said) -> None:
    for name in MOMENTS:
        setattr(meeting, name, _moment(before.get(name)))
    if "fingerprint" not in before:
        return
    for name in ("fellowship", "fingerprint", "extra"):
        setattr(meeting, name, before[name])
    says = {column: before[column] for column in FIELD_OF if column in before}
    edited = {column for field in meeting.local_edits for column in local_edits.FIELDS[field]}
    meeting.local_edits = local_edits.lists_words(says, meeting.local_edits)
    local_edits.put(meeting, local_edits.read({name: each for name, each in says.items() if name not in edited}))


def _moment(said: Any) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
