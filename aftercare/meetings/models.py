"""Meetings, their dates, who asked for a seat, and where lists were imported from."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation

WALL = DateTime(timezone=False)
CHANGED = text("hear_by IS NOT NULL")
TIMELESS = text("start_local IS NULL")


class Place(Tenant, Model):
    """Where people meet."""

    __tablename__ = "places"

    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    is_approximate: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(default="")

    __table_args__ = (of_organisation(), Index(None, "organisation_id", "name"))


class Meeting(Tenant, Model):
    """A series: local wall time, zone and rule. A programme meeting may have members, seats and a roll; a fellowship
    meeting is a listing only (product.md 2): whatever hangs on a person refers to (meeting, kind), kind `programme`.
    """

    __tablename__ = "meetings"

    lineage_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    name: Mapped[str]
    discreet_title: Mapped[str] = mapped_column(default="")
    fellowship: Mapped[str] = mapped_column(default="")
    group_name: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    attendance: Mapped[str] = mapped_column(default="in_person")
    is_open: Mapped[bool | None] = mapped_column(default=None)
    place_id: Mapped[uuid.UUID | None]
    place_detail: Mapped[str] = mapped_column(default="")
    join_url: Mapped[str] = mapped_column(default="")
    join_phone: Mapped[str] = mapped_column(default="")
    join_notes: Mapped[str] = mapped_column(default="")
    is_join_withheld: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str]
    start_local: Mapped[datetime | None] = mapped_column(WALL)
    minutes: Mapped[int | None]
    rule: Mapped[str | None]
    capacity: Mapped[int | None]
    closes_minutes_before: Mapped[int | None]
    listed: Mapped[bool] = mapped_column(default=True)
    horizon_until: Mapped[date | None]
    sequence: Mapped[int] = mapped_column(default=0)
    source_id: Mapped[uuid.UUID | None]
    source_key: Mapped[str | None]
    fingerprint: Mapped[str] = mapped_column(default="")
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    holidays: Mapped[str] = mapped_column(default="")
    days_off: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone_data: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(default="")
    local_edits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    vanished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    verified_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        of_organisation(),
        belongs_to("places", "place_id"),
        belongs_to("meeting_sources", "source_id"),
        UniqueConstraint("organisation_id", "id", "kind"),
        UniqueConstraint("organisation_id", "source_id", "source_key"),
        Index(None, "organisation_id", "kind", "ended_at"),
        Index(None, "organisation_id", "horizon_until"),
        Index(None, "organisation_id", "zone_data"),
        Index(None, "organisation_id", "place_id"),
        Index("ix_meetings_by_appointment", "organisation_id", "id", sqlite_where=TIMELESS, postgresql_where=TIMELESS),
        CheckConstraint("kind IN ('programme', 'fellowship')", name="kind"),
        CheckConstraint("attendance IN ('in_person', 'online', 'hybrid', 'inactive')", name="attendance"),
        CheckConstraint("kind = 'programme' OR capacity IS NULL", name="fellowship_has_no_seats"),
        CheckConstraint("kind = 'programme' OR closes_minutes_before IS NULL", name="fellowship_takes_no_replies"),
        CheckConstraint("kind = 'fellowship' OR source_id IS NULL", name="programme_is_never_imported"),
        CheckConstraint("kind = 'fellowship' OR start_local IS NOT NULL", name="programme_has_a_time"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
        CheckConstraint("minutes IS NULL OR (minutes >= 1 AND minutes <= 1440)", name="minutes"),
    )

    @property
    def hides_join(self) -> bool:
        """Tell whether strangers may not know how to join: in a group that is not open sit patients."""
        return self.is_join_withheld or (self.kind == "programme" and self.is_open is not True)

    def tells_join(self, answer: str | None) -> bool:
        """Tell whether who answered so for a date, in the organisation, may know how to join it."""
        return not self.is_join_withheld or answer == "going"


class MeetingType(Model):
    """A type of a meeting: codes mean different things in different fellowships, so both are kept."""

    __tablename__ = "meeting_types"

    organisation_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    fellowship: Mapped[str]
    code: Mapped[str]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "meeting_id", "fellowship", "code"),
        belongs_to("meetings", "meeting_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "code", "meeting_id"),
    )


class Facilitator(Model):
    """Who leads a programme meeting."""

    __tablename__ = "facilitators"

    organisation_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(default="programme")
    person_id: Mapped[uuid.UUID]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "meeting_id", "person_id"),
        ForeignKeyConstraint(
            ["organisation_id", "meeting_id", "kind"], ["meetings.organisation_id", "meetings.id", "meetings.kind"]
        ),
        belongs_to("people", "person_id"),
        Index(None, "organisation_id", "person_id"),
        CheckConstraint("kind = 'programme'", name="programme_only"),
    )


class Member(Model):
    """Somebody who belongs to a programme meeting and is expected unless they decline."""

    __tablename__ = "members"

    organisation_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(default="programme")
    person_id: Mapped[uuid.UUID]
    since: Mapped[date]
    until: Mapped[date | None]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "meeting_id", "person_id", "since"),
        ForeignKeyConstraint(
            ["organisation_id", "meeting_id", "kind"], ["meetings.organisation_id", "meetings.id", "meetings.kind"]
        ),
        belongs_to("people", "person_id"),
        Index(None, "organisation_id", "person_id"),
        CheckConstraint("kind = 'programme'", name="programme_only"),
    )


class Occurrence(Tenant, Model):
    """One date of a programme meeting. `slot_local`, the wall time the rule gave, is its identity for ever (None: no
    rule gave it); `start_local` differs from it once it was moved. `roll` is open, held (the host said so) or final.
    `hear_by`: when those affected must have heard of its last change, because they would come else. `is_called_off`:
    somebody cancelled it by hand, whatever its rule says. `added_local`: where an extra date was put at first.
    `placed_in`: the sequence with which it was last put elsewhere: what was said of it before names another place.
    """

    __tablename__ = "occurrences"

    meeting_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(default="programme")
    slot_local: Mapped[datetime | None] = mapped_column(WALL)
    occurs_on: Mapped[date]
    start_local: Mapped[datetime] = mapped_column(WALL)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(default="scheduled")
    capacity: Mapped[int | None]
    closes_minutes_before: Mapped[int | None]
    place_id: Mapped[uuid.UUID | None]
    roll: Mapped[str] = mapped_column(default="open")
    roll_final_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sequence: Mapped[int] = mapped_column(default=0)
    hear_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(default="")
    closure_id: Mapped[uuid.UUID | None]
    is_called_off: Mapped[bool] = mapped_column(default=False)
    added_local: Mapped[datetime | None] = mapped_column(WALL)
    placed_in: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        of_organisation(),
        ForeignKeyConstraint(
            ["organisation_id", "meeting_id", "kind"], ["meetings.organisation_id", "meetings.id", "meetings.kind"]
        ),
        belongs_to("places", "place_id"),
        UniqueConstraint("organisation_id", "meeting_id", "slot_local"),
        UniqueConstraint("organisation_id", "id", "occurs_on"),
        Index(None, "organisation_id", "starts_at"),
        Index(None, "organisation_id", "roll", "ends_at"),
        Index("ix_occurrences_changed", "hear_by", sqlite_where=CHANGED, postgresql_where=CHANGED),
        CheckConstraint("kind = 'programme'", name="programme_only"),
        CheckConstraint("status IN ('scheduled', 'moved', 'cancelled', 'held')", name="status"),
        CheckConstraint("roll IN ('open', 'held', 'final')", name="roll"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
    )


class Rsvp(Model):
    """One person's answer for one date (product.md 3). `position` is the order of arrival in the waitlist;
    `voided_from` is what the answer was when the host cancelled the date.
    """

    __tablename__ = "rsvps"

    organisation_id: Mapped[uuid.UUID]
    occurrence_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    occurs_on: Mapped[date]
    status: Mapped[str]
    voided_from: Mapped[str | None]
    position: Mapped[int | None]
    offered_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_demoted: Mapped[bool] = mapped_column(default=False)
    is_late_cancel: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_via: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    on_the_way_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "occurrence_id", "person_id"),
        ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
        ),
        belongs_to("people", "person_id"),
        Index(None, "organisation_id", "person_id", "occurs_on"),
        Index(None, "organisation_id", "status", "offered_until"),
        CheckConstraint(
            "status IN ('maybe', 'going', 'waitlisted', 'offered', 'declined', 'cancelled', 'void')", name="status"
        ),
        CheckConstraint("voided_from IS NULL OR status = 'void'", name="voided_from"),
        CheckConstraint("status <> 'waitlisted' OR position IS NOT NULL", name="waitlisted_has_a_position"),
        CheckConstraint("(status = 'offered') = (offered_until IS NOT NULL)", name="offered_has_an_end"),
        CheckConstraint("confirmed_via IS NULL OR confirmed_via IN ('sms', 'link', 'web', 'staff')", name="via"),
    )
