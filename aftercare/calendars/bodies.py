"""Feeds as last written: kept until their version changes, so that nearly every request is answered by one read."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.calendars.models import FeedBody, PublicBody
from aftercare.core import clock, logs
from aftercare.core.db import abandon, db, insert_once, is_postgresql, transaction

SECOND = timedelta(seconds=1)
TAG_LENGTH = 32
Table = type[FeedBody] | type[PublicBody]
log = structlog.get_logger()


@dataclass(frozen=True)
class Label:
    """What is known of a body without reading it: its version, the tag of its bytes, when they last changed."""

    version: str
    tag: str
    changed_at: datetime


@dataclass(frozen=True)
class Body:
    """The bytes of a feed (gzip), their tag, and when they last changed."""

    tag: str
    changed_at: datetime
    zipped: bytes


def packed(feed: bytes, *, version: str, before: Label | None) -> tuple[Label, Body]:
    """Pack a feed that was just written; the same bytes keep their tag and their moment of change."""
    tag = _tag(feed)
    changed_at = before.changed_at if before and before.tag == tag else _moment_after(before)
    return Label(version, tag, changed_at), unchanged_since(changed_at, feed)


def unchanged_since(moment: datetime, feed: bytes, *, tag: str | None = None) -> Body:
    """Pack a feed of which it is known when it last changed, and perhaps by which tag it goes."""
    return Body(tag or _tag(feed), moment, gzip.compress(feed, mtime=0))


def renewed(
    table: Table, write: Callable[[], bytes], *, version: str, before: Label | None, when: Callable[[], bool],
    empty: Callable[[], bytes], **key: Any,
) -> Body:  # fmt: skip
    """Write a feed and keep it, if `when` still says so; if it cannot be written, give the last one, or an empty one.

    An error would make calendar programs switch the calendar off (calendars.md, "Serve").
    """
    try:
        feed = write()
    except Exception as trouble:  # whatever it is, the dates on the phone must not suffer
        log.error("feed_not_written", kind=type(trouble).__name__, where=logs.where(trouble), **_ids(key))
        return _last_of(table, empty, when=when, **key)
    label, body = packed(feed, version=version, before=before)
    keep(table, label, body, when=when, **key)
    return body


def keep(table: Table, label: Label, body: Body, *, when: Callable[[], bool], **key: Any) -> None:
    """Keep a body in a transaction of its own, if `when` still says so inside it.

    The request that asked only reads. What it read is let go first: on SQLite a read that turned into a write would
    die with `locked`.
    """
    abandon()
    with transaction():
        if not when():
            return
        values = _values(label, body) | {"failed_at": None}
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        statement = insert(table).values(**key, **values)
        db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def failing_since() -> tuple[int, datetime | None]:
    """Say how many feeds could not be written when they were last asked for, and since when."""
    found = [
        db.session.execute(select(func.count(), func.min(table.failed_at)).where(table.failed_at.is_not(None))).one()
        for table in (FeedBody, PublicBody)
    ]
    return sum(count for count, _ in found), min((since for _, since in found if since), default=None)


def _last_of(table: Table, empty: Callable[[], bytes], *, when: Callable[[], bool], **key: Any) -> Body:
    """Note that a feed could not be written, and give what was kept of it."""
    abandon()
    now = clock.now()
    nothing = unchanged_since(now.replace(microsecond=0), empty())
    is_this = [getattr(table, name) == value for name, value in key.items()]
    with transaction():
        if when():
            insert_once(table, **key, **_values(Label("", nothing.tag, nothing.changed_at), nothing), failed_at=now)
            db.session.execute(update(table).where(*is_this, table.failed_at.is_(None)).values(failed_at=now))
    kept = db.session.execute(select(table.tag, table.changed_at, table.body).where(*is_this)).one_or_none()
    return Body(*kept) if kept else nothing


def _values(label: Label, body: Body) -> dict[str, Any]:
    return {"version": label.version, "tag": body.tag, "changed_at": body.changed_at, "body": body.zipped}


def _ids(key: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in key.items()}


def _tag(feed: bytes) -> str:
    return hashlib.sha256(feed).hexdigest()[:TAG_LENGTH]


def _moment_after(before: Label | None) -> datetime:
    """Give the second of this change. No two changes share one: Last-Modified knows only seconds."""
    now = clock.now().replace(microsecond=0)
    return max(now, before.changed_at + SECOND) if before else now
