"""The public feeds as they are asked for: found by id or short name, and kept while nothing changes."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from aftercare.calendars import bodies, public, words
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import PublicBody
from aftercare.core.db import db
from aftercare.meetings.models import Meeting, Place
from aftercare.people.models import DirectoryEntry, Organisation


@dataclass(frozen=True)
class MeetingBoard:
    """One listed meeting, as one read finds it."""

    meeting: Meeting
    place: Place | None
    language: words.Language
    label: Label


@dataclass(frozen=True)
class OrganisationBoard:
    """An organisation and the label of its kept feed, as one read finds them."""

    organisation_id: uuid.UUID
    version: str
    kept: Label | None


def find_meeting(meeting_id: uuid.UUID) -> MeetingBoard | None:
    """Find a meeting that anybody may see, ended ones included: their feed must be empty, not missing."""
    wanted = (
        select(Meeting, Place, Organisation)
        .select_from(DirectoryEntry)
        .join(
            Meeting,
            (Meeting.organisation_id == DirectoryEntry.organisation_id) & (Meeting.id == DirectoryEntry.subject_id),
        )
        .join(Organisation, Organisation.id == Meeting.organisation_id)
        .outerjoin(Place, (Place.organisation_id == Meeting.organisation_id) & (Place.id == Meeting.place_id))
        .where(DirectoryEntry.purpose == "meeting", DirectoryEntry.key == meeting_id.bytes, Meeting.listed.is_(True))
    )
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        return None
    meeting, place, organisation = row
    tag = public.tag_of_meeting(meeting, organisation)
    label = Label(version=tag, tag=tag, changed_at=public.last_change(meeting))
    return MeetingBoard(meeting, place, words.language_of(organisation.language), label)


def write_meeting(found: MeetingBoard) -> Body:
    """Write a meeting's feed; it is small, so it is not kept."""
    feed = public.write_meeting(found.meeting, found.place, language=found.language)
    return bodies.unchanged_since(found.label.changed_at, feed, tag=found.label.tag)


def find_organisation(slug: str) -> OrganisationBoard | None:
    """Find an organisation by its short name."""
    wanted = (
        select(
            Organisation.id, Organisation.calendar_version, Organisation.zone, Organisation.language,
            PublicBody.version, PublicBody.tag, PublicBody.changed_at,
        )
        .outerjoin(PublicBody, PublicBody.organisation_id == Organisation.id)
        .where(Organisation.slug == slug.lower())
    )  # fmt: skip
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        return None
    return OrganisationBoard(
        organisation_id=row.id,
        version=public.version_of_organisation(row.calendar_version, row.zone, row.language),
        kept=Label(row.version, row.tag, row.changed_at) if row.tag else None,
    )


def newest_of_organisation(found: OrganisationBoard) -> Label | Body:
    """Give the organisation's feed: the label of what is kept if nothing has changed since, else the body anew."""
    if found.kept and found.kept.version == found.version:
        return found.kept
    organisation = db.session.get_one(Organisation, found.organisation_id)
    feed = public.write_organisation(organisation)
    label, body = bodies.packed(feed, version=found.version, before=found.kept)
    bodies.keep(PublicBody, label, body, when=lambda: True, organisation_id=found.organisation_id)
    return body


def kept_of_organisation(found: OrganisationBoard) -> Body | None:
    """Read the body that is kept."""
    kept = db.session.get(PublicBody, found.organisation_id)
    return Body(kept.tag, kept.changed_at, kept.body) if kept else None
