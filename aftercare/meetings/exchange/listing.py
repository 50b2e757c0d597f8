"""One meeting as a foreign list tells it, read and put straight: the shape between a feed and our database."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Literal

from aftercare.meetings.types import TypePair

Attendance = Literal["in_person", "online", "hybrid", "inactive"]
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class FeedDefaults:
    """What the person importing says about a whole list, because its rows do not."""

    fellowship: str = "aa"
    zone: str | None = None
    keep_contacts: bool = False
    keep_edit_links: bool = False
    # What the keys of formats mean on a BMLT server: its answer to GetFormats, where it is given beside the list.
    formats: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Place:
    """Where people meet; `approximate` means that only the town is known. `region` goes from large to small."""

    name: str | None = None
    address: str | None = None
    region: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    approximate: bool = False
    notes: str | None = None


@dataclass(frozen=True)
class Call:
    """How to join from afar. A passcode, where the list gives one, stands in the notes."""

    url: str | None = None
    url_notes: str | None = None
    phone: str | None = None
    phone_notes: str | None = None


@dataclass(frozen=True)
class Entity:
    """Who answers for the listing."""

    name: str
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    logo: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Contact:
    """A person named in the list; read only when asked for."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class SeventhTradition:
    """Where a group takes its collection."""

    venmo: str | None = None
    square: str | None = None
    paypal: str | None = None
    homegroup: str | None = None


@dataclass(frozen=True)
class Dates:
    """Which dates a meeting has that is not simply every week: the first, its RRULE (None: once), and those without."""

    first: date
    rule: str | None
    days_off: tuple[date, ...] = ()


@dataclass(frozen=True)
class Listing:
    """A meeting of a list. Weekdays are 0 (Monday) to 6; none, and no start, means by appointment.

    It is every week, unless `dates` says otherwise: only calendars do.
    `minutes` is None where the list does not say when the meeting ends. `zone` is None only where there is no start.
    """

    slug: str
    name: str
    fellowship: str
    weekdays: tuple[int, ...] = ()
    start: time | None = None
    minutes: int | None = None
    zone: str | None = None
    place: Place = Place()
    call: Call = Call()
    group: str | None = None
    group_notes: str | None = None
    notes: str | None = None
    types: tuple[TypePair, ...] = ()
    languages: tuple[str, ...] = ()
    attendance: Attendance = "in_person"
    is_open: bool | None = None
    url: str | None = None
    website: str | None = None
    feedback_url: str | None = None
    feedback_emails: tuple[str, ...] = ()
    entity: Entity | None = None
    seventh_tradition: SeventhTradition = SeventhTradition()
    contacts: tuple[Contact, ...] = ()
    edit_url: str | None = None
    updated: datetime | None = None
    dates: Dates | None = None

    @property
    def is_by_appointment(self) -> bool:
        """Say whether the meeting has no day and time of its own."""
        return self.start is None

    @cached_property
    def fingerprint(self) -> str:
        """Give a hash of the content that stays the same across runs and releases, for the diff of a refresh."""
        spoken = json.dumps(_said(self), default=str, sort_keys=True)
        return hashlib.blake2b(spoken.encode(), digest_size=16).hexdigest()


def _said(record: object) -> dict[str, object]:
    # What is not said is left out, so that a field we learn to read later changes no fingerprint of today. When a
    # row was last touched is no content: many lists touch every row every night.
    said: dict[str, object] = {}
    for name, value in vars(record).items():
        if value is None or value == () or name in ("updated", "fingerprint"):
            continue
        if isinstance(value, Place | Call | Entity | SeventhTradition | Dates):
            value = _said(value)
        elif name == "contacts":
            value = [_said(contact) for contact in value]
        if value != {}:
            said[name] = value
    return said
