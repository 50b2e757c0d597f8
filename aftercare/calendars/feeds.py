"""Personal calendars, one secret address for each device: create, revoke, and give what they hold (product.md 7.9)."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select

from aftercare.audit import trail
from aftercare.calendars import bodies, personal, words
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import Feed, FeedBody
from aftercare.calendars.personal import Reader
from aftercare.core import clock, tokens
from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.people import directory
from aftercare.people.models import DirectoryEntry, Person

LEVELS = ("full", "discreet", "busy")
#: How many minutes before a date a device may ring.
ALARMS = (30, 120, 1440)
WHEN_TO_RING = "Choose when the device should remind you."
WHAT_TO_SHOW = "Choose what the calendar may show."
LONGEST_NAME = 40
MOST_FEEDS = 20
OFF_FOR = timedelta(days=90)
PURPOSE = "feed"
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Found:
    """What one read tells of the feed behind a secret."""

    feed_id: uuid.UUID
    reader: Reader
    calendar_version: int
    off_since: datetime | None
    kept: Label | None

    @property
    def today(self) -> date:
        """Say the day that it is for the reader."""
        return clock.today(self.reader.zone)

    @property
    def version(self) -> str:
        """Say all that the feed depends on: what happened to the person, the day, and how it is told."""
        told = (self.reader.level, self.reader.language, self.reader.alarm_minutes)
        return "/".join(map(str, (self.calendar_version, self.today, *told)))


#: What is asked of the secret whose hash is `key`, by one indexed read; `as_found` reads the answer.
WANTED = (
    select(
        Feed.organisation_id, Feed.id, Feed.person_id, Feed.level, Feed.alarm_minutes, Feed.revoked_at,
        Person.language, Person.zone, Person.calendar_version, Person.left_at,
        FeedBody.version, FeedBody.tag, FeedBody.changed_at,
    )
    .select_from(DirectoryEntry)
    .join(Feed, (Feed.organisation_id == DirectoryEntry.organisation_id) & (Feed.id == DirectoryEntry.subject_id))
    .join(Person, (Person.organisation_id == Feed.organisation_id) & (Person.id == Feed.person_id))
    .outerjoin(FeedBody, (FeedBody.organisation_id == Feed.organisation_id) & (FeedBody.feed_id == Feed.id))
    .where(DirectoryEntry.purpose == PURPOSE, DirectoryEntry.key == bindparam("key"))
)  # fmt: skip


def create(
    person: Person,
    *,
    name: str,
    level: str = "discreet",
    alarm_minutes: int | None = None,
    by: uuid.UUID | None = None,
) -> tuple[Feed, str]:
    """Make a calendar for one device of a person; give it with the secret of its address, which is never shown again.

    Raise Invalid if name, level or alarm cannot be, Conflict if the person has too many.
    """
    _check(person, name.strip(), level, alarm_minutes)
    feed = Feed(
        organisation_id=person.organisation_id, person_id=person.id, name=name.strip(), level=level,
        alarm_minutes=alarm_minutes,
    )  # fmt: skip
    secret = tokens.new_secret()
    keys = {"organisation_id": feed.organisation_id, "subject_id": feed.id}
    feed.key_hash = directory.enter_secret(PURPOSE, secret, **keys)
    db.session.add(feed)
    db.session.flush()
    _note(feed, "feed.created", by)
    return feed, secret


def revoke(
    organisation_id: uuid.UUID, feed_id: uuid.UUID, *, person_id: uuid.UUID, by: uuid.UUID | None = None
) -> Feed:
    """Turn a person's calendar off: it is empty for 90 days, then gone. Twice changes nothing."""
    feed = _get(organisation_id, feed_id, person_id)
    if feed.revoked_at is None:
        feed.revoked_at = clock.now()
        db.session.execute(delete(FeedBody).where(*_body_of(organisation_id, feed_id)))
        _note(feed, "feed.revoked", by)
    return feed


def set_alarm(
    organisation_id: uuid.UUID, feed_id: uuid.UUID, alarm_minutes: int | None, *, person_id: uuid.UUID
) -> Feed:
    """Let a device ring so long before each date, or not at all."""
    feed = _get(organisation_id, feed_id, person_id)
    _check_alarm(alarm_minutes)
    feed.alarm_minutes = alarm_minutes
    return feed


def set_level(
    organisation_id: uuid.UUID, feed_id: uuid.UUID, level: str, *, person_id: uuid.UUID, by: uuid.UUID | None = None
) -> Feed:
    """Let a calendar say more, or less; its phone takes the entries over by itself."""
    feed = _get(organisation_id, feed_id, person_id)
    if level not in LEVELS:
        raise Invalid(WHAT_TO_SHOW, fields={"level": WHAT_TO_SHOW})
    if feed.level != level:
        feed.level = level
        _note(feed, "feed.changed", by)
    return feed


def get(organisation_id: uuid.UUID, feed_id: uuid.UUID, *, person_id: uuid.UUID) -> Feed:
    """Give a calendar of a person that is on, locked; raise NotFound."""
    feed = _get(organisation_id, feed_id, person_id)
    if feed.revoked_at is not None:
        raise NotFound("There is no such calendar.")
    return feed


def of(person: Person) -> Sequence[Feed]:
    """Give the calendars that a person has turned on, oldest first."""
    return db.session.scalars(all_of(person).order_by(Feed.id)).all()


def all_of(person: Person) -> Select[Feed]:
    """Ask for the calendars that a person has turned on."""
    return select(Feed).where(*_turned_on(person))


def find(secret: str) -> Found | None:
    """Find the feed of a secret by one indexed read, or None."""
    key = key_of(secret)
    row = db.session.execute(WANTED, {"key": key}).one_or_none() if key else None
    return as_found(row) if row is not None else None


def key_of(secret: str) -> bytes | None:
    """Give the key by which a secret is looked up, or None if it cannot be one."""
    return digest(secret) if _SECRET.fullmatch(secret) else None


def as_found(row: Sequence[Any]) -> Found:
    """Read an answer to WANTED."""
    organisation_id, feed_id, person_id, level, alarm, revoked_at, language, zone, calendar_version, left_at = row[:10]
    version, tag, changed_at = row[10:13]
    return Found(
        feed_id=feed_id,
        reader=Reader(organisation_id, person_id, level, words.language_of(language), zone, alarm),
        calendar_version=calendar_version,
        off_since=revoked_at or left_at,
        kept=Label(version, tag, changed_at) if tag else None,
    )


def is_gone(found: Found) -> bool:
    """Say whether a calendar was turned off so long ago that no phone can still need to hear of it."""
    return found.off_since is not None and clock.now() >= found.off_since + OFF_FOR


def newest(found: Found) -> Label | Body:
    """Give what the feed holds now: the label of what is kept if nothing has changed since, else the body anew."""
    if found.off_since is not None:
        return bodies.unchanged_since(found.off_since, personal.write_off(found.reader.language))
    if found.kept and found.kept.version == found.version:
        return found.kept
    return bodies.renewed(
        FeedBody, lambda: personal.write(found.reader), version=found.version, before=found.kept,
        when=lambda: _note_read(found), empty=lambda: personal.write_empty(found.reader),
        organisation_id=found.reader.organisation_id, feed_id=found.feed_id,
    )  # fmt: skip


def kept_body(found: Found) -> Body | None:
    """Read the body that is kept, or None if it has just been dropped."""
    kept = db.session.get(FeedBody, (found.reader.organisation_id, found.feed_id))
    return Body(kept.tag, kept.changed_at, kept.body) if kept else None


def _get(organisation_id: uuid.UUID, feed_id: uuid.UUID, person_id: uuid.UUID) -> Feed:
    feed = db.session.get(Feed, (organisation_id, feed_id), with_for_update=True, populate_existing=True)
    if feed is None or feed.person_id != person_id:
        raise NotFound("There is no such calendar.")
    return feed


def _check_alarm(alarm_minutes: int | None) -> None:
    if alarm_minutes not in {None, *ALARMS}:
        raise Invalid(WHEN_TO_RING, fields={"alarm": WHEN_TO_RING})


def _check(person: Person, name: str, level: str, alarm_minutes: int | None) -> None:
    _check_alarm(alarm_minutes)
    wrong: dict[str, str] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = "Enter a short name for the device, like: my phone."
    if level not in LEVELS:
        wrong["level"] = WHAT_TO_SHOW
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    if db.session.scalars(select(func.count()).select_from(Feed).where(*_turned_on(person))).one() >= MOST_FEEDS:
        raise Conflict("You have as many calendars as we can keep. Turn one off first.", code="too_many_calendars")


def _note_read(found: Found) -> bool:
    """Note the day of the reading, once a day; say whether the feed is still there and turned on."""
    key = (found.reader.organisation_id, found.feed_id)
    feed = db.session.get(Feed, key, with_for_update=True, populate_existing=True)
    if feed is None or feed.revoked_at is not None:
        return False
    feed.last_read_on = found.today
    return True


def _turned_on(person: Person) -> tuple[ColumnElement[bool], ...]:
    return (
        Feed.organisation_id == person.organisation_id,
        Feed.person_id == person.id,
        Feed.revoked_at.is_(None),
    )


def _body_of(organisation_id: uuid.UUID, feed_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (FeedBody.organisation_id == organisation_id, FeedBody.feed_id == feed_id)


def _note(feed: Feed, act: str, by: uuid.UUID | None) -> None:
    trail.record(
        act, organisation_id=feed.organisation_id, about="feed", about_id=feed.id, person_id=feed.person_id,
        actor_id=by or feed.person_id, level=feed.level,
    )  # fmt: skip
