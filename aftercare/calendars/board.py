"""The public feeds as they are asked for: found by id or short name, and kept while nothing changes."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from aftercare.calendars import bodies, public
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import PublicBody
from aftercare.core.db import db
from aftercare.meetings import schedule
from aftercare.meetings.models import Meeting
from aftercare.people import organisations
from aftercare.people.models import DirectoryEntry, Organisation


@dataclass(frozen=True)
class Board:
    """A public feed as one read finds it: whose and what it is, the version it should have, and what is kept of it."""

    organisation_id: uuid.UUID
    about: str
    version: str
    kept: Label | None
    zone: str

    @property
    def is_current(self) -> bool:
        """Tell whether what is kept is what would be written now."""
        return self.kept is not None and self.kept.version == self.version


KEPT = (PublicBody.version, PublicBody.tag, PublicBody.changed_at)
#: What is asked of the meeting whose id has the bytes `key`, and of the organisation whose short name is `key`.
WANTED_MEETING = (
    select(
        Meeting.organisation_id, Meeting.zone, *KEPT,
        Meeting.sequence, Meeting.updated_at, Meeting.ended_at, Organisation.language, Organisation.calendar_version,
    )
    .select_from(DirectoryEntry)
    .join(
        Meeting,
        (Meeting.organisation_id == DirectoryEntry.organisation_id) & (Meeting.id == DirectoryEntry.subject_id),
    )
    .join(Organisation, Organisation.id == Meeting.organisation_id)
    .outerjoin(
        PublicBody, (PublicBody.organisation_id == Meeting.organisation_id) & (PublicBody.about == bindparam("about"))
    )
    .where(DirectoryEntry.purpose == "meeting", DirectoryEntry.key == bindparam("key"), Meeting.listed.is_(True))
)  # fmt: skip
WANTED_ORGANISATION = (
    select(
        Organisation.id, Organisation.zone, *KEPT,
        Organisation.language, Organisation.calendar_version,
    )
    .outerjoin(PublicBody, (PublicBody.organisation_id == Organisation.id) & (PublicBody.about == bindparam("about")))
    .where(Organisation.slug == bindparam("key"))
)  # fmt: skip


def as_board(row: Sequence[Any], *, about: str) -> Board:
    """Read an answer to WANTED_MEETING or WANTED_ORGANISATION."""
    organisation_id, zone, version, tag, changed_at, *told = row
    kept = Label(version, tag, changed_at) if tag else None
    return Board(organisation_id, about, public.version_of(*told, zone=zone), kept, zone)


def find_meeting(meeting_id: uuid.UUID) -> Board | None:
    """Find the feed of a meeting that anybody may see, ended ones included: it must be empty, not missing."""
    return _find(WANTED_MEETING, meeting_id.bytes, about=str(meeting_id))


def find_organisation(slug: str, *, about: str = "") -> Board | None:
    """Find the feed of an organisation by its short name; or, `about` a search among its meetings, of that."""
    return _find(WANTED_ORGANISATION, slug.lower(), about=about)


def newest(found: Board, write: Callable[[], bytes], empty: Callable[[], bytes]) -> Label | Body:
    """Give a public feed: the label of what is kept if nothing has changed since, else the body anew."""
    if found.kept and found.is_current:
        return found.kept
    return bodies.renewed(
        PublicBody, write, version=found.version, before=found.kept, when=lambda: True, empty=empty,
        organisation_id=found.organisation_id, about=found.about,
    )  # fmt: skip


def newest_of_meeting(found: Board) -> Label | Body:
    """Give the feed of a meeting."""
    return newest(found, lambda: _write_meeting(found), lambda: public.write_empty(""))


def newest_of_organisation(found: Board) -> Label | Body:
    """Give the feed of an organisation."""
    organisation = organisations.get_organisation(found.organisation_id)
    return newest(found, lambda: public.write_organisation(organisation), lambda: public.write_empty(organisation.name))


def kept_body(found: Board) -> Body | None:
    """Read the body that is kept."""
    kept = db.session.get(PublicBody, (found.organisation_id, found.about))
    return Body(kept.tag, kept.changed_at, kept.body) if kept else None


def _write_meeting(found: Board) -> bytes:
    meeting = schedule.get_meeting(found.organisation_id, uuid.UUID(found.about))
    return public.write_meeting(meeting, organisations.get_organisation(found.organisation_id))


def _find(wanted: Any, key: bytes | str, *, about: str) -> Board | None:
    row = db.session.execute(wanted, {"key": key, "about": about}).one_or_none()
    return as_board(row, about=about) if row is not None else None
